import { type RefObject, useEffect, useRef } from "react";

/** Arrow down from the search to the list, and up and down in it. Put on what holds both. */
export function useRowKeys(): RefObject<HTMLDivElement | null> {
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = page;
    const pressed = (event: KeyboardEvent) => {
      if (!current || event.altKey) return;
      const to = neighbour(current, event.target as HTMLElement, event.key);
      if (!to) return;
      event.preventDefault();
      to.focus();
    };
    current?.addEventListener("keydown", pressed);
    return () => current?.removeEventListener("keydown", pressed);
  }, []);
  return page;
}

function neighbour(page: HTMLElement, from: HTMLElement, key: string) {
  const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  const inSearch = from.hasAttribute("data-people-search");
  if (step === 0 || !(inSearch || from.hasAttribute("data-person"))) return null;
  const rows = [...page.querySelectorAll<HTMLElement>("[data-person]")];
  const at = inSearch ? -1 : rows.indexOf(from);
  if (at + step < 0) return page.querySelector<HTMLElement>("[data-people-search]");
  return rows[at + step];
}
