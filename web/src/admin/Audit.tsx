import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowRight, IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { Empty } from "../account/parts/Empty";
import { Face } from "../account/parts/Face";
import { Loading } from "../account/parts/Loading";
import { useLoad } from "../account/parts/useLoad";
import { clock } from "../account/parts/when";
import { api, sentence as problemSentence } from "../lib/api";
import { currentLocale, t } from "../lib/i18n";
import admin from "./admin.module.css";
import styles from "./audit.module.css";
import { byDay, changes, sentence } from "./auditSentence";
import { Head } from "./parts";
import type { AuditEntry } from "./types";

interface Page {
  entries: AuditEntry[];
  more: boolean;
}

const PAGE = 50;

/** Who changed what, the latest first. */
export default function Audit() {
  const log = useLoad<Page>(`/api/admin/audit?limit=${PAGE}`);
  const [busy, setBusy] = useState(false);

  const older = async (before: string) => {
    setBusy(true);
    try {
      const page = await api.get<Page>("/api/admin/audit", { before, limit: PAGE });
      log.change((old) => ({ entries: [...old.entries, ...page.entries], more: page.more }));
    } catch (error) {
      notifications.show({ message: problemSentence(error), color: "falu" });
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Head title={t("admin.audit")} lead={t("admin.auditLead")} />
      <Loading from={log} rows={6}>
        {({ entries, more }) => (
          <>
            {entries.length === 0 && (
              <Empty icon={IconHistory} title={t("admin.auditEmpty")}>
                {t("admin.auditEmptyHint")}
              </Empty>
            )}
            {byDay(entries, dayName).map(({ day, entries: ofDay }) => (
              <section key={day} className={styles.day} aria-label={day}>
                <h3 className={styles.dayName}>{day}</h3>
                <ul className={styles.list}>
                  {ofDay.map((entry) => (
                    <Line key={entry.id} entry={entry} />
                  ))}
                </ul>
              </section>
            ))}
            {more && (
              <div className={admin.more}>
                <Button
                  variant="default"
                  loading={busy}
                  onClick={() => void older(entries.at(-1)?.id ?? "")}
                >
                  {t("admin.auditOlder")}
                </Button>
              </div>
            )}
          </>
        )}
      </Loading>
    </>
  );
}

function dayName(iso: string): string {
  const format = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  const text = new Date(iso).toLocaleDateString(currentLocale(), format);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Line({ entry }: { entry: AuditEntry }) {
  const list = changes(entry, t);
  return (
    <li className={styles.line}>
      <Face
        person={{ id: entry.actor_id, name: entry.actor_name || t("admin.auditConsole") }}
        size={32}
      />
      <div className={styles.text}>
        <p className={styles.sentence}>
          {sentence(entry, t).map(({ text, strong }, index) => {
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence never move
            return strong ? <strong key={index}>{text}</strong> : <span key={index}>{text}</span>;
          })}
        </p>
        {list.length > 0 && (
          <dl className={styles.changes}>
            {list.map(({ field, before, after }) => (
              <div key={field} className={styles.change}>
                <dt>{field}</dt>
                <dd>
                  {before !== "–" && (
                    <>
                      <del className={styles.before}>{before}</del>
                      <IconArrowRight size={14} aria-label={t("admin.auditTo")} />
                    </>
                  )}
                  <ins className={styles.after}>{after}</ins>
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <time className={styles.time} dateTime={entry.at}>
        {clock(entry.at)}
      </time>
    </li>
  );
}
