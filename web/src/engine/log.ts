import type { Entry, HistoryPage, MessageEntry } from "../lib/types";
import { isRow, type RoomLog, type Row } from "./state";

let generations = 0;

/** So many rows are kept, and stand on the page, at a time: some ten screens. */
const MAX_ROWS = 300;

/** A window from an earlier visit, as a window of this one. */
export function reopened(log: RoomLog): RoomLog {
  generations += 1;
  return { ...log, generation: generations };
}

/** Where *seq* is, or would be inserted, in rows sorted by seq. */
export function position(rows: readonly { seq: number }[], seq: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row && row.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function rowAt(rows: readonly Row[], seq: number): Row | undefined {
  const row = rows[position(rows, seq)];
  return row?.seq === seq ? row : undefined;
}

/** A new window from one page of history. *lastSeq*: the end of the log, known while asking. */
export function logFromPage(page: HistoryPage, lastSeq: number): RoomLog {
  const first = page.entries[0]?.seq ?? 1;
  const last = page.entries.at(-1)?.seq ?? 0;
  generations += 1;
  return {
    generation: generations,
    rows: page.entries.filter(isRow),
    from: page.at_start ? 1 : first,
    to: page.at_end ? Math.max(last, lastSeq) : last,
    atStart: page.at_start,
    atEnd: page.at_end,
  };
}

/** Put an older page in front; a window that grows too long loses its far end. */
export function withOlder(log: RoomLog, page: HistoryPage): RoomLog {
  const older = page.entries.filter((entry) => entry.seq < log.from);
  return withoutEnd({
    ...log,
    rows: [...older.filter(isRow), ...log.rows],
    from: page.at_start ? 1 : (older[0]?.seq ?? log.from),
    atStart: page.at_start || older.length === 0,
  });
}

/** Put a newer page behind, in the same manner; *lastSeq* as in `logFromPage`. */
export function withNewer(log: RoomLog, page: HistoryPage, lastSeq: number): RoomLog {
  const newer = page.entries.filter((entry) => entry.seq > log.to);
  const last = newer.at(-1)?.seq ?? log.to;
  const atEnd = page.at_end || newer.length === 0;
  return withoutStart(
    {
      ...log,
      rows: [...log.rows, ...newer.filter(isRow)],
      to: atEnd ? Math.max(last, lastSeq) : last,
      atEnd,
    },
    MAX_ROWS,
  );
}

function withoutEnd(log: RoomLog): RoomLog {
  if (log.rows.length <= MAX_ROWS) return log;
  const rows = log.rows.slice(0, MAX_ROWS);
  return { ...log, rows, to: rows.at(-1)?.seq ?? log.to, atEnd: false };
}

/** The last *kept* rows of a window. */
export function withoutStart(log: RoomLog, kept: number): RoomLog {
  if (log.rows.length <= kept) return log;
  const rows = log.rows.slice(-kept);
  return { ...log, rows, from: rows[0]?.seq ?? log.from, atStart: false };
}

/** What a change entry does to the message it names; others leave it as it is. */
export function changed(message: MessageEntry, change: Entry): MessageEntry {
  switch (change.kind) {
    case "edited":
      return {
        ...message,
        body: change.body,
        mentions: change.mentions ?? [],
        edited_at: change.sent_at,
      };
    case "deleted":
      return {
        ...message,
        body: "",
        mentions: [],
        reactions: {},
        deleted: true,
        pinned: false,
        edited_at: null,
      };
    case "pinned":
      return { ...message, pinned: change.on };
    case "reacted":
      return {
        ...message,
        reactions: reacted(message.reactions ?? {}, change.emoji, change.author_id, change.on),
      };
    default:
      return message;
  }
}

function reacted(
  reactions: Record<string, string[]>,
  emoji: string,
  userId: string,
  on: boolean,
): Record<string, string[]> {
  const others = (reactions[emoji] ?? []).filter((id) => id !== userId);
  const users = on ? [...others, userId] : others;
  const { [emoji]: _, ...rest } = reactions;
  if (users.length === 0) return rest;
  return emoji in reactions ? { ...reactions, [emoji]: users } : { ...rest, [emoji]: users };
}

/** The target of a change entry, or null for entries that stand for themselves. */
export function targetOf(entry: Entry): number | null {
  return "target" in entry ? entry.target : null;
}

/** The window after *entry*, which must be its next one when the window is at the end. */
export function withEntry(log: RoomLog, entry: Entry): RoomLog {
  let { rows, to } = log;
  if (log.atEnd) {
    if (entry.seq <= to) return log;
    to = entry.seq;
    if (isRow(entry)) rows = [...rows, entry];
  }
  const target = targetOf(entry);
  if (target !== null) {
    const index = position(rows, target);
    const row = rows[index];
    if (row?.seq === target && row.kind === "message") {
      rows = rows.with(index, changed(row, entry));
    }
  }
  return rows === log.rows && to === log.to ? log : { ...log, rows, to };
}
