import { type KeyboardEvent, type RefObject, useRef } from "react";
import { folded } from "../chat/names";

/** How far away a row may begin and still be the same row, in pixels. */
const SAME_ROW = 4;

/** Arrow keys, Home, End and first letters in a menu whose items lie in rows and columns. */
export function useGrid(): {
  grid: RefObject<HTMLDivElement | null>;
  onKeyDown(event: KeyboardEvent): void;
} {
  const grid = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const items = [...(grid.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = target(items, at, event.key);
    if (to === undefined) return;
    event.preventDefault();
    items[to]?.focus();
  };
  return { grid, onKeyDown };
}

function target(items: HTMLElement[], at: number, key: string): number | undefined {
  const columns = columnsOf(items);
  const last = items.length - 1;
  switch (key) {
    case "ArrowRight":
      return at === last ? 0 : at + 1;
    case "ArrowLeft":
      return at <= 0 ? last : at - 1;
    case "ArrowDown":
      return at + columns <= last ? at + columns : Math.max(0, at) % columns;
    case "ArrowUp":
      return at - columns >= 0 ? at - columns : lastInColumn(last, columns, Math.max(0, at));
    case "Home":
      return 0;
    case "End":
      return last;
  }
  return /^\p{L}$/u.test(key) ? nextByLetter(items, at, key) : undefined;
}

function columnsOf(items: HTMLElement[]): number {
  const top = items[0]?.offsetTop ?? 0;
  return Math.max(1, items.filter((item) => Math.abs(item.offsetTop - top) < SAME_ROW).length);
}

function lastInColumn(last: number, columns: number, column: number): number {
  return last - ((((last - column) % columns) + columns) % columns);
}

function nextByLetter(items: HTMLElement[], at: number, letter: string): number | undefined {
  const order = items.map((_, index) => (at + 1 + index) % items.length);
  return order.find((index) => folded(items[index]?.textContent ?? "").startsWith(folded(letter)));
}
