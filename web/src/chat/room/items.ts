import type { Unsent } from "../../engine/outbox";
import type { RoomLog, Row } from "../../engine/state";
import { sameDay } from "../../lib/time";
import type { MessageEntry } from "../../lib/types";

/** One row of the list, with what depends on its neighbours worked out. */
export interface Item {
  key: string;
  row: Row | null;
  unsent: Unsent | null;
  /** The day to write above it, as a time on that day. */
  day: string | null;
  /** Name and picture are shown; otherwise it continues the message above. */
  head: boolean;
  /** The first message that was not read when the room was opened. */
  fresh: boolean;
  /** Ids, joined by a comma, of those who have read up to here and no further. */
  seenBy: string;
}

const TOGETHER_MS = 5 * 60_000;

export interface Circumstances {
  myId: string;
  /** Messages by others after this seq are new; null when there is no such line. */
  freshAfter: number | null;
  reads: Record<string, number> | null;
}

/** The rows of a window and then what is still on its way. */
export function buildItems(log: RoomLog, unsent: Unsent[], about: Circumstances): Item[] {
  const items: Item[] = [];
  const seen = seenMarks(log.rows, about);
  // A window that begins later than the first unread message has no such line.
  let freshDone = about.freshAfter === null || log.from > about.freshAfter + 1;
  let before: Row | null = null;
  for (const row of log.rows) {
    const newDay: boolean = !before || !sameDay(before.sent_at, row.sent_at);
    const fresh: boolean = !freshDone && isNewTo(row, about);
    freshDone ||= fresh;
    items.push({
      key: keyOf(row),
      row,
      unsent: null,
      day: newDay ? row.sent_at : null,
      head: newDay || fresh || !continues(before, row),
      fresh,
      seenBy: seen.get(row.seq)?.join(",") ?? "",
    });
    before = row;
  }
  if (log.atEnd) items.push(...pending(log.rows, unsent, before, about.myId));
  return items;
}

function isNewTo(row: Row, { freshAfter, myId }: Circumstances): boolean {
  return row.seq > (freshAfter ?? 0) && row.kind === "message" && row.author_id !== myId;
}

/** The same key before and after the server's answer, so that the row stays where it is. */
function keyOf(row: Row): string {
  return row.kind === "message" && row.client_id
    ? `${row.author_id}:${row.client_id}`
    : `seq:${row.seq}`;
}

function continues(before: Row | null, row: Row): boolean {
  return (
    before?.kind === "message" &&
    row.kind === "message" &&
    before.author_id === row.author_id &&
    !row.reply_to &&
    Date.parse(row.sent_at) - Date.parse(before.sent_at) < TOGETHER_MS
  );
}

function pending(rows: Row[], unsent: Unsent[], last: Row | null, myId: string): Item[] {
  const arrived = new Set(
    rows.slice(-200).map((row) => (row.kind === "message" ? row.client_id : "")),
  );
  let lastAuthor = last?.kind === "message" ? last.author_id : "";
  let lastAt = last?.sent_at ?? null;
  return unsent
    .filter((item) => !arrived.has(item.client_id))
    .map((item) => {
      const newDay = lastAt === null || !sameDay(lastAt, item.created_at);
      const head = newDay || lastAuthor !== myId || item.reply_to !== null;
      lastAuthor = myId;
      lastAt = item.created_at;
      const key = `${myId}:${item.client_id}`;
      const day = newDay ? item.created_at : null;
      return { key, row: null, unsent: item, day, head, fresh: false, seenBy: "" };
    });
}

/** For each reader but me, the last message they have seen; not their own, that goes without saying. */
function seenMarks(rows: Row[], { reads, myId }: Circumstances): Map<number, string[]> {
  const marks = new Map<number, string[]>();
  if (!reads) return marks;
  for (const [userId, seq] of Object.entries(reads)) {
    if (userId === myId || seq === 0) continue;
    const last = lastMessageUpTo(rows, seq);
    if (!last || last.author_id === userId) continue;
    marks.set(last.seq, [...(marks.get(last.seq) ?? []), userId]);
  }
  return marks;
}

function lastMessageUpTo(rows: Row[], seq: number): MessageEntry | null {
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row && row.seq <= seq && row.kind === "message") return row;
  }
  return null;
}

/** My newest message that can still be edited. */
export function lastOwn(rows: Row[], myId: string): MessageEntry | null {
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.kind === "message" && row.author_id === myId && !row.deleted) return row;
  }
  return null;
}
