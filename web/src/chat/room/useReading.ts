import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { RoomLog } from "../../engine/state";
import type { Room } from "../../lib/types";
import { useChat } from "../context";

const LOOK_EVERY_MS = 150;

/** Messages after this seq are new to the person; set when the room opens or they look away. */
export function useFreshLine(room: Room, bottom: RefObject<boolean>): number | null {
  const [after, setAfter] = useState(room.unread > 0 ? room.read_seq : null);
  const before = useRef(room);
  useEffect(() => {
    const was = before.current;
    before.current = room;
    const watching = document.hasFocus() && bottom.current;
    if (was.unread === 0 && room.unread > 0 && !watching) setAfter(was.read_seq);
    const spoke = room.last_message?.seq !== was.last_message?.seq && room.unread === 0;
    if (spoke && room.read_seq === room.last_message?.seq && room.read_seq > was.read_seq) {
      setAfter((line) => (was.unread === 0 ? null : line));
    }
  }, [room, bottom]);
  return after;
}

/** Returns a function that marks as read what is on screen; call it when that may have changed. */
export function useReadMarker(
  room: Room,
  log: RoomLog,
  frame: RefObject<HTMLDivElement | null>,
): () => void {
  const { reading } = useChat();
  const hasRows = log.rows.length > 0;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const look = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      if (!document.hasFocus() || document.visibilityState !== "visible" || !frame.current) return;
      const seq = lastVisible(frame.current);
      if (seq) reading.seen(room.id, seq);
      // On a busy machine the list draws its rows later than this: look again then.
      else if (hasRows) look();
    }, LOOK_EVERY_MS);
  }, [room.id, reading, frame, hasRows]);

  useEffect(() => {
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [look]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new entry is a reason to look
  useEffect(look, [look, log.to]);
  return look;
}

/** The seq of the lowest message of which at least the first line is on screen. */
function lastVisible(frame: HTMLElement): number | null {
  const edge = frame.getBoundingClientRect().bottom - 16;
  const rows = frame.querySelectorAll<HTMLElement>("[data-seq]");
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row && row.getBoundingClientRect().top < edge) return Number(row.dataset.seq);
  }
  return null;
}
