import type { CalendarConnection } from "../calendars/types";
import type { Favourite, ImportProgress } from "../contacts/types";
import type {
  ActivityType,
  Entry,
  Me,
  MessageEntry,
  Org,
  Person,
  Presence,
  Room,
  RoomSettings,
} from "../lib/types";
import { changed, targetOf, withEntry } from "./log";
import { cursorOf, type State } from "./state";
import { type Counted, withCounted, withMessage } from "./unread";

/** Every fact that changes the state, by name, as the server sends it. */
export interface Facts {
  "room.entry": { room_id: string; entry: Entry };
  "room.joined": { room: Room };
  "room.left": { room_id: string };
  "room.read": { room_id: string; user_id: string; seq: number };
  "room.unread": { room_id: string } & Counted;
  "room.typing": { room_id: string; user_id: string };
  "room.settings": { room_id: string; settings: RoomSettings };
  "presence.changed": Presence[];
  "activities.changed": { activities: ActivityType[] };
  "person.changed": { person: Person };
  "org.changed": { org: Org };
  "me.changed": { me: Me };
  "favourites.changed": { favourites: Favourite[] };
  "contacts.changed": { scope: "personal" | "global" };
  "contacts.import": { import: ImportProgress };
  "connections.changed": { connections: CalendarConnection[] };
}

export type FactName = keyof Facts;
export type Fact = { [Name in FactName]: { name: Name; data: Facts[Name] } }[FactName];

export const FACT_NAMES: FactName[] = [
  "room.entry",
  "room.joined",
  "room.left",
  "room.read",
  "room.unread",
  "room.typing",
  "room.settings",
  "presence.changed",
  "activities.changed",
  "person.changed",
  "org.changed",
  "me.changed",
  "favourites.changed",
  "contacts.changed",
  "contacts.import",
  "connections.changed",
];

export const TYPING_LASTS_MS = 5000;

/** The outcome of a fact: the new state and, if entries are missing, the room they are missing in. */
export interface Outcome {
  state: State;
  gap?: string;
}

/** Apply one fact. Pure; *now* (milliseconds) only matters for typing. */
export function apply(state: State, fact: Fact, now: number): Outcome {
  switch (fact.name) {
    case "room.entry":
      return withRoomEntry(state, fact.data.entry);
    case "room.joined":
      return { state: withRoom(state, fact.data.room) };
    case "room.left":
      return { state: withoutRoom(state, fact.data.room_id) };
    case "room.read":
      return { state: patchRoom(state, fact.data.room_id, (room) => withRead(room, fact.data)) };
    case "room.unread": {
      const { room_id, ...counted } = fact.data;
      const log = state.logs[room_id];
      const myId = state.me?.id ?? "";
      return {
        state: patchRoom(state, room_id, (room) => withCounted(room, counted, log, myId)),
      };
    }
    case "room.settings": {
      const { room_id, settings } = fact.data;
      return { state: patchRoom(state, room_id, (room) => ({ ...room, settings })) };
    }
    case "room.typing":
      return { state: withTyping(state, fact.data.room_id, fact.data.user_id, now) };
    case "presence.changed":
      return { state: withPresences(state, fact.data) };
    case "activities.changed":
      return { state: { ...state, activities: fact.data.activities } };
    case "person.changed":
      return { state: withPerson(state, fact.data.person) };
    case "org.changed":
      return { state: { ...state, org: fact.data.org } };
    case "me.changed":
      return { state: { ...state, me: fact.data.me } };
    case "favourites.changed":
      return { state: { ...state, favourites: fact.data.favourites } };
    case "contacts.changed":
      return { state: { ...state, contactChanges: state.contactChanges + 1 } };
    case "contacts.import":
      return { state: { ...state, contactImport: fact.data.import } };
    case "connections.changed":
      return { state: { ...state, connections: fact.data.connections } };
  }
}

function patchRoom(state: State, id: string, change: (room: Room) => Room): State {
  const room = state.rooms[id];
  return room ? { ...state, rooms: { ...state.rooms, [id]: change(room) } } : state;
}

function withRoom(state: State, room: Room): State {
  const known = state.rooms[room.id];
  // A late "joined" must not wind a room back that has moved on meanwhile.
  if (known && known.last_seq >= room.last_seq) return state;
  return { ...state, rooms: { ...state.rooms, [room.id]: room } };
}

function withoutRoom(state: State, id: string): State {
  const { [id]: _room, ...rooms } = state.rooms;
  const { [id]: _log, ...logs } = state.logs;
  return { ...state, rooms, logs };
}

function withRead(room: Room, read: Facts["room.read"]): Room {
  if (!room.reads) return room;
  const seq = Math.max(read.seq, room.reads[read.user_id] ?? 0);
  return { ...room, reads: { ...room.reads, [read.user_id]: seq } };
}

function withTyping(state: State, roomId: string, userId: string, now: number): State {
  if (userId === state.me?.id) return state;
  const inRoom = { ...state.typing[roomId], [userId]: now + TYPING_LASTS_MS };
  return { ...state, typing: { ...state.typing, [roomId]: inRoom } };
}

/** Forget who has stopped typing. Returns the same state when nobody has. */
export function withoutStaleTyping(state: State, now: number): State {
  const typing: State["typing"] = {};
  let stale = false;
  for (const [roomId, users] of Object.entries(state.typing)) {
    const fresh = Object.entries(users).filter(([, until]) => until > now);
    if (fresh.length < Object.keys(users).length) stale = true;
    if (fresh.length > 0) typing[roomId] = Object.fromEntries(fresh);
  }
  return stale ? { ...state, typing } : state;
}

function withPresences(state: State, presences: Presence[]): State {
  const people = { ...state.people };
  let { me } = state;
  for (const presence of presences) {
    const person = people[presence.user_id];
    if (person) people[presence.user_id] = { ...person, presence };
    if (me?.id === presence.user_id) me = { ...me, presence };
  }
  return { ...state, people, me };
}

function withPerson(state: State, person: Person): State {
  // Presence has its own fact; the one riding along here may be older.
  const presence = state.people[person.id]?.presence ?? person.presence;
  return { ...state, people: { ...state.people, [person.id]: { ...person, presence } } };
}

function withRoomEntry(state: State, entry: Entry): Outcome {
  const room = state.rooms[entry.room_id];
  if (!room) return { state };
  const cursor = cursorOf(state, room.id);
  if (entry.seq <= cursor) return { state };
  if (entry.seq > cursor + 1) return { state, gap: room.id };
  // After a snapshot the room's numbers may be ahead of its window: then only the window moves.
  const counted = entry.seq <= room.last_seq;
  const next = counted
    ? { ...state }
    : patchRoom(state, room.id, (old) => afterEntry(old, entry, state.me?.id ?? ""));
  const log = state.logs[room.id];
  if (log) next.logs = { ...state.logs, [room.id]: withEntry(log, entry) };
  if (entry.kind === "message") next.typing = withoutTyper(state, entry);
  if (entry.kind === "pinned" || entry.kind === "deleted") {
    const changes = (state.pinChanges[room.id] ?? 0) + 1;
    next.pinChanges = { ...state.pinChanges, [room.id]: changes };
  }
  return { state: withQuoteChange(next, entry) };
}

function withoutTyper(state: State, entry: MessageEntry): State["typing"] {
  const users = state.typing[entry.room_id];
  if (!users || !(entry.author_id in users)) return state.typing;
  const { [entry.author_id]: _, ...others } = users;
  return { ...state.typing, [entry.room_id]: others };
}

function withQuoteChange(state: State, entry: Entry): State {
  const target = targetOf(entry);
  const quotes = state.quotes[entry.room_id];
  const quoted = target === null ? undefined : quotes?.[target];
  if (target === null || !quoted) return state;
  const inRoom = { ...quotes, [target]: changed(quoted, entry) };
  return { ...state, quotes: { ...state.quotes, [entry.room_id]: inRoom } };
}

/** The room's own numbers and names after its next entry. */
function afterEntry(room: Room, entry: Entry, myId: string): Room {
  const next = { ...room, last_seq: entry.seq };
  switch (entry.kind) {
    case "message":
      next.last_message = entry;
      next.last_count = entry.count;
      return withMessage(next, entry, myId);
    case "member_added":
      next.member_ids = [...new Set([...room.member_ids, ...entry.user_ids])];
      break;
    case "member_left":
      next.member_ids = room.member_ids.filter((id) => id !== entry.user_id);
      break;
    case "renamed":
      next.name = entry.name;
      next.topic = entry.topic;
      break;
    default:
      if (room.last_message && targetOf(entry) === room.last_message.seq) {
        next.last_message = changed(room.last_message, entry);
      }
  }
  return next;
}
