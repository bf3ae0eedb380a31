import type { Chat } from "../chat/context";
import type { Presence } from "../lib/types";
import { AVAILABLE } from "./activity";

export interface Choice {
  activity_id: string;
  until?: string;
  note?: string;
  /** A colleague; left out it is I. */
  user_id?: string;
}

/** Choose an activity, mine or a colleague's; all see it at once. Throws `Problem`. */
export async function choose(chat: Chat, choice: Choice): Promise<void> {
  const presence = await chat.engine.command<Presence>("activity.choose", choice);
  chat.engine.tell({ name: "presence.changed", data: [presence] });
}

export function backToAvailable(chat: Chat, userId?: string): Promise<void> {
  return choose(chat, { activity_id: AVAILABLE, ...(userId ? { user_id: userId } : {}) });
}
