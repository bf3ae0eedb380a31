import { isNamed } from "../engine/unread";
import { t } from "../lib/i18n";
import { plain } from "../lib/markdown";
import type { MessageEntry } from "../lib/types";
import type { Chat } from "./context";
import { roomName } from "./names";
import { isMuted } from "./title";

const KEY = "vaxel.alerts";

export type AlertChoice = "on" | "off" | "unasked" | "impossible";

/** What the person chose on this device, as far as the browser allows it. */
export function alertChoice(): AlertChoice {
  if (typeof Notification === "undefined" || Notification.permission === "denied") {
    return "impossible";
  }
  const saved = localStorage.getItem(KEY);
  if (saved === "off") return "off";
  return Notification.permission === "granted" && saved === "on" ? "on" : "unasked";
}

/** Ask the browser; only ever called from a click. */
export async function turnAlertsOn(): Promise<boolean> {
  const permission = await Notification.requestPermission();
  localStorage.setItem(KEY, permission === "granted" ? "on" : "off");
  return permission === "granted";
}

export function turnAlertsOff(): void {
  localStorage.setItem(KEY, "off");
}

/** Show a desktop notification for a message, unless the room is quiet or the person is looking. */
export function notify(chat: Chat, entry: MessageEntry): void {
  const state = chat.engine.store.get();
  const room = state.rooms[entry.room_id];
  if (!room || alertChoice() !== "on" || isMuted(room) || document.hasFocus()) return;
  const named = isNamed(entry, state.me?.id ?? "");
  if (room.settings.notify === "mentions" && !named) return;
  const author = state.people[entry.author_id]?.name ?? t("chat.someone");
  const title = room.kind === "group" ? `${author} · ${roomName(room, state)}` : author;
  // One tag per room: several tabs, or several messages, make one notification.
  const note = new Notification(title, {
    body: plain(entry.body),
    tag: `vaxel-${room.id}`,
    icon: "/icon-192.png",
  });
  note.onclick = () => {
    window.focus();
    history.pushState(null, "", `/room/${room.id}`);
    dispatchEvent(new PopStateEvent("popstate"));
    note.close();
  };
}
