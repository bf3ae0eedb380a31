import { UnstyledButton } from "@mantine/core";
import type { Row, State } from "../../engine/state";
import { currentLocale, t } from "../../lib/i18n";
import { clock, fullTime } from "../../lib/time";
import { jumpTo } from "../actions";
import { useChat, useChatState } from "../context";
import { nameList } from "../names";
import styles from "./MessageList.module.css";

/** What happened to the room, in one sentence. */
export function SystemRow({ row }: { row: Row }) {
  const chat = useChat();
  const words = useChatState((state) => sentenceOf(row, state));
  return (
    <div className={styles.system} data-seq={row.seq}>
      {row.kind === "pinned" ? (
        <UnstyledButton fz="inherit" onClick={() => jumpTo(chat, row.room_id, row.target)}>
          {words}
        </UnstyledButton>
      ) : (
        <span>{words}</span>
      )}
      <time dateTime={row.sent_at} title={fullTime(row.sent_at)}>
        {clock(row.sent_at)}
      </time>
    </div>
  );
}

function sentenceOf(row: Row, state: State): string {
  const nameOf = (id: string) => state.people[id]?.name ?? t("chat.someone");
  const name = nameOf(row.author_id);
  switch (row.kind) {
    case "member_added": {
      const others = row.user_ids.filter((id) => id !== row.author_id);
      if (others.length === 0) return t("chat.system.joined", { name });
      return t("chat.system.added", {
        name,
        others: nameList(others.map(nameOf), currentLocale()),
      });
    }
    case "member_left":
      return row.user_id === row.author_id
        ? t("chat.system.left", { name })
        : t("chat.system.removed", { name, other: nameOf(row.user_id) });
    case "renamed":
      return row.topic
        ? t("chat.system.renamedTopic", { name, room: row.name, topic: row.topic })
        : t("chat.system.renamed", { name, room: row.name });
    case "pinned":
      return t("chat.system.pinned", { name });
    default:
      return "";
  }
}
