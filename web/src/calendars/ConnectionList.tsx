import { IconCalendarPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Empty } from "../account/parts/Empty";
import { Loading } from "../account/parts/Loading";
import { Notice } from "../account/parts/Notice";
import { Section } from "../account/parts/Section";
import { t } from "../lib/i18n";
import { AddConnection } from "./AddConnection";
import { ConnectionCard } from "./ConnectionCard";
import styles from "./calendars.module.css";
import type { Outcome } from "./consent";
import { errorText } from "./errors";
import { loadConnections, useMine } from "./mine";
import { hasContacts } from "./status";
import type { CalendarConnection } from "./types";

interface Props {
  /** Calendars are part of the plan; contacts are in any. */
  calendars: boolean;
  outcome: Outcome | null;
}

/** The accounts that are connected, and a way to connect more. */
export function ConnectionList({ calendars, outcome }: Props) {
  const { connections, providers, error } = useMine();
  const [added, setAdded] = useState<string | null>(null);
  const from = {
    data: connections ?? undefined,
    error,
    reload: loadConnections,
    change: () => {},
  };
  const offers = providers.filter(({ provider }) => calendars || hasContacts(provider));
  const lead = t(calendars ? "calendars.connectionsLead" : "calendars.contactsLead");
  return (
    <Section id="connections" title={t("calendars.connections")} lead={lead}>
      <Told outcome={outcome} connections={connections ?? []} />
      <Loading from={from} rows={2} height={96}>
        {(list) => (
          <>
            {list.length > 0 ? (
              <ul className={styles.connections}>
                {list.map((one) => (
                  <ConnectionCard
                    key={one.id}
                    connection={one}
                    calendars={calendars}
                    fresh={one.id === added || one.id === outcome?.connected}
                  />
                ))}
              </ul>
            ) : (
              <Empty icon={IconCalendarPlus} title={t("calendars.none")}>
                {t(calendars ? "calendars.noneHint" : "calendars.noneContacts")}
              </Empty>
            )}
            {offers.length > 0 && (
              <>
                <h3 className={styles.addTitle}>{t("calendars.add")}</h3>
                <AddConnection offers={offers} onConnected={({ id }) => setAdded(id)} />
              </>
            )}
          </>
        )}
      </Loading>
    </Section>
  );
}

/** How the visit to Microsoft or Google went. */
function Told({
  outcome,
  connections,
}: {
  outcome: Outcome | null;
  connections: CalendarConnection[];
}) {
  if (!outcome) return null;
  if (outcome.error) {
    return (
      <div className={styles.told}>
        <Notice title={t("calendars.consentFailed")}>{errorText(outcome.error)}</Notice>
      </div>
    );
  }
  const found = connections.find(({ id }) => id === outcome.connected);
  const text = found
    ? t("calendars.consentDone", {
        name: t(`calendars.provider.${found.provider}`),
        account: found.account,
      })
    : t("calendars.consentDoneAny");
  return (
    <div className={styles.told}>
      <Notice kind="done" title={text}>
        {t("calendars.consentNext")}
      </Notice>
    </div>
  );
}
