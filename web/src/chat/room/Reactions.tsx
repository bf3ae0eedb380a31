import { Popover, Tooltip, UnstyledButton } from "@mantine/core";
import { IconMoodPlus } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { currentLocale, t } from "../../lib/i18n";
import { lazily } from "../../lib/lazily";
import type { MessageEntry } from "../../lib/types";
import { react } from "../actions";
import { useChat, useChatState } from "../context";
import { nameList } from "../names";
import styles from "./Message.module.css";

const EmojiPicker = lazily(() => import("./EmojiPicker"));

/** The reactions under a message; one click joins or withdraws. */
export function Reactions({ message }: { message: MessageEntry }) {
  const entries = Object.entries(message.reactions ?? {});
  if (entries.length === 0 || message.deleted) return null;
  return (
    <div className={styles.reactions}>
      {entries.map(([emoji, users]) => (
        <Reaction key={emoji} message={message} emoji={emoji} users={users} />
      ))}
      <AddReaction message={message} />
    </div>
  );
}

interface Props {
  message: MessageEntry;
  emoji: string;
  users: string[];
}

function Reaction({ message, emoji, users }: Props) {
  const chat = useChat();
  const myId = useChatState((state) => state.me?.id ?? "");
  const names = useChatState((state) =>
    nameList(
      users.map((id) =>
        id === myId ? t("chat.you") : (state.people[id]?.name ?? t("chat.someone")),
      ),
      currentLocale(),
    ),
  );
  const label = t("chat.reactions.who", { names, emoji });
  return (
    <Tooltip label={label} multiline maw={280}>
      <UnstyledButton
        className={styles.reaction}
        aria-pressed={users.includes(myId)}
        aria-label={`${emoji} ${users.length}, ${label}`}
        onClick={() => void react(chat, message, emoji)}
      >
        <span>{emoji}</span>
        <b>{users.length}</b>
      </UnstyledButton>
    </Tooltip>
  );
}

function AddReaction({ message }: { message: MessageEntry }) {
  const [open, setOpen] = useState(false);
  const chat = useChat();
  return (
    <Popover opened={open} onChange={setOpen} position="top-start" trapFocus>
      <Popover.Target>
        <UnstyledButton
          className={styles.reaction}
          aria-label={t("chat.menu.react")}
          onClick={() => setOpen(!open)}
        >
          <IconMoodPlus size={16} stroke={1.7} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <Suspense>
          <EmojiPicker
            onPick={(emoji) => {
              setOpen(false);
              void react(chat, message, emoji);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
