import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconKey, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Confirm } from "../../account/parts/Confirm";
import { Face } from "../../account/parts/Face";
import { IconAct } from "../../account/parts/IconAct";
import { ago, day } from "../../account/parts/when";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import admin from "../admin.module.css";
import { BlockDialog } from "../people/BlockDialog";
import type { Bot, BotToken } from "../types";
import { AddToken } from "./AddToken";
import styles from "./bots.module.css";

interface Props {
  bot: Bot;
  onChanged: () => Promise<void>;
}

/** One bot and its tokens. */
export function BotCard({ bot, onChanged }: Props) {
  const [adding, setAdding] = useState(false);
  const [blocking, setBlocking] = useState(false);
  const [revoked, setRevoked] = useState<BotToken | null>(null);

  const revoke = async () => {
    if (!revoked) return;
    await api.delete(`/api/admin/bots/${bot.id}/tokens/${revoked.id}`);
    notifications.show({ message: t("admin.tokenRevoked"), color: "spruce" });
    await onChanged();
  };

  return (
    <section className={styles.bot} aria-label={bot.name}>
      <header className={styles.head}>
        <div className={admin.who}>
          <Face person={bot} size={44} />
          <div className={admin.whoText}>
            <h3 className={styles.name}>
              {bot.name}
              {bot.blocked && <span className={admin.blocked}>{t("admin.status.blocked")}</span>}
            </h3>
            <span className={admin.soft}>@{bot.handle}</span>
          </div>
        </div>
        <div className={styles.buttons}>
          <Button
            variant="subtle"
            color={bot.blocked ? "spruce" : "falu"}
            onClick={() => setBlocking(true)}
          >
            {t(bot.blocked ? "admin.unblock" : "admin.block")}
          </Button>
          <Button
            variant="default"
            leftSection={<IconKey size={17} />}
            onClick={() => setAdding(true)}
          >
            {t("admin.tokenAdd")}
          </Button>
        </div>
      </header>
      {bot.tokens.length === 0 ? (
        <p className={styles.none}>{t("admin.tokensEmpty")}</p>
      ) : (
        <ul className={styles.tokens}>
          {bot.tokens.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setRevoked(token)} />
          ))}
        </ul>
      )}
      <AddToken bot={bot} opened={adding} onClose={() => setAdding(false)} onAdded={onChanged} />
      <BlockDialog
        person={blocking ? { ...bot, invited: false, last_seen_at: null } : null}
        onClose={() => setBlocking(false)}
        onDone={onChanged}
      />
      <Confirm
        opened={revoked !== null}
        title={t("admin.tokenRevokeTitle")}
        deed={t("admin.tokenRevoke")}
        onClose={() => setRevoked(null)}
        onConfirm={revoke}
      >
        {t("admin.tokenRevokeText", { name: revoked?.name ?? "" })}
      </Confirm>
    </section>
  );
}

function TokenRow({ token, onRevoke }: { token: BotToken; onRevoke: () => void }) {
  const used = token.last_used_at
    ? t("admin.tokenUsed", { when: ago(token.last_used_at) })
    : t("admin.tokenUnused");
  return (
    <li className={styles.token}>
      <IconKey size={17} aria-hidden />
      <span className={styles.tokenText}>
        <span className={styles.tokenName}>{token.name}</span>
        <span className={admin.soft}>
          {t("admin.tokenCreated", { day: day(token.created_at) })} · {used}
        </span>
      </span>
      <IconAct
        danger
        icon={IconTrash}
        label={t("admin.tokenRevokeNamed", { name: token.name })}
        onClick={onRevoke}
      />
    </li>
  );
}
