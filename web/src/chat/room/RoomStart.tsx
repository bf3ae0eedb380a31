import { Text, Title } from "@mantine/core";
import { t } from "../../lib/i18n";
import { dayName } from "../../lib/time";
import type { Room } from "../../lib/types";
import { useChatState } from "../context";
import { otherIn, roomName } from "../names";
import { RoomAvatar } from "../parts/Avatar";
import styles from "./MessageList.module.css";

/** The first thing in a room: what it is. */
export function RoomStart({ room }: { room: Room }) {
  const name = useChatState((state) => roomName(room, state));
  const creator = useChatState((state) => state.people[room.created_by]?.name ?? t("chat.someone"));
  const alone = useChatState((state) => otherIn(room, state.me?.id ?? "") === state.me?.id);
  const key = room.kind === "group" ? "group" : alone ? "self" : "direct";
  return (
    <div className={styles.start}>
      <RoomAvatar room={room} size={60} />
      <Title order={2} fz={22}>
        {name}
      </Title>
      <Text c="var(--ink-2)" fz="sm">
        {t(`chat.start.${key}`, { name, creator, day: dayName(room.created_at).toLowerCase() })}
      </Text>
    </div>
  );
}
