import { UnstyledButton } from "@mantine/core";
import { IconCornerUpLeft } from "@tabler/icons-react";
import { useEffect } from "react";
import { rowAt } from "../../engine/log";
import { t } from "../../lib/i18n";
import { plain } from "../../lib/markdown";
import type { MessageEntry } from "../../lib/types";
import { jumpTo } from "../actions";
import { useChat, useChatState } from "../context";
import styles from "./Message.module.css";

/** The message with *seq*, from the window or fetched; null when it is not to be had. */
export function useMessage(roomId: string, seq: number | null): MessageEntry | null {
  const chat = useChat();
  const message = useChatState((state) => {
    if (seq === null) return null;
    const row = rowAt(state.logs[roomId]?.rows ?? [], seq);
    return row?.kind === "message" ? row : (state.quotes[roomId]?.[seq] ?? null);
  });
  const missing = message === null && seq !== null;
  useEffect(() => {
    if (!missing) return;
    chat.history.quote(roomId, seq).catch(() => {
      // Offline: the quote stays a bare line until the room is opened again.
    });
  }, [chat, roomId, seq, missing]);
  return message;
}

/** What a reply replies to: one line that leads there. */
export function Quote({ roomId, seq }: { roomId: string; seq: number }) {
  const chat = useChat();
  const message = useMessage(roomId, seq);
  const author = useChatState((state) => state.people[message?.author_id ?? ""]?.name ?? "");
  return (
    <UnstyledButton
      className={styles.quote}
      onClick={() => jumpTo(chat, roomId, seq)}
      aria-label={t("chat.reply.toMessage", { name: author || t("chat.someone") })}
    >
      <IconCornerUpLeft size={14} stroke={1.8} aria-hidden />
      <strong>{author}</strong>
      <span>{message ? quoted(message) : "…"}</span>
    </UnstyledButton>
  );
}

export function quoted(message: MessageEntry): string {
  return message.deleted ? t("chat.deleted") : plain(message.body);
}
