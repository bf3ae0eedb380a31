import { Problem } from "../lib/problem";
import type { MessageEntry } from "../lib/types";
import { OUTBOX, openDatabase, readAll, write } from "./database";
import { type Leadership, lead } from "./leadership";
import { Store } from "./store";

/** A message that the server has not confirmed yet. `order` is given by the database. */
export interface Unsent {
  order: number;
  client_id: string;
  room_id: string;
  body: string;
  reply_to: number | null;
  created_at: string;
  /** Set when the server refused it for good; the sentence is shown on the message. */
  refused?: string;
}

export interface OutboxDoors {
  connected(): boolean;
  send(item: Unsent): Promise<MessageEntry>;
  /** The server has it: show the entry before the pending row goes. */
  sent(entry: MessageEntry): void;
}

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** A tab that is connected takes over when its message has waited this long for another tab. */
const IMPATIENCE_MS = 2000;
/** Orders from here on are provisional: shown already, but not on disk yet. */
const PROVISIONAL = 2 ** 50;

/**
 * Messages on their way. Each is on disk before it is sent and leaves the disk after the server's ack.
 *
 * One tab at a time sends (see `lead`), each room in order: the next message leaves only when the one
 * before it is answered. Even if two tabs did send, each starts from the head and `client_id` makes
 * repeats harmless, so order and "once" hold; leadership only saves the double work.
 */
export class Outbox {
  readonly items = new Store<Unsent[]>([]);
  readonly #doors: OutboxDoors;
  readonly #userId: string;
  readonly #sending = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #database: IDBDatabase | null = null;
  #channel: BroadcastChannel | null = null;
  #leadership: Leadership | null = null;
  #opened: Promise<void> = Promise.resolve();
  #memoryOrder = 0;
  #closed = false;

  constructor(userId: string, doors: OutboxDoors) {
    this.#userId = userId;
    this.#doors = doors;
  }

  /** Load what was left by an earlier visit and begin to send it. */
  async open(): Promise<void> {
    this.#opened = this.#openStorage();
    await this.#opened;
    if (this.#closed) return;
    if (typeof BroadcastChannel !== "undefined") {
      this.#channel = new BroadcastChannel(`vaxel-outbox-${this.#userId}`);
      this.#channel.onmessage = () => void this.#reload();
    }
    await this.#reload();
    if (this.#closed) return;
    this.#leadership = lead(`vaxel-outbox-${this.#userId}`, this.#database, () => this.pump());
  }

  /** Show a message, keep it, and send it as soon as possible. Resolves when it is safe on disk. */
  async add(message: Omit<Unsent, "order" | "refused">): Promise<void> {
    const provisional = PROVISIONAL + ++this.#memoryOrder;
    this.items.update((items) => [...items, { ...message, order: provisional }]);
    await this.#opened;
    const order = this.#database ? await this.#keep(message) : this.#memoryOrder;
    this.items.update((items) =>
      inOrder(
        items.filter((item) => item.client_id !== message.client_id),
        { ...message, order },
      ),
    );
    this.#channel?.postMessage("changed");
    this.pump();
    setTimeout(() => this.#takeOverIfStuck(order), IMPATIENCE_MS);
  }

  /** Forget a message, refused or waiting. */
  async discard(clientId: string): Promise<void> {
    const item = this.items.get().find((one) => one.client_id === clientId);
    if (item) await this.#remove(item);
  }

  /** Send whatever may be sent now; called on connect, on leadership and on every change. */
  pump(): void {
    if (this.#closed || !this.#leadership?.leading || !this.#doors.connected()) return;
    const rooms = new Set(this.items.get().map((item) => item.room_id));
    for (const roomId of rooms) void this.#pumpRoom(roomId);
  }

  /** The connection is back: whatever waited for a retry need not wait longer. */
  retryNow(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#failures.clear();
    this.pump();
  }

  /** Remove everything from disk: the person signed out. */
  async clear(): Promise<void> {
    if (this.#database) await write(this.#database, OUTBOX, (objects) => objects.clear());
    this.items.set([]);
    this.#channel?.postMessage("changed");
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#leadership?.resign();
    this.#channel?.close();
    this.#database?.close();
  }

  async #openStorage(): Promise<void> {
    try {
      this.#database = await openDatabase(this.#userId);
    } catch {
      // Storage is forbidden (some private windows): the outbox then lives as long as the tab.
    }
  }

  async #pumpRoom(roomId: string): Promise<void> {
    if (this.#sending.has(roomId) || this.#timers.has(roomId)) return;
    this.#sending.add(roomId);
    try {
      for (let item = this.#head(roomId); item; item = this.#head(roomId)) {
        if (this.#closed || !this.#leadership?.leading || !this.#doors.connected()) return;
        const answered = await this.#attempt(item);
        if (!answered) return;
      }
    } finally {
      this.#sending.delete(roomId);
    }
  }

  #head(roomId: string): Unsent | undefined {
    return this.items
      .get()
      .find((item) => item.room_id === roomId && !item.refused && item.order < PROVISIONAL);
  }

  async #keep(message: Omit<Unsent, "order" | "refused">): Promise<number> {
    const database = this.#database as IDBDatabase;
    try {
      return Number(await write(database, OUTBOX, (objects) => objects.add(message)));
    } catch {
      // A full disk must not lose what was just written: send it from memory.
      return this.#memoryOrder;
    }
  }

  /** Send one; false when the room must pause. */
  async #attempt(item: Unsent): Promise<boolean> {
    try {
      const entry = await this.#doors.send(item);
      this.#failures.delete(item.room_id);
      this.#doors.sent(entry);
      await this.#remove(item);
      return true;
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem({ status: 500 });
      if (problem.type === "not-signed-in") return false;
      if (problem.passing) {
        this.#retryLater(item.room_id, problem);
        return false;
      }
      await this.#refuse(item, problem.detail || problem.title);
      return true;
    }
  }

  #retryLater(roomId: string, problem: Problem): void {
    // Offline there is nothing to count down to: the next connect calls `retryNow`.
    if (!this.#doors.connected() || this.#closed) return;
    const failures = (this.#failures.get(roomId) ?? 0) + 1;
    this.#failures.set(roomId, failures);
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
    const delay = problem.retryAfter
      ? problem.retryAfter * 1000 + Math.random() * 250
      : pause * (0.5 + Math.random());
    const timer = setTimeout(() => {
      this.#timers.delete(roomId);
      this.pump();
    }, delay);
    this.#timers.set(roomId, timer);
  }

  async #remove(item: Unsent): Promise<void> {
    if (this.#database) await write(this.#database, OUTBOX, (store) => store.delete(item.order));
    this.items.update((items) => items.filter((one) => one.order !== item.order));
    this.#channel?.postMessage("changed");
  }

  async #refuse(item: Unsent, refused: string): Promise<void> {
    const marked = { ...item, refused };
    if (this.#database) await write(this.#database, OUTBOX, (store) => store.put(marked));
    this.items.update((items) => items.map((one) => (one.order === item.order ? marked : one)));
    this.#channel?.postMessage("changed");
  }

  async #reload(): Promise<void> {
    if (!this.#database || this.#closed) return;
    const stored = await readAll<Unsent>(this.#database, OUTBOX).catch(() => null);
    if (!stored || this.#closed) return;
    const unsaved = this.items.get().filter((item) => item.order >= PROVISIONAL);
    this.items.set(inOrder(stored, ...unsaved));
    this.pump();
  }

  #takeOverIfStuck(order: number): void {
    const waiting = this.items.get().some((item) => item.order === order && !item.refused);
    if (waiting && this.#doors.connected() && !this.#closed) this.#leadership?.takeOver();
  }
}

function inOrder(items: Unsent[], ...more: Unsent[]): Unsent[] {
  return [...items, ...more].sort((a, b) => a.order - b.order);
}
