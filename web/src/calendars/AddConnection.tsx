import { UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { Dialog } from "../account/parts/Dialog";
import { Notice } from "../account/parts/Notice";
import { useSubmit } from "../account/parts/useSubmit";
import { t } from "../lib/i18n";
import { ConnectAccount } from "./ConnectAccount";
import { ConnectIcs } from "./ConnectIcs";
import styles from "./calendars.module.css";
import { askConsent } from "./consent";
import { loadConnections, putConnection } from "./mine";
import { ProviderSign } from "./providers";
import type { CalendarConnection, PasswordProvider, Provider, ProviderOffer } from "./types";

interface Props {
  offers: ProviderOffer[];
  onConnected(connection: CalendarConnection): void;
}

const PASSWORDS: PasswordProvider[] = ["caldav", "exchange"];

/** The kinds of account that can be connected; why some cannot. */
export function AddConnection({ offers, onConnected }: Props) {
  const [asking, setAsking] = useState<Provider | null>(null);
  const [leaving, setLeaving] = useState<Provider | null>(null);
  const submit = useSubmit();
  const close = () => setAsking(null);

  const start = async (offer: ProviderOffer) => {
    submit.clear();
    if (!offer.oauth) {
      setAsking(offer.provider);
      return;
    }
    setLeaving(offer.provider);
    if (!(await submit.run(() => askConsent(offer.provider)))) setLeaving(null);
  };
  const connected = (connection: CalendarConnection) => {
    close();
    putConnection(connection);
    onConnected(connection);
    const name = t(`calendars.provider.${connection.provider}`);
    notifications.show({ message: t("calendars.connected", { name }), color: "spruce" });
    void loadConnections();
  };

  return (
    <>
      <ul className={styles.offers} aria-label={t("calendars.add")}>
        {offers.map((offer) => (
          <li key={offer.provider}>
            <Offer
              offer={offer}
              busy={leaving === offer.provider}
              onStart={() => void start(offer)}
            />
          </li>
        ))}
      </ul>
      <Notice>{submit.message}</Notice>
      {PASSWORDS.map((provider) => (
        <Dialog
          key={provider}
          opened={asking === provider}
          onClose={close}
          title={t("calendars.connectTitle", { name: t(`calendars.provider.${provider}`) })}
        >
          <ConnectAccount provider={provider} onClose={close} onConnected={connected} />
        </Dialog>
      ))}
      <Dialog
        opened={asking === "ics"}
        onClose={close}
        title={t("calendars.connectTitle", { name: t("calendars.provider.ics") })}
      >
        <ConnectIcs onClose={close} onConnected={connected} />
      </Dialog>
    </>
  );
}

interface OfferProps {
  offer: ProviderOffer;
  busy: boolean;
  onStart(): void;
}

function Offer({ offer, busy, onStart }: OfferProps) {
  const { provider, on, configured } = offer;
  const name = t(`calendars.provider.${provider}`);
  const able = on && configured;
  const hint = able
    ? t(busy ? "calendars.leaving" : `calendars.offer.${provider}`)
    : t(on ? "calendars.notConfigured" : "calendars.off");
  const inside = (
    <>
      <ProviderSign provider={provider} size={38} />
      <span className={styles.offerText}>
        <b>
          {able && <span className="visually-hidden">{t("calendars.connect")} </span>}
          {name}
        </b>
        <small>{hint}</small>
      </span>
    </>
  );
  if (!able) return <div className={styles.offer}>{inside}</div>;
  return (
    <UnstyledButton className={styles.offer} disabled={busy} onClick={onStart}>
      {inside}
      <IconChevronRight size={18} aria-hidden />
    </UnstyledButton>
  );
}
