import type { CalendarConnection } from "../calendars/types";
import type { Favourite, ImportProgress } from "../contacts/types";
import type {
  ActivityType,
  Entry,
  Limits,
  Me,
  MemberAddedEntry,
  MemberLeftEntry,
  MessageEntry,
  Org,
  Person,
  PinnedEntry,
  RenamedEntry,
  Room,
  Snapshot,
} from "../lib/types";

/** Entries that are shown as a row of their own; the others only change a message. */
export type Row = MessageEntry | MemberAddedEntry | MemberLeftEntry | RenamedEntry | PinnedEntry;

/**
 * A window on a room's log: every row from `from` to `to`, without holes.
 * When `atEnd` it grows with the room; otherwise it is a look back and stays as it is.
 */
export interface RoomLog {
  /** Changes when the window is another one, not when it only grows. */
  generation: number;
  rows: Row[];
  from: number;
  to: number;
  atStart: boolean;
  atEnd: boolean;
}

export type Connection = "connecting" | "online" | "offline";

export interface State {
  /** There is something to show, if only what this device remembers. */
  ready: boolean;
  /** A snapshot was taken since the page was opened. */
  current: boolean;
  connection: Connection;
  me: Me | null;
  org: Org | null;
  limits: Limits;
  people: Record<string, Person>;
  /** The company's kinds of activity, in order; hidden ones too. */
  activities: ActivityType[];
  rooms: Record<string, Room>;
  logs: Record<string, RoomLog>;
  /** Messages outside of any window that are quoted by a reply: room id -> seq -> message. */
  quotes: Record<string, Record<number, MessageEntry | null>>;
  /** Room id -> user id -> when the dots disappear (milliseconds). */
  typing: Record<string, Record<string, number>>;
  /** Room id -> how often its pins changed, so that an open list knows to ask again. */
  pinChanges: Record<string, number>;
  /** The callers that I have starred, let through or blocked. */
  favourites: Favourite[];
  /** How often contacts changed, so that an open list knows to ask again. */
  contactChanges: number;
  /** The latest news of a file of contacts on its way in. */
  contactImport: ImportProgress | null;
  /** My calendars' accounts, as they were told last; null when nothing has been told. */
  connections: CalendarConnection[] | null;
}

export const DEFAULT_LIMITS: Limits = {
  message_length: 8000,
  group_members: 1000,
  history_page: 200,
};

export function emptyState(): State {
  return {
    ready: false,
    current: false,
    connection: "connecting",
    me: null,
    org: null,
    limits: DEFAULT_LIMITS,
    people: {},
    activities: [],
    rooms: {},
    logs: {},
    quotes: {},
    typing: {},
    pinChanges: {},
    favourites: [],
    contactChanges: 0,
    contactImport: null,
    connections: null,
  };
}

export function isRow(entry: Entry): entry is Row {
  return (
    entry.kind === "message" ||
    entry.kind === "member_added" ||
    entry.kind === "member_left" ||
    entry.kind === "renamed" ||
    (entry.kind === "pinned" && entry.on)
  );
}

export function byId<T extends { id: string }>(list: T[]): Record<string, T> {
  return Object.fromEntries(list.map((item) => [item.id, item]));
}

/** Take a fresh snapshot. Windows are kept where the room is still ours. */
export function withSnapshot(state: State, snapshot: Snapshot): State {
  const rooms = byId(snapshot.rooms);
  const logs = Object.entries(state.logs).filter(([id]) => id in rooms);
  return {
    ...state,
    ready: true,
    current: true,
    me: snapshot.me,
    org: snapshot.org,
    limits: snapshot.limits ?? DEFAULT_LIMITS,
    people: byId(snapshot.people),
    activities: snapshot.activities ?? [],
    favourites: snapshot.favourites ?? [],
    rooms,
    logs: Object.fromEntries(logs),
  };
}

/** The last entry of a room that both its numbers and its window have seen. */
export function cursorOf(state: State, roomId: string): number {
  const seen = state.rooms[roomId]?.last_seq ?? 0;
  const log = state.logs[roomId];
  return log?.atEnd ? Math.min(seen, log.to) : seen;
}
