import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconPin } from "@tabler/icons-react";
import { memo, useState } from "react";
import { isNamed } from "../../engine/unread";
import { currentLocale, t } from "../../lib/i18n";
import { plain } from "../../lib/markdown";
import { clock, fullTime } from "../../lib/time";
import type { MessageEntry } from "../../lib/types";
import { useChat, useChatState, usePerson } from "../context";
import { nameList } from "../names";
import { Avatar } from "../parts/Avatar";
import { EditBox } from "./EditBox";
import { Markdown } from "./Markdown";
import styles from "./Message.module.css";
import { MessageActions } from "./MessageActions";
import { Quote } from "./Quote";
import { Reactions } from "./Reactions";
import { useRoomUi } from "./ui";
import { useLongPress } from "./useLongPress";
import { useMessageKeys } from "./useMessageKeys";

const NOBODY: string[] = [];

interface Props {
  message: MessageEntry;
  head: boolean;
  lit: boolean;
  seenBy: string;
}

/** One message, with its menu on hover, focus or a long press. */
export const MessageRow = memo(function MessageRow({ message, head, lit, seenBy }: Props) {
  const ui = useRoomUi();
  const chat = useChat();
  const author = usePerson(message.author_id);
  const myId = useChatState((state) => state.me?.id ?? "");
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  const [busy, setBusy] = useState(false);
  const press = useLongPress(() => !message.deleted && ui.openSheet(message));
  const onKeyDown = useMessageKeys(message);
  const editing = ui.editing === message.seq;
  const name = author?.name ?? t("chat.someone");
  const named = isNamed(message, myId);
  const words = message.deleted ? t("chat.deleted") : plain(message.body);
  return (
    <article
      className={styles.message}
      data-seq={message.seq}
      data-head={head || undefined}
      data-lit={lit || undefined}
      data-named={(named && message.author_id !== myId) || undefined}
      aria-label={`${name}, ${clock(message.sent_at)}: ${words}`}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onPointerEnter={(event) => event.pointerType === "mouse" && setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onFocus={() => setFocused(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setFocused(false);
      }}
      {...press}
    >
      <div className={styles.side}>
        {head ? (
          <UnstyledButton
            className={styles.face}
            onClick={() => author && chat.card.set(author.id)}
            tabIndex={-1}
            aria-label={t("chat.person.open", { name })}
          >
            <Avatar person={author} size={38} />
          </UnstyledButton>
        ) : (
          <time className={styles.sideTime} dateTime={message.sent_at} aria-hidden>
            {clock(message.sent_at)}
          </time>
        )}
      </div>
      <div className={styles.content}>
        {head && (
          <div className={styles.heading}>
            <UnstyledButton
              className={styles.author}
              onClick={() => author && chat.card.set(author.id)}
              tabIndex={-1}
            >
              {name}
            </UnstyledButton>
            <time
              className={styles.time}
              dateTime={message.sent_at}
              title={fullTime(message.sent_at)}
            >
              {clock(message.sent_at)}
            </time>
            {message.pinned && <Pinned />}
          </div>
        )}
        {!head && message.pinned && <Pinned />}
        {message.reply_to && <Quote roomId={message.room_id} seq={message.reply_to} />}
        {editing ? <EditBox message={message} /> : <Body message={message} />}
        <Reactions message={message} />
      </div>
      {(hovered || focused || busy) && !editing && !message.deleted && (
        <MessageActions message={message} onBusy={setBusy} />
      )}
      {seenBy && <SeenBy ids={seenBy} />}
    </article>
  );
});

function Body({ message }: { message: MessageEntry }) {
  if (message.deleted) return <p className={styles.deleted}>{t("chat.deleted")}</p>;
  return (
    <>
      <Markdown body={message.body} mentions={message.mentions ?? NOBODY} />
      {message.edited_at && (
        <span className={styles.edited} title={fullTime(message.edited_at)}>
          {t("chat.edited")}
        </span>
      )}
    </>
  );
}

function Pinned() {
  return (
    <span className={styles.pinned}>
      <IconPin size={13} stroke={1.8} aria-hidden />
      {t("chat.pinned")}
    </span>
  );
}

const SHOWN_READERS = 6;

function SeenBy({ ids }: { ids: string }) {
  const readers = useChatState((state) => ids.split(",").map((id) => state.people[id]));
  const names = nameList(
    readers.map((one) => one?.name ?? t("chat.someone")),
    currentLocale(),
  );
  const label = t("chat.seenBy", { names });
  return (
    <Tooltip label={label} multiline maw={280}>
      <div className={styles.seen} role="img" aria-label={label}>
        {readers.slice(0, SHOWN_READERS).map((one, index) => (
          <Avatar key={one?.id ?? index} person={one} size={18} />
        ))}
        {readers.length > SHOWN_READERS && <span>+{readers.length - SHOWN_READERS}</span>}
      </div>
    </Tooltip>
  );
}
