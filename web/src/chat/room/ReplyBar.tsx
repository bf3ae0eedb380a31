import { ActionIcon } from "@mantine/core";
import { IconCornerUpLeft, IconX } from "@tabler/icons-react";
import { t } from "../../lib/i18n";
import { useChatState } from "../context";
import styles from "./Composer.module.css";
import { quoted, useMessage } from "./Quote";
import { useRoomUi } from "./ui";

/** Over the composer: what the message will be a reply to. */
export function ReplyBar({ roomId, seq }: { roomId: string; seq: number }) {
  const ui = useRoomUi();
  const message = useMessage(roomId, seq);
  const name = useChatState((state) => state.people[message?.author_id ?? ""]?.name ?? "");
  return (
    <div className={styles.reply}>
      <IconCornerUpLeft size={16} stroke={1.8} aria-hidden />
      <span className={styles.replyWords}>
        <strong>{t("chat.reply.to", { name })}</strong> {message ? quoted(message) : "…"}
      </span>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={26}
        onClick={() => ui.setReplyTo(null)}
        aria-label={t("chat.reply.cancel")}
      >
        <IconX size={16} />
      </ActionIcon>
    </div>
  );
}
