import { type ComponentType, lazy } from "react";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
const TRIES = 5; // before a server that answers is taken for a newer one, without this part
const RELOADED = "vaxel.reloaded-at";
const ONCE_IN = 60_000;

// biome-ignore lint/suspicious/noExplicitAny: as React's own lazy has it; each part has its own props
type Page = ComponentType<any>;
type Load<T extends Page> = () => Promise<{ default: T }>;

/** A part of the client that is fetched when it is first wanted, however long the server is away. */
export function lazily<T extends Page>(load: Load<T>) {
  return lazy(() => patiently(load));
}

/** What `load` finds; a lost connection is waited out, and the rest of the page goes on meanwhile. */
export async function patiently<T>(load: () => Promise<T>, reload = reloadOnce): Promise<T> {
  let pause = FIRST_PAUSE;
  for (let tries = 1; ; tries += 1) {
    try {
      return await load();
    } catch (error) {
      // An update may have taken away the file that this page knows: the new page knows the new one.
      if (tries >= TRIES && (await answers()) && !reload()) throw error;
      await changeOrPause(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }
}

/** A style sheet that did not come is asked for again; the part that wants it is shown meanwhile. */
export function mendStyles(target: Window = window): void {
  target.addEventListener("vite:preloadError", (event) => {
    const href = /preload CSS for (\S+)/.exec(String(event.payload?.message))?.[1];
    if (!href) return;
    event.preventDefault();
    void patiently(
      () => stylesheet(href),
      () => false,
    ).catch(() => undefined);
  });
}

function stylesheet(href: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(href));
    };
    document.head.append(link);
  });
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch("/health/live", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** Whether the page is being loaded anew; not again and again, should that not help. */
function reloadOnce(): boolean {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < ONCE_IN) return false;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
  return true;
}

function changeOrPause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
  });
}
