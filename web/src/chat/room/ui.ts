import { createContext, useContext } from "react";
import type { MessageEntry } from "../../lib/types";

/** What the parts of an open room tell each other. */
export interface RoomUi {
  roomId: string;
  editing: number | null;
  setEditing(seq: number | null): void;
  setReplyTo(seq: number | null): void;
  /** Ask before a message is deleted. */
  confirmDelete(message: MessageEntry): void;
  /** The menu of a message on a touch screen. */
  openSheet(message: MessageEntry): void;
  focusComposer(): void;
}

export const RoomUiContext = createContext<RoomUi | null>(null);

export function useRoomUi(): RoomUi {
  const ui = useContext(RoomUiContext);
  if (!ui) throw new Error("useRoomUi outside of a room");
  return ui;
}
