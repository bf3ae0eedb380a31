import { MEMORY, openDatabase, read, write } from "./database";
import { reopened } from "./log";
import { cursorOf, type RoomLog, type State } from "./state";
import type { Store } from "./store";

/** What is kept of the state; presence and typing are not worth remembering. */
type Kept = Pick<
  State,
  "me" | "org" | "limits" | "people" | "activities" | "favourites" | "rooms" | "logs"
>;

const NAME = "state";
const SAVE_EVERY_MS = 10_000;
const KEPT_ROOMS = 15;
const KEPT_ROWS = 60;

/**
 * The last known state on this device, so that the app opens at once, and opens at all without a network.
 * It is only a start: the first snapshot replaces it.
 */
export class Memory {
  readonly #userId: string;
  #database: IDBDatabase | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: () => void = () => {};
  #forgotten = false;

  constructor(userId: string) {
    this.#userId = userId;
  }

  /** What was kept, or null where there is nothing or storage is forbidden. */
  async load(): Promise<Kept | null> {
    try {
      this.#database = await openDatabase(this.#userId);
      const row = await read<{ name: string; kept: Kept }>(this.#database, MEMORY, NAME);
      return row ? asOfToday(row.kept) : null;
    } catch {
      return null;
    }
  }

  /** Save from now on: a while after a change, and when the page is hidden. */
  watch(store: Store<State>): void {
    const hidden = () => document.visibilityState === "hidden" && this.#save(store.get());
    document.addEventListener("visibilitychange", hidden);
    const unsubscribe = store.subscribe(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#save(store.get());
      }, SAVE_EVERY_MS);
    });
    this.#stop = () => {
      unsubscribe();
      clearTimeout(this.#timer);
      document.removeEventListener("visibilitychange", hidden);
    };
  }

  /** The person signed out: nothing of theirs stays, and nothing is saved any more. */
  async clear(): Promise<void> {
    this.#forgotten = true;
    if (this.#database) await write(this.#database, MEMORY, (objects) => objects.clear());
  }

  close(): void {
    this.#stop();
    this.#database?.close();
    this.#database = null;
  }

  #save(state: State): void {
    if (!this.#database || !state.ready || this.#forgotten) return;
    const row = { name: NAME, kept: worthKeeping(state) };
    write(this.#database, MEMORY, (objects) => objects.put(row)).catch(() => {
      // A full disk: the next start is a little slower.
    });
  }
}

function asOfToday(kept: Kept): Kept {
  const logs = Object.entries(kept.logs).map(([id, log]) => [id, reopened(log)]);
  return { ...kept, logs: Object.fromEntries(logs) };
}

function worthKeeping(state: State): Kept {
  const { me, org, limits, people, activities, favourites, rooms } = state;
  const latest = Object.entries(state.logs)
    .filter(([id, log]) => log.atEnd && rooms[id])
    .sort(([a], [b]) => lastTime(state, b).localeCompare(lastTime(state, a)))
    .slice(0, KEPT_ROOMS)
    .map(([id, log]) => [id, shortened(log)]);
  const logs = Object.fromEntries(latest) as Record<string, RoomLog>;
  const numbered = Object.entries(rooms).map(([id, room]) => [
    id,
    { ...room, last_seq: cursorOf(state, id) },
  ]);
  return {
    me,
    org,
    limits,
    people,
    activities,
    favourites,
    rooms: Object.fromEntries(numbered),
    logs,
  };
}

function lastTime(state: State, roomId: string): string {
  return state.rooms[roomId]?.last_message?.sent_at ?? "";
}

function shortened(log: RoomLog): RoomLog {
  if (log.rows.length <= KEPT_ROWS) return log;
  const rows = log.rows.slice(-KEPT_ROWS);
  return { ...log, rows, from: rows[0]?.seq ?? log.from, atStart: false };
}
