import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck, IconRefresh, IconTrash } from "@tabler/icons-react";
import { IconAct } from "../../account/parts/IconAct";
import { Section } from "../../account/parts/Section";
import { ago, moment } from "../../account/parts/when";
import { attempt } from "../../chat/actions";
import { api } from "../../lib/api";
import { currentLocale, t } from "../../lib/i18n";
import styles from "./integrations.module.css";
import { seconds } from "./rules";
import type { Dead, Integrations, Trouble } from "./types";

interface Props {
  found: Integrations;
  onChanged(): Promise<void>;
}

/** How fast changes come through, what does not work and why, and what can be done about it. */
export function Health({ found, onChanged }: Props) {
  const { lag, troubles, dead } = found;
  const locale = currentLocale();
  const retry = (one: Trouble) =>
    attempt(async () => {
      await api.post(`/api/admin/integrations/mailboxes/${one.mailbox_id}/sync`);
      notifications.show({ message: t("integrations.retrying"), color: "spruce" });
      await onChanged();
    });
  const replay = (one: Dead) =>
    attempt(async () => {
      await api.post(`/api/admin/integrations/dead/${one.id}/replay`);
      notifications.show({ message: t("integrations.replaying"), color: "spruce" });
      await onChanged();
    });
  const drop = (one: Dead) =>
    attempt(async () => {
      await api.delete(`/api/admin/integrations/dead/${one.id}`);
      await onChanged();
    });
  return (
    <Section id="health" title={t("integrations.health")} lead={t("integrations.healthLead")}>
      <dl className={styles.lag}>
        <div>
          <dt>{t("integrations.p50")}</dt>
          <dd>{seconds(lag.p50, locale)}</dd>
        </div>
        <div>
          <dt>{t("integrations.p99")}</dt>
          <dd>{seconds(lag.p99, locale)}</dd>
        </div>
        <div>
          <dt>{t("integrations.samples")}</dt>
          <dd>{lag.count.toLocaleString(locale)}</dd>
        </div>
      </dl>
      <h3 className={styles.subtitle}>{t("integrations.troubles")}</h3>
      {troubles.length === 0 ? (
        <Fine>{t("integrations.noTroubles")}</Fine>
      ) : (
        <ul className={styles.rows} aria-label={t("integrations.troubles")}>
          {troubles.map((one) => (
            <Row
              key={one.mailbox_id}
              one={one}
              when={t("integrations.lastGood", { when: ago(one.at) })}
            >
              <Button
                size="xs"
                variant="default"
                leftSection={<IconRefresh size={16} aria-hidden />}
                aria-label={t("integrations.retryNamed", { name: one.person })}
                onClick={() => void retry(one)}
              >
                {t("common.retry")}
              </Button>
            </Row>
          ))}
        </ul>
      )}
      <h3 className={styles.subtitle}>{t("integrations.dead")}</h3>
      <p className={styles.sublead}>{t("integrations.deadLead")}</p>
      {dead.length === 0 ? (
        <Fine>{t("integrations.noDead")}</Fine>
      ) : (
        <ul className={styles.rows} aria-label={t("integrations.dead")}>
          {dead.map((one) => (
            <Row
              key={one.id}
              one={one}
              when={`${ago(one.at)} · ${t("integrations.tries", { count: one.tries })}`}
            >
              <Button
                size="xs"
                variant="default"
                leftSection={<IconRefresh size={16} aria-hidden />}
                aria-label={t("integrations.replayNamed", { name: one.person })}
                onClick={() => void replay(one)}
              >
                {t("integrations.replay")}
              </Button>
              <IconAct
                danger
                icon={IconTrash}
                label={t("integrations.dropNamed", { name: one.person })}
                onClick={() => void drop(one)}
              />
            </Row>
          ))}
        </ul>
      )}
    </Section>
  );
}

interface RowProps {
  one: Trouble | Dead;
  when: string;
  children: React.ReactNode;
}

function Row({ one, when, children }: RowProps) {
  return (
    <li className={styles.row}>
      <div className={styles.rowText}>
        <b>
          {one.person} <span>{t(`calendars.provider.${one.provider}`)}</span>
        </b>
        <span>{one.sentence}</span>
        <small title={moment(one.at)}>{when}</small>
      </div>
      <div className={styles.rowActs}>{children}</div>
    </li>
  );
}

function Fine({ children }: { children: React.ReactNode }) {
  return (
    <p className={styles.fine}>
      <IconCircleCheck size={18} stroke={1.7} aria-hidden />
      {children}
    </p>
  );
}
