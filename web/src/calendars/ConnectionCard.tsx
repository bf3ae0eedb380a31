import { Button, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlugConnected, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { Notice } from "../account/parts/Notice";
import { useSubmit } from "../account/parts/useSubmit";
import { useWish } from "../account/parts/useWish";
import { api } from "../lib/api";
import { t } from "../lib/i18n";
import { CalendarChoices } from "./CalendarChoices";
import styles from "./calendars.module.css";
import { askConsent } from "./consent";
import { Disconnect } from "./Disconnect";
import { loadConnections, putConnection } from "./mine";
import { NewPassword } from "./NewPassword";
import { ProviderSign } from "./providers";
import { StatusLine } from "./StatusLine";
import { hasContacts } from "./status";
import type { CalendarConnection } from "./types";

interface Props {
  connection: CalendarConnection;
  /** Calendars are part of the plan. */
  calendars: boolean;
  /** It was connected just now. */
  fresh: boolean;
}

/** One account: how it is, what of it is used, and what can be done with it. */
export function ConnectionCard({ connection, calendars, fresh }: Props) {
  const { id, provider, account, company, status } = connection;
  const name = t(`calendars.provider.${provider}`);
  const [leaving, setLeaving] = useState(false);
  const submit = useSubmit();

  const patch = (changes: { calendars?: string[]; contacts?: boolean }) =>
    submit.run(async () => {
      putConnection(await api.patch<CalendarConnection>(`/api/connections/${id}`, changes));
    });
  const [contacts, wantContacts] = useWish(connection.contacts, (on: boolean) =>
    patch({ contacts: on }),
  );
  const sync = () =>
    submit.run(async () => {
      await api.post(`/api/connections/${id}/sync`);
      notifications.show({ message: t("calendars.syncing"), color: "spruce", autoClose: 2500 });
      await loadConnections();
    });

  return (
    <li className={styles.connection} data-fresh={fresh || undefined}>
      <section aria-label={`${name} ${account}`}>
        <header className={styles.connectionHead}>
          <ProviderSign provider={provider} />
          <div className={styles.connectionText}>
            <h3>
              {name}
              {company && <span className={styles.tag}>{t("calendars.byCompany")}</span>}
            </h3>
            <span className={styles.account}>{account}</span>
            <StatusLine connection={connection} />
          </div>
          {status !== "reconnect" && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconRefresh size={16} aria-hidden />}
              aria-label={t("calendars.syncNamed", { name: `${name} ${account}` })}
              loading={submit.busy}
              onClick={() => void sync()}
            >
              {t("calendars.sync")}
            </Button>
          )}
        </header>
        {status === "reconnect" && <Again connection={connection} />}
        {status !== "reconnect" && connection.trouble && (
          <Notice title={t("calendars.trouble")}>{connection.trouble}</Notice>
        )}
        {calendars && (
          <CalendarChoices connection={connection} onChange={(ids) => patch({ calendars: ids })} />
        )}
        {hasContacts(provider) && (
          <Switch
            label={t("calendars.contacts")}
            description={t("calendars.contactsHint")}
            checked={contacts}
            onChange={(event) => void wantContacts(event.currentTarget.checked)}
          />
        )}
        <Notice>{submit.message}</Notice>
        <footer className={styles.connectionFoot}>
          {company ? (
            <p className={styles.soft}>{t("calendars.companyHint")}</p>
          ) : (
            <Button variant="subtle" color="falu" size="xs" onClick={() => setLeaving(true)}>
              {t("calendars.disconnect")}
            </Button>
          )}
        </footer>
        <Disconnect connection={connection} opened={leaving} onClose={() => setLeaving(false)} />
      </section>
    </li>
  );
}

/** It no longer lets us in: why, and the way back. */
function Again({ connection }: { connection: CalendarConnection }) {
  const { id, provider, trouble, company } = connection;
  const [asking, setAsking] = useState(false);
  const submit = useSubmit();
  const again = async () => {
    if (provider === "caldav" || provider === "exchange") setAsking(true);
    else if (provider === "ics") await submit.run(() => api.post(`/api/connections/${id}/sync`));
    else await submit.run(() => askConsent(provider, { connection_id: id }));
  };
  return (
    <div className={styles.again}>
      <Notice title={t("calendars.lostTitle")}>
        {trouble ?? t("calendars.lost")} {company && t("calendars.lostCompany")}
      </Notice>
      {!company && (
        <Button
          size="sm"
          leftSection={<IconPlugConnected size={16} aria-hidden />}
          loading={submit.busy}
          onClick={() => void again()}
        >
          {t(provider === "ics" ? "common.retry" : "calendars.reconnect")}
        </Button>
      )}
      <Notice>{submit.message}</Notice>
      <NewPassword connection={connection} opened={asking} onClose={() => setAsking(false)} />
    </div>
  );
}
