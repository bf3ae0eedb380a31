import { notifications } from "@mantine/notifications";
import { newId } from "../engine/ids";
import { sentence } from "../lib/api";
import type { Entry, MessageEntry, Room, RoomSettings } from "../lib/types";
import type { Chat } from "./context";

/** Run a command of the person; a refusal is shown as a passing note. True when it worked. */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    notifications.show({ message: sentence(error), color: "falu" });
    return false;
  }
}

export function send(chat: Chat, roomId: string, body: string, replyTo: number | null): void {
  chat.typing.stopped(roomId);
  void chat.engine.outbox.add({
    client_id: newId(),
    room_id: roomId,
    body,
    reply_to: replyTo,
    created_at: new Date().toISOString(),
  });
}

async function change(chat: Chat, name: string, data: object): Promise<void> {
  const entry = await chat.engine.command<Entry | Record<string, never>>(name, data);
  // A reaction that was there already answers with the unchanged state, which is no entry.
  if ("kind" in entry && entry.kind !== "message") chat.engine.know(entry);
}

export function edit(chat: Chat, message: MessageEntry, body: string): Promise<boolean> {
  const { room_id, seq } = message;
  return attempt(() => change(chat, "message.edit", { room_id, seq, body }));
}

export function remove(chat: Chat, { room_id, seq }: MessageEntry): Promise<boolean> {
  return attempt(() => change(chat, "message.delete", { room_id, seq }));
}

export function react(chat: Chat, message: MessageEntry, emoji: string): Promise<boolean> {
  const myId = chat.engine.store.get().me?.id ?? "";
  const on = !message.reactions?.[emoji]?.includes(myId);
  const { room_id, seq } = message;
  return attempt(() => change(chat, "message.react", { room_id, seq, emoji, on }));
}

export function pin(chat: Chat, message: MessageEntry): Promise<boolean> {
  const { room_id, seq } = message;
  return attempt(() => change(chat, "message.pin", { room_id, seq, on: !message.pinned }));
}

/** Take a room from an ack; `room.joined` may come before or after. */
function known(chat: Chat, room: Room): Room {
  chat.engine.tell({ name: "room.joined", data: { room } });
  return room;
}

export async function openDirect(chat: Chat, userId: string): Promise<Room> {
  return known(chat, await chat.engine.command<Room>("room.direct", { user_id: userId }));
}

export async function createGroup(chat: Chat, name: string, memberIds: string[]): Promise<Room> {
  const data = { name, member_ids: memberIds };
  return known(chat, await chat.engine.command<Room>("room.create", data));
}

export function updateRoom(chat: Chat, roomId: string, names: { name?: string; topic?: string }) {
  return attempt(async () => {
    await chat.engine.command("room.update", { room_id: roomId, ...names });
  });
}

export function addMembers(chat: Chat, roomId: string, userIds: string[]): Promise<boolean> {
  return attempt(async () => {
    await chat.engine.command("room.add", { room_id: roomId, user_ids: userIds });
  });
}

export function removeMember(chat: Chat, roomId: string, userId: string): Promise<boolean> {
  return attempt(async () => {
    await chat.engine.command("room.remove", { room_id: roomId, user_id: userId });
  });
}

export function leaveRoom(chat: Chat, roomId: string): Promise<boolean> {
  return attempt(async () => {
    await chat.engine.command("room.leave", { room_id: roomId });
    chat.engine.tell({ name: "room.left", data: { room_id: roomId } });
  });
}

export function setRoom(chat: Chat, roomId: string, settings: RoomSettings): Promise<boolean> {
  return attempt(async () => {
    const data = { room_id: roomId, ...settings };
    const saved = await chat.engine.command<RoomSettings>("room.settings", data);
    chat.engine.tell({ name: "room.settings", data: { room_id: roomId, settings: saved } });
  });
}

let jumps = 0;

/** Scroll the room to *seq* and light it up, loading what is needed. */
export function jumpTo(chat: Chat, roomId: string, seq: number): void {
  jumps += 1;
  chat.jump.set({ roomId, seq, nonce: jumps });
}
