import { type KeyboardEvent, type Ref, useImperativeHandle, useMemo, useRef } from "react";
import { GroupedVirtuoso, type GroupedVirtuosoHandle } from "react-virtuoso";
import { ContactRow } from "./ContactRow";
import styles from "./contacts.module.css";
import type { Part } from "./sections";
import type { Contact } from "./types";

export interface ListHandle {
  /** Put the focus on the first row. */
  enter(): void;
}

/** What every list on the page has in common. */
export interface Shared {
  ref: Ref<ListHandle>;
  onOpen(contact: Contact): void;
  /** The arrow up from the first row. */
  onLeave(): void;
}

interface Props extends Shared {
  parts: Part<Contact>[];
  query: string;
  label: string;
  onEnd(): void;
}

const PAGE = 10;
// As in the stylesheet: rows of a known height need no measuring while one walks through them.
const ROW_HEIGHT = 64;
const HEADING_HEIGHT = 34;

/** Rows under their headings, as many as there may be; the arrow keys walk from row to row. */
export function ContactList({ ref, parts, query, label, onOpen, onLeave, onEnd }: Props) {
  const rows = useMemo(() => parts.flatMap((part) => part.rows), [parts]);
  const counts = useMemo(() => parts.map((part) => part.rows.length), [parts]);
  const list = useRef<GroupedVirtuosoHandle>(null);
  const frame = useRef<HTMLDivElement>(null);

  const take = (at: number): boolean => {
    const row = frame.current?.querySelector<HTMLElement>(`[data-row="${at}"] button`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
    return row !== null && row !== undefined;
  };
  const focus = (index: number) => {
    if (index < 0) return onLeave();
    const at = Math.min(index, rows.length - 1);
    // The next row is nearly always there already; one that is far away has to be drawn first.
    if (!take(at)) list.current?.scrollIntoView({ index: at, done: () => void take(at) });
  };
  useImperativeHandle(ref, () => ({ enter: () => focus(0) }));

  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-row]");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = destination(event.key, Number(row.dataset.row), rows.length);
    if (to === null) return;
    event.preventDefault();
    focus(to);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows are the controls; the arrows are a short cut between them
    <div className={styles.frame} ref={frame} onKeyDown={onKeyDown}>
      <GroupedVirtuoso
        ref={list}
        className={styles.list}
        groupCounts={counts}
        fixedItemHeight={ROW_HEIGHT}
        fixedGroupHeight={HEADING_HEIGHT}
        groupContent={(at) => (
          <h2 className={styles.letter}>
            <span>{parts[at]?.label}</span>
          </h2>
        )}
        itemContent={(at) => {
          const contact = rows[at];
          if (!contact) return null;
          return (
            <div data-row={at} className={styles.slot}>
              <ContactRow contact={contact} query={query} onOpen={() => onOpen(contact)} />
            </div>
          );
        }}
        endReached={onEnd}
        increaseViewportBy={300}
        aria-label={label}
      />
    </div>
  );
}

/** The row that a key leads to from row *at* of *count*; -1 is above the list. Pure. */
export function destination(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, count - 1);
    case "ArrowUp":
      return at - 1;
    case "PageDown":
      return Math.min(at + PAGE, count - 1);
    case "PageUp":
      return Math.max(at - PAGE, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
