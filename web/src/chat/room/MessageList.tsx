import { ActionIcon, Indicator, Loader } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import type { RoomLog } from "../../engine/state";
import { t } from "../../lib/i18n";
import type { Room } from "../../lib/types";
import { attempt } from "../actions";
import { useChat, useMyself, useStoreValue, useUnsent } from "../context";
import { buildItems, type Item } from "./items";
import { ListItem } from "./ListItem";
import styles from "./MessageList.module.css";
import { RoomStart } from "./RoomStart";
import { useFreshLine, useReadMarker } from "./useReading";

/** Indexes count down from here as older pages are put in front: the list then keeps its place. */
const FAR = 1_000_000;
const NEAR_BOTTOM_PX = 60;
/** Seen-by pictures are for rooms where one knows everybody. */
const SMALL_ROOM = 20;
const FLASH_MS = 2200;

interface Props {
  room: Room;
  log: RoomLog;
}

/** The messages of a room: opens at the first unread, pages both ways, stays at the bottom. */
export function MessageList({ room, log }: Props) {
  const chat = useChat();
  const myId = useMyself().id;
  const unsent = useUnsent(room.id);
  const list = useRef<VirtuosoHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [atBottom, setAtBottom] = useState(true);
  const bottom = useRef(true);
  const freshAfter = useFreshLine(room, bottom);
  const reads = room.member_ids.length <= SMALL_ROOM ? room.reads : null;
  const items = useMemo(
    () => buildItems(log, unsent, { myId, freshAfter, reads }),
    [log, unsent, myId, freshAfter, reads],
  );
  const lit = useJump(room.id, log, items, list);
  const start = useStart(log, items, lit);
  const first = useFirstIndex(log, items);
  const look = useReadMarker(room, log, frame);

  const toBottom = useCallback(
    (behavior: "auto" | "smooth") =>
      list.current?.scrollToIndex({ index: "LAST", align: "end", behavior }),
    [],
  );
  useStickToBottom(frame, bottom, toBottom);
  useOwnMessages(unsent.at(-1)?.client_id, room.id, log, toBottom);

  const settle = (now: boolean) => {
    bottom.current = now;
    setAtBottom(now);
    if (now) look();
  };
  return (
    <div className={styles.frame} ref={frame} data-testid="messages">
      <Virtuoso<Item>
        key={log.generation}
        ref={list}
        className={styles.list}
        role="log"
        aria-live="off"
        aria-label={t("chat.messages.label")}
        data={items}
        firstItemIndex={first}
        initialTopMostItemIndex={start}
        computeItemKey={(_, item) => item.key}
        itemContent={(_, item) => <ListItem item={item} lit={isLit(item, lit?.seq)} />}
        alignToBottom
        increaseViewportBy={{ top: 800, bottom: 500 }}
        atBottomThreshold={NEAR_BOTTOM_PX}
        atBottomStateChange={settle}
        followOutput={() => (log.atEnd && bottom.current ? "auto" : false)}
        totalListHeightChanged={() => bottom.current && log.atEnd && toBottom("auto")}
        startReached={() => void attempt(() => chat.history.older(room.id))}
        endReached={() => void attempt(() => chat.history.newer(room.id))}
        rangeChanged={look}
        onScroll={look}
        components={COMPONENTS}
        context={{ room, log }}
      />
      {!(atBottom && log.atEnd) && (
        <ToLatest
          unread={room.unread}
          onClick={() =>
            log.atEnd ? toBottom("smooth") : void attempt(() => chat.history.latest(room.id))
          }
        />
      )}
    </div>
  );
}

interface ListContext {
  room: Room;
  log: RoomLog;
}

const COMPONENTS = {
  Header: ({ context }: { context?: ListContext }) =>
    context?.log.atStart ? (
      <RoomStart room={context.room} />
    ) : (
      <div className={styles.more}>
        <Loader type="dots" size="sm" color="gray" aria-label={t("common.loading")} />
      </div>
    ),
  Footer: () => <div className={styles.foot} />,
};

function ToLatest({ unread, onClick }: { unread: number; onClick: () => void }) {
  return (
    <Indicator
      className={styles.latest}
      label={unread > 99 ? "99+" : unread}
      disabled={unread === 0}
      size={20}
      offset={5}
      color="falu"
    >
      <ActionIcon
        variant="default"
        size={42}
        radius="xl"
        onClick={onClick}
        aria-label={t("chat.messages.latest")}
        className={styles.latestButton}
      >
        <IconArrowDown size={20} stroke={1.8} />
      </ActionIcon>
    </Indicator>
  );
}

function isLit(item: Item, seq: number | undefined): boolean {
  return seq !== undefined && item.row?.seq === seq;
}

/** Where a new window opens: at the message asked for, the first unread, or the end. */
function useStart(log: RoomLog, items: Item[], lit: { seq: number } | null) {
  const place = () => {
    const wanted = lit ? items.findIndex((item) => item.row?.seq === lit.seq) : -1;
    if (wanted >= 0) return { index: wanted, align: "center" as const };
    const fresh = items.findIndex((item) => item.fresh);
    if (fresh >= 0) return { index: fresh, align: "start" as const, offset: -90 };
    return { index: Math.max(0, items.length - 1), align: "end" as const };
  };
  const start = useRef({ generation: -1, place: { index: 0 } as ReturnType<typeof place> });
  if (start.current.generation !== log.generation) {
    start.current = { generation: log.generation, place: place() };
  }
  return start.current.place;
}

/** The list's index of the first item, such that items keep theirs when others come in front. */
function useFirstIndex(log: RoomLog, items: Item[]): number {
  const anchor = useRef({ generation: -1, key: "" });
  if (anchor.current.generation !== log.generation || anchor.current.key === "") {
    anchor.current = { generation: log.generation, key: items[0]?.key ?? "" };
  }
  const { key } = anchor.current;
  const before = useMemo(
    () =>
      Math.max(
        0,
        items.findIndex((item) => item.key === key),
      ),
    [items, key],
  );
  return FAR - before;
}

/** Follow the jumps meant for this room; the message that was jumped to is lit for a moment. */
function useJump(
  roomId: string,
  log: RoomLog,
  items: Item[],
  list: React.RefObject<VirtuosoHandle | null>,
): { seq: number } | null {
  const chat = useChat();
  const jump = useStoreValue(chat.jump);
  const [lit, setLit] = useState<{ seq: number; nonce: number } | null>(null);
  const current = useRef({ log, items });
  current.current = { log, items };
  useEffect(() => {
    if (jump?.roomId !== roomId) return;
    const { seq, nonce } = jump;
    chat.jump.set(null);
    setLit({ seq, nonce });
    const { generation } = current.current.log;
    void attempt(() => chat.history.around(roomId, seq)).then(() => {
      requestAnimationFrame(() => {
        if (current.current.log.generation !== generation) return;
        const index = current.current.items.findIndex((item) => item.row?.seq === seq);
        if (index >= 0) list.current?.scrollToIndex({ index, align: "center" });
      });
    });
  }, [chat, jump, roomId, list]);
  useEffect(() => {
    if (!lit) return;
    const timer = setTimeout(() => setLit(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [lit]);
  return lit;
}

/** When the composer grows or the keyboard opens, what was at the bottom stays there. */
function useStickToBottom(
  frame: React.RefObject<HTMLDivElement | null>,
  bottom: React.RefObject<boolean>,
  toBottom: (behavior: "auto") => void,
): void {
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => bottom.current && toBottom("auto"));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, bottom, toBottom]);
}

/** What I send I want to see: go to the end, from wherever I am. */
function useOwnMessages(
  newest: string | undefined,
  roomId: string,
  log: RoomLog,
  toBottom: (behavior: "auto") => void,
): void {
  const chat = useChat();
  const last = useRef(newest);
  useEffect(() => {
    if (newest === last.current) return;
    last.current = newest;
    if (!newest) return;
    if (log.atEnd) requestAnimationFrame(() => toBottom("auto"));
    else void attempt(() => chat.history.latest(roomId));
  }, [newest, chat, roomId, log.atEnd, toBottom]);
}
