import { Button } from "@mantine/core";
import { IconRefresh, IconServer2, IconTrash } from "@tabler/icons-react";
import { IconAct } from "../../account/parts/IconAct";
import { ago, day, moment } from "../../account/parts/when";
import { t } from "../../lib/i18n";
import admin from "../admin.module.css";
import { Copyable } from "../bots/Copyable";
import styles from "./telephony.module.css";
import type { Exchange } from "./types";

interface Props {
  exchange: Exchange;
  onRotate(): void;
  onRemove(): void;
}

/** One exchange: its key, when it asked last, and what can be done with its secret. */
export function ExchangeCard({ exchange, onRotate, onRemove }: Props) {
  const asked = exchange.last_used_at
    ? t("telephony.exchangeSeen", { when: ago(exchange.last_used_at) })
    : t("telephony.exchangeUnseen");
  return (
    <section className={styles.exchange} aria-label={exchange.name}>
      <header className={styles.exchangeHead}>
        <span className={styles.mainIcon} aria-hidden>
          <IconServer2 size={24} stroke={1.6} />
        </span>
        <div className={styles.exchangeText}>
          <h3>{exchange.name}</h3>
          <span
            className={admin.status}
            data-status={exchange.last_used_at ? "active" : "invited"}
            title={exchange.last_used_at ? moment(exchange.last_used_at) : undefined}
          >
            {asked}
          </span>
          <span className={admin.soft}>
            {t("admin.tokenCreated", { day: day(exchange.created_at) })}
            {exchange.before_until &&
              ` · ${t("telephony.oldGood", { when: moment(exchange.before_until) })}`}
          </span>
        </div>
        <Button
          variant="default"
          leftSection={<IconRefresh size={17} />}
          aria-label={t("telephony.rotateNamed", { name: exchange.name })}
          onClick={onRotate}
        >
          {t("telephony.rotate")}
        </Button>
        <IconAct
          danger
          icon={IconTrash}
          label={t("telephony.exchangeRemoveTitle", { name: exchange.name })}
          onClick={onRemove}
        />
      </header>
      <Copyable label={t("telephony.key")} text={exchange.key} />
    </section>
  );
}
