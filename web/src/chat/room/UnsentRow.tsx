import { Button } from "@mantine/core";
import { IconAlertTriangle, IconClock } from "@tabler/icons-react";
import type { Unsent } from "../../engine/outbox";
import { t } from "../../lib/i18n";
import { clock } from "../../lib/time";
import { useChat, useMyself } from "../context";
import { Avatar } from "../parts/Avatar";
import { Markdown } from "./Markdown";
import styles from "./Message.module.css";
import { Quote } from "./Quote";
import { useRoomUi } from "./ui";

/** A message on its way, or one the server refused and the person must decide about. */
export function UnsentRow({ unsent, head }: { unsent: Unsent; head: boolean }) {
  const me = useMyself();
  return (
    <article
      className={styles.message}
      data-head={head || undefined}
      data-unsent
      aria-label={`${me.name}, ${t(unsent.refused ? "chat.unsent.refused" : "chat.unsent.waiting")}`}
    >
      <div className={styles.side}>{head && <Avatar person={me} size={38} />}</div>
      <div className={styles.content}>
        {head && (
          <div className={styles.heading}>
            <span className={styles.author}>{me.name}</span>
            <time className={styles.time} dateTime={unsent.created_at}>
              {clock(unsent.created_at)}
            </time>
          </div>
        )}
        {unsent.reply_to !== null && <Quote roomId={unsent.room_id} seq={unsent.reply_to} />}
        <div className={styles.unsentBody}>
          <Markdown body={unsent.body} mentions={null} />
          {!unsent.refused && (
            <IconClock
              className={styles.clock}
              size={14}
              stroke={1.8}
              aria-label={t("chat.unsent.waiting")}
            />
          )}
        </div>
        {unsent.refused && <Refused unsent={unsent} reason={unsent.refused} />}
      </div>
    </article>
  );
}

function Refused({ unsent, reason }: { unsent: Unsent; reason: string }) {
  const chat = useChat();
  const ui = useRoomUi();
  const rewrite = async () => {
    // Back to the composer; it is a new message when it is sent again.
    const draft = chat.drafts.read(unsent.room_id);
    const body = [unsent.body, draft.body].filter(Boolean).join("\n\n");
    chat.drafts.write(unsent.room_id, { body, reply_to: unsent.reply_to });
    await chat.engine.outbox.discard(unsent.client_id);
    ui.focusComposer();
  };
  return (
    <div className={styles.refused} role="alert">
      <IconAlertTriangle size={16} stroke={1.8} aria-hidden />
      <span>{t("chat.unsent.why", { reason })}</span>
      <Button size="compact-xs" variant="light" color="falu" onClick={() => void rewrite()}>
        {t("chat.unsent.rewrite")}
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        onClick={() => void chat.engine.outbox.discard(unsent.client_id)}
      >
        {t("chat.unsent.discard")}
      </Button>
    </div>
  );
}
