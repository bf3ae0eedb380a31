import type { State } from "../engine/state";
import { t } from "../lib/i18n";
import { plain } from "../lib/markdown";
import type { MessageEntry, Person, Room } from "../lib/types";

/** The other person in a 1-1 room; myself in my notes. */
export function otherIn(room: Room, myId: string): string {
  return room.member_ids.find((id) => id !== myId) ?? myId;
}

export function roomName(room: Room, state: State): string {
  if (room.kind === "group") return room.name;
  const other = otherIn(room, state.me?.id ?? "");
  const name = state.people[other]?.name ?? t("chat.someone");
  return other === state.me?.id ? t("chat.notesToSelf", { name }) : name;
}

export function firstName(person: Person | undefined): string {
  return person?.name.split(" ")[0] ?? t("chat.someone");
}

/** The line under a room's name. */
export function preview(message: MessageEntry, room: Room, state: State): string {
  const text = message.deleted ? t("chat.deleted") : plain(message.body);
  if (message.author_id === state.me?.id) return t("chat.youSaid", { text });
  if (room.kind === "direct") return text;
  return `${firstName(state.people[message.author_id])}: ${text}`;
}

/** "Astrid, Birger och Cecilia" in the current language. */
export function nameList(names: string[], locale: string): string {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(names);
}

/** Rooms with the latest message first. */
export function byLatest(a: Room, b: Room): number {
  const latest = (room: Room) => room.last_message?.sent_at ?? room.created_at;
  return latest(b).localeCompare(latest(a));
}

/** Lower case without diacritics, so that "aström" finds "Åström". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** True when every word of *query* begins a word of *text*. */
export function matches(text: string, query: string): boolean {
  const words = folded(text).split(/[\s@.,_-]+/);
  return folded(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((wanted) => words.some((word) => word.startsWith(wanted)));
}
