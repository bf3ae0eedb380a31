import { ActionIcon, Indicator, Loader } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useMemo, useRef, type WheelEvent } from "react";
import type { RoomLog } from "../../engine/state";
import { t } from "../../lib/i18n";
import type { Room } from "../../lib/types";
import { useMyself, useUnsent } from "../context";
import { buildItems } from "./items";
import { ListItem } from "./ListItem";
import styles from "./MessageList.module.css";
import { RoomStart } from "./RoomStart";
import { intoMessages } from "./useMessageKeys";
import { useFreshLine, useReadMarker } from "./useReading";
import { useJump, useScroll } from "./useScroll";

/** Seen-by pictures are for rooms where one knows everybody. */
const SMALL_ROOM = 20;

interface Props {
  room: Room;
  log: RoomLog;
}

/**
 * The messages of a room: opens at the first unread, pages both ways, stays at the bottom.
 *
 * Only the window's rows exist on the page, a few hundred at most; the browser's scroll anchoring
 * keeps the view still while rows come and go above it.
 */
export function MessageList({ room, log }: Props) {
  const myId = useMyself().id;
  const unsent = useUnsent(room.id);
  const frame = useRef<HTMLDivElement>(null);
  const bottom = useRef(true);
  const freshAfter = useFreshLine(room, bottom);
  const reads = room.member_ids.length <= SMALL_ROOM ? room.reads : null;
  const items = useMemo(
    () => buildItems(log, unsent, { myId, freshAfter, reads }),
    [log, unsent, myId, freshAfter, reads],
  );
  const look = useReadMarker(room, log, frame);
  const lit = useJump(room.id, frame);
  const newest = unsent.at(-1)?.client_id;
  const scroll = useScroll({ room, log, items, lit, newest, frame, bottom, look });

  return (
    <div className={styles.frame} data-testid="messages">
      <div
        ref={frame}
        className={styles.list}
        role="log"
        aria-live="off"
        aria-label={t("chat.messages.label")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of a scrolled area need its focus
        tabIndex={0}
        onScroll={scroll.onScroll}
        onKeyDown={intoMessages}
      >
        <div className={styles.content}>
          {log.atStart ? <RoomStart room={room} /> : <More />}
          {items.map((item) => (
            <ListItem
              key={item.key}
              item={item}
              lit={item.row !== null && item.row.seq === lit?.seq}
            />
          ))}
          {!log.atEnd && <More />}
        </div>
      </div>
      {!(scroll.atBottom && log.atEnd) && (
        <ToLatest
          unread={room.unread}
          onClick={() => scroll.toLatest("smooth")}
          onWheel={(event) => frame.current?.scrollBy({ top: event.deltaY })}
        />
      )}
    </div>
  );
}

function More() {
  return (
    <div className={styles.more}>
      <Loader type="dots" size="sm" color="gray" aria-label={t("common.loading")} />
    </div>
  );
}

interface ToLatestProps {
  unread: number;
  onClick(): void;
  /** The button floats over the list: a wheel that turns on it is meant for the list. */
  onWheel(event: WheelEvent): void;
}

function ToLatest({ unread, onClick, onWheel }: ToLatestProps) {
  return (
    <Indicator
      className={styles.latest}
      onWheel={onWheel}
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
