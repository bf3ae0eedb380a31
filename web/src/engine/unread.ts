import type { MessageEntry, Room } from "../lib/types";
import type { RoomLog } from "./state";

/** What the server counted for us, up to and including the entry `as_of`. */
export interface Counted {
  read_seq: number;
  unread: number;
  mentions: number;
  as_of: number;
}

/** Whether a message is meant for *userId* in particular: by name, or as one of all. */
export function isNamed(message: MessageEntry, userId: string): boolean {
  const mentions = message.mentions ?? [];
  return mentions.includes(userId) || mentions.includes("all");
}

/** The room's numbers after one more message, unless the server has counted it already. */
export function withMessage(room: Room, message: MessageEntry, myId: string): Room {
  if (message.seq <= (room.counted_to ?? 0)) return room;
  if (message.author_id === myId) {
    return { ...room, read_seq: message.seq, unread: 0, mentions: 0 };
  }
  const mentions = room.mentions + (isNamed(message, myId) ? 1 : 0);
  return { ...room, unread: room.unread + 1, mentions };
}

/**
 * Take the server's numbers. They may be older than what we have heard since (then that is counted
 * on top), or newer (then what is on its way is not counted again).
 */
export function withCounted(
  room: Room,
  counted: Counted,
  log: RoomLog | undefined,
  myId: string,
): Room {
  const { as_of, ...numbers } = counted;
  let next: Room = { ...room, ...numbers, counted_to: as_of };
  for (const row of log?.rows ?? []) {
    if (row.kind === "message" && row.seq > as_of && row.seq <= room.last_seq) {
      next = withMessage(next, row, myId);
    }
  }
  return next;
}
