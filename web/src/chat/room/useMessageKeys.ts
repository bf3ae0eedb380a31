import type { KeyboardEvent } from "react";
import { QUICK } from "../../lib/emoji";
import type { MessageEntry } from "../../lib/types";
import { pin, react } from "../actions";
import { useChat } from "../context";
import { useRoomUi } from "./ui";

/** Keys on a focused message: arrows walk, r replies, e edits, p pins, + likes, Delete deletes. */
export function useMessageKeys(message: MessageEntry) {
  const chat = useChat();
  const ui = useRoomUi();
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const mine = message.author_id === chat.engine.store.get().me?.id;
    const doing = action(event.key, message, mine);
    if (!doing) return;
    event.preventDefault();
    doing(event.currentTarget);
  };

  function action(
    key: string,
    of: MessageEntry,
    mine: boolean,
  ): ((row: HTMLElement) => void) | undefined {
    if (key === "ArrowUp") return (row) => step(row, -1);
    if (key === "ArrowDown") return (row) => (step(row, 1) ? undefined : ui.focusComposer());
    if (key === "Escape") return () => ui.focusComposer();
    if (of.deleted) return undefined;
    if (key === "r") return () => ui.setReplyTo(of.seq);
    if (key === "p") return () => void pin(chat, of);
    if (key === "+") return () => void react(chat, of, QUICK[0] as string);
    if (mine && key === "e") return () => ui.setEditing(of.seq);
    if (mine && key === "Delete") return () => ui.confirmDelete(of);
    return undefined;
  }
}

const MESSAGES = "article[data-seq]";

/** Up from the list itself leads into it, to the lowest message on screen. */
export function intoMessages(event: KeyboardEvent<HTMLElement>): void {
  const { currentTarget: list, target, key } = event;
  if (target !== list || key !== "ArrowUp") return;
  const edge = list.getBoundingClientRect().bottom;
  const rows = [...list.querySelectorAll<HTMLElement>(MESSAGES)];
  const lowest = rows.findLast((row) => row.getBoundingClientRect().top < edge);
  if (!lowest) return;
  event.preventDefault();
  lowest.focus();
}

/** Focus the message above or below; false at the end. */
function step(row: HTMLElement, by: number): boolean {
  const list = row.closest("[role=log]");
  const rows = [...(list?.querySelectorAll<HTMLElement>(MESSAGES) ?? [])];
  const next = rows[rows.indexOf(row) + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}
