import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RoomLog } from "../../engine/state";
import type { Room } from "../../lib/types";
import { attempt } from "../actions";
import { useChat, useChatState, useStoreValue } from "../context";
import type { Item } from "./items";

const NEAR_BOTTOM_PX = 60;
/** Pages are fetched this long before their place is reached. */
const AHEAD_PX = 1800;
const ABOVE_FRESH_PX = 90;
const FLASH_MS = 2200;

interface Lit {
  seq: number;
  nonce: number;
}

interface Parts {
  room: Room;
  log: RoomLog;
  items: Item[];
  lit: Lit | null;
  /** The newest message of mine that is on its way. */
  newest: string | undefined;
  frame: RefObject<HTMLDivElement | null>;
  bottom: RefObject<boolean>;
  look: () => void;
}

/** Where the list stands: its start, the pages ahead, and that the bottom stays the bottom. */
export function useScroll(parts: Parts) {
  const { room, log, items, lit, newest, frame, bottom, look } = parts;
  const chat = useChat();
  const online = useChatState((state) => state.connection === "online" && state.current);
  const [atBottom, setAtBottom] = useState(true);
  const wantsEnd = useRef(false);

  const toBottom = useCallback(
    (behavior: ScrollBehavior) => {
      frame.current?.scrollTo({ top: frame.current.scrollHeight, behavior });
    },
    [frame],
  );
  const toLatest = useCallback(
    (behavior: ScrollBehavior) => {
      if (log.atEnd) return toBottom(behavior);
      wantsEnd.current = true;
      void attempt(() => chat.history.latest(room.id));
    },
    [log.atEnd, toBottom, chat, room.id],
  );
  const fetchAhead = useCallback(() => {
    const list = frame.current;
    // Without a connection there is nothing to fetch, and no need to say so at every turn of the wheel.
    if (!list || !online) return;
    const below = list.scrollHeight - list.scrollTop - list.clientHeight;
    const ignore = () => undefined;
    if (!log.atStart && list.scrollTop < AHEAD_PX) chat.history.older(room.id).catch(ignore);
    if (!log.atEnd && below < AHEAD_PX) chat.history.newer(room.id).catch(ignore);
  }, [frame, log, chat, room.id, online]);

  const size = useRef("");
  const keepAnchor = useOwnAnchor(log, frame);
  const onScroll = () => {
    const list = frame.current;
    if (!list) return;
    // Not the person moved the list but what is in it grew: what was at the bottom stays there.
    const grew = size.current !== sizeOf(list);
    size.current = sizeOf(list);
    if (grew && bottom.current) toBottom("instant");
    const now = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_BOTTOM_PX;
    bottom.current = now && log.atEnd;
    setAtBottom(now);
    keepOffTheEdge(list, log);
    keepAnchor();
    fetchAhead();
    look();
  };

  useStart(log, items, lit, frame, bottom, wantsEnd);
  useEffect(fetchAhead, [fetchAhead]);
  useStick(items, frame, bottom, toBottom);
  useOwnMessages(newest, toLatest);
  useEffect(() => {
    if (bottom.current && log.atEnd) chat.history.trim(room.id);
  }, [chat, room.id, log, bottom]);
  return { atBottom, onScroll, toLatest };
}

function sizeOf(list: HTMLElement): string {
  return `${list.scrollHeight} ${list.clientHeight}`;
}

/** The browser anchors the view only when it is not at the very top. */
function keepOffTheEdge(list: HTMLElement, log: RoomLog): void {
  if (list.scrollTop < 1 && !log.atStart) list.scrollTop = 1;
}

/** A new window opens at the message asked for, the first unread, or the end; before it is painted. */
function useStart(
  log: RoomLog,
  items: Item[],
  lit: Lit | null,
  frame: RefObject<HTMLDivElement | null>,
  bottom: RefObject<boolean>,
  wantsEnd: RefObject<boolean>,
): void {
  const opened = useRef(-1);
  useLayoutEffect(() => {
    const list = frame.current;
    if (!list || opened.current === log.generation) return;
    opened.current = log.generation;
    const fresh = items.find((item) => item.fresh)?.row?.seq;
    const target = rowElement(list, lit?.seq);
    const first = rowElement(list, fresh);
    const toEnd = wantsEnd.current;
    wantsEnd.current = false;
    if (toEnd) list.scrollTop = list.scrollHeight;
    else if (target) target.scrollIntoView({ block: "center" });
    else if (first) list.scrollTop = topIn(list, first) - ABOVE_FRESH_PX;
    else list.scrollTop = list.scrollHeight;
    const below = list.scrollHeight - list.scrollTop - list.clientHeight;
    bottom.current = log.atEnd && below < NEAR_BOTTOM_PX;
  }, [log.generation, log.atEnd, items, lit, frame, bottom, wantsEnd]);
}

function rowElement(list: HTMLElement, seq: number | undefined): HTMLElement | null {
  return seq === undefined ? null : list.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
}

function topIn(list: HTMLElement, row: HTMLElement): number {
  return list.scrollTop + row.getBoundingClientRect().top - list.getBoundingClientRect().top;
}

/** Whatever grows or shrinks (a message, a reaction, the composer): at the bottom one stays there. */
function useStick(
  items: Item[],
  frame: RefObject<HTMLDivElement | null>,
  bottom: RefObject<boolean>,
  toBottom: (behavior: ScrollBehavior) => void,
): void {
  // At once, too: a page put in front moves the view, and the scroll event would come before the observer.
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that come or go are the reason
  useLayoutEffect(() => {
    if (bottom.current) toBottom("instant");
  }, [items, bottom, toBottom]);
  useEffect(() => {
    const list = frame.current;
    const content = list?.firstElementChild;
    if (!list || !content) return;
    const observer = new ResizeObserver(() => bottom.current && toBottom("instant"));
    observer.observe(list);
    observer.observe(content);
    return () => observer.disconnect();
  }, [frame, bottom, toBottom]);
}

/** What I send I want to see: go to the end, from wherever I am. */
function useOwnMessages(
  newest: string | undefined,
  toLatest: (behavior: ScrollBehavior) => void,
): void {
  const last = useRef(newest);
  useEffect(() => {
    if (newest === last.current) return;
    last.current = newest;
    if (newest !== undefined) toLatest("instant");
  }, [newest, toLatest]);
}

const ANCHORS = CSS.supports("overflow-anchor", "auto");

/** What the other browsers do themselves, for those that do not: keep the first row where it is. */
function useOwnAnchor(log: RoomLog, frame: RefObject<HTMLDivElement | null>) {
  const anchor = useRef<{ seq: number; top: number } | null>(null);
  useLayoutEffect(() => {
    const list = frame.current;
    const kept = anchor.current;
    if (ANCHORS || !list || !kept) return;
    const row = rowElement(list, kept.seq);
    if (row && log.rows.length > 0) list.scrollTop += topIn(list, row) - list.scrollTop - kept.top;
  }, [log.rows, frame]);
  return () => {
    const list = frame.current;
    if (ANCHORS || !list) return;
    const edge = list.getBoundingClientRect().top;
    const rows = [...list.querySelectorAll<HTMLElement>("[data-seq]")];
    const first = rows.find((row) => row.getBoundingClientRect().bottom > edge);
    anchor.current = first
      ? { seq: Number(first.dataset.seq), top: first.getBoundingClientRect().top - edge }
      : null;
  };
}

/** Follow the jumps meant for this room; the message that was jumped to is lit for a moment. */
export function useJump(roomId: string, frame: RefObject<HTMLDivElement | null>): Lit | null {
  const chat = useChat();
  const jump = useStoreValue(chat.jump);
  const [lit, setLit] = useState<Lit | null>(null);
  useEffect(() => {
    if (jump?.roomId !== roomId) return;
    const { seq, nonce } = jump;
    chat.jump.set(null);
    setLit({ seq, nonce });
    void attempt(() => chat.history.around(roomId, seq)).then(() => {
      requestAnimationFrame(() => {
        if (frame.current) rowElement(frame.current, seq)?.scrollIntoView({ block: "center" });
      });
    });
  }, [chat, jump, roomId, frame]);
  useEffect(() => {
    if (!lit) return;
    const timer = setTimeout(() => setLit(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [lit]);
  return lit;
}
