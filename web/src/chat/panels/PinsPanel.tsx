import { ActionIcon, Loader, Tooltip, UnstyledButton } from "@mantine/core";
import { IconPin, IconPinnedOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { sentence } from "../../lib/api";
import { t } from "../../lib/i18n";
import { shortTime } from "../../lib/time";
import type { Entry, MessageEntry, Room } from "../../lib/types";
import { jumpTo, pin } from "../actions";
import { useChat, useChatState, usePerson } from "../context";
import { Avatar } from "../parts/Avatar";
import { Empty } from "../parts/Empty";
import { Markdown } from "../room/Markdown";
import { PanelFrame } from "./PanelFrame";
import styles from "./panels.module.css";

interface Props {
  room: Room;
  onClose(): void;
}

/** The pinned messages of a room, the latest first; one click leads to the place. */
export default function PinsPanel({ room, onClose }: Props) {
  const { pins, problem } = usePins(room.id);
  return (
    <PanelFrame title={t("chat.pins.title")} onClose={onClose}>
      {problem && <p className={styles.problem}>{problem}</p>}
      {!pins && !problem && (
        <Loader type="dots" color="gray" m="xl" aria-label={t("common.loading")} />
      )}
      {pins?.length === 0 && (
        <Empty
          icon={<IconPin size={32} stroke={1.5} />}
          title={t("chat.pins.empty")}
          detail={t("chat.pins.emptyDetail")}
        />
      )}
      <ul className={styles.pins}>
        {pins?.map((message) => (
          <Pin key={message.seq} message={message} />
        ))}
      </ul>
    </PanelFrame>
  );
}

function usePins(roomId: string) {
  const chat = useChat();
  const changes = useChatState((state) => state.pinChanges[roomId] ?? 0);
  const online = useChatState((state) => state.connection === "online");
  const [pins, setPins] = useState<MessageEntry[] | null>(null);
  const [problem, setProblem] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed pin or a new connection asks again
  useEffect(() => {
    let current = true;
    chat.engine
      .command<{ entries: Entry[] }>("room.pins", { room_id: roomId })
      .then(({ entries }) => {
        if (!current) return;
        const messages = entries.filter((entry) => entry.kind === "message");
        setPins(messages.sort((a, b) => b.seq - a.seq));
        setProblem("");
      })
      .catch((error) => current && setProblem(sentence(error)));
    return () => {
      current = false;
    };
  }, [chat, roomId, changes, online]);
  return { pins, problem };
}

function Pin({ message }: { message: MessageEntry }) {
  const chat = useChat();
  const author = usePerson(message.author_id);
  return (
    <li>
      <UnstyledButton
        className={styles.pin}
        onClick={() => jumpTo(chat, message.room_id, message.seq)}
      >
        <span className={styles.pinHead}>
          <Avatar person={author} size={24} />
          <b>{author?.name ?? t("chat.someone")}</b>
          <time dateTime={message.sent_at}>{shortTime(message.sent_at)}</time>
        </span>
        <Markdown body={message.body} mentions={message.mentions ?? []} />
      </UnstyledButton>
      <Tooltip label={t("chat.menu.unpin")}>
        <ActionIcon
          className={styles.unpin}
          variant="subtle"
          color="gray"
          size={30}
          aria-label={t("chat.menu.unpin")}
          onClick={() => void pin(chat, { ...message, pinned: true })}
        >
          <IconPinnedOff size={16} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}
