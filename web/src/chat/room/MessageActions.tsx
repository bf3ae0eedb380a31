import { ActionIcon, Menu, Popover, Tooltip, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconCopy,
  IconCornerUpLeft,
  IconDots,
  IconMoodPlus,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconTrash,
} from "@tabler/icons-react";
import { type ReactNode, Suspense, useState } from "react";
import { QUICK } from "../../lib/emoji";
import { t } from "../../lib/i18n";
import { lazily } from "../../lib/lazily";
import type { MessageEntry } from "../../lib/types";
import { pin, react } from "../actions";
import { type Chat, useChat, useChatState } from "../context";
import styles from "./Message.module.css";
import { type RoomUi, useRoomUi } from "./ui";

const EmojiPicker = lazily(() => import("./EmojiPicker"));

export interface Choice {
  key: string;
  label: string;
  icon: ReactNode;
  danger?: boolean;
  run(): void;
}

/** What the person may do with a message, in the order of the menu. */
export function choicesFor(chat: Chat, ui: RoomUi, message: MessageEntry): Choice[] {
  const state = chat.engine.store.get();
  const mine = message.author_id === state.me?.id;
  const icon = { size: 18, stroke: 1.7 };
  const all: (Choice | false)[] = [
    {
      key: "reply",
      label: t("chat.menu.reply"),
      icon: <IconCornerUpLeft {...icon} />,
      run: () => ui.setReplyTo(message.seq),
    },
    mine && {
      key: "edit",
      label: t("chat.menu.edit"),
      icon: <IconPencil {...icon} />,
      run: () => ui.setEditing(message.seq),
    },
    {
      key: "pin",
      label: t(message.pinned ? "chat.menu.unpin" : "chat.menu.pin"),
      icon: message.pinned ? <IconPinnedOff {...icon} /> : <IconPin {...icon} />,
      run: () => void pin(chat, message),
    },
    {
      key: "copy",
      label: t("chat.menu.copy"),
      icon: <IconCopy {...icon} />,
      run: () => void copy(message.body),
    },
    mine && {
      key: "delete",
      label: t("chat.menu.delete"),
      icon: <IconTrash {...icon} />,
      danger: true,
      run: () => ui.confirmDelete(message),
    },
  ];
  return all.filter((choice) => choice !== false);
}

async function copy(text: string): Promise<void> {
  // Pages without TLS have no clipboard; saying nothing would look as if it had worked.
  const copied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  notifications.show({ message: t(copied ? "chat.copied" : "chat.notCopied"), autoClose: 2000 });
}

interface Props {
  message: MessageEntry;
  /** While a menu is open the bar stays, wherever the pointer is. */
  onBusy(busy: boolean): void;
}

/** The bar that floats over a message under the pointer. */
export function MessageActions({ message, onBusy }: Props) {
  const chat = useChat();
  const ui = useRoomUi();
  const [picking, setPicking] = useState(false);
  const choices = choicesFor(chat, ui, message);
  const reply = choices[0];
  const pick = (open: boolean) => {
    setPicking(open);
    onBusy(open);
  };
  return (
    <div className={styles.actions} role="toolbar" aria-label={t("chat.menu.label")}>
      {QUICK.slice(0, 3).map((emoji) => (
        <Quick key={emoji} emoji={emoji} message={message} />
      ))}
      <Popover opened={picking} onChange={pick} position="top-end" trapFocus>
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label={t("chat.menu.react")}
            onClick={() => pick(!picking)}
          >
            <IconMoodPlus size={18} stroke={1.7} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <Suspense>
            <EmojiPicker
              onPick={(emoji) => {
                pick(false);
                void react(chat, message, emoji);
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <Tooltip label={reply?.label}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={reply?.label}
          onClick={reply?.run}
        >
          {reply?.icon}
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" onChange={onBusy} width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={t("chat.menu.more")}>
            <IconDots size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {choices.slice(1).map((choice) => (
            <Menu.Item
              key={choice.key}
              leftSection={choice.icon}
              color={choice.danger ? "falu" : undefined}
              onClick={choice.run}
            >
              {choice.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function Quick({ emoji, message }: { emoji: string; message: MessageEntry }) {
  const chat = useChat();
  const mine = useChatState((state) => message.reactions?.[emoji]?.includes(state.me?.id ?? ""));
  return (
    <UnstyledButton
      className={styles.quick}
      aria-pressed={mine ?? false}
      aria-label={t("chat.menu.reactWith", { emoji })}
      onClick={() => void react(chat, message, emoji)}
    >
      {emoji}
    </UnstyledButton>
  );
}
