import { ago, moment } from "../account/parts/when";
import { useClock } from "../activities/clock";
import { t } from "../lib/i18n";
import styles from "./calendars.module.css";
import type { CalendarConnection } from "./types";

/** How a connection is, in words, kept true by the clock. */
export function StatusLine({ connection }: { connection: CalendarConnection }) {
  const { status, synced_at } = connection;
  const when = useClock((now) => (synced_at ? ago(synced_at, now) : ""));
  return (
    <span
      className={styles.status}
      data-status={status}
      title={synced_at ? moment(synced_at) : undefined}
    >
      {t(`calendars.status.${status}`, { when })}
      {status === "stale" && when && ` · ${t("calendars.lastSynced", { when })}`}
      {status === "synced" && connection.push && ` · ${t("calendars.push")}`}
    </span>
  );
}
