import { Problem } from "../lib/problem";
import type { Entry, Me, MessageEntry, Snapshot, SyncAnswer } from "../lib/types";
import { apply, type Fact, withoutStaleTyping } from "./facts";
import { Memory } from "./memory";
import { Outbox } from "./outbox";
import { cursorOf, emptyState, type State, withSnapshot } from "./state";
import { Store } from "./store";
import { openWire, type Wire, type WireEvents } from "./wire";

export interface EngineOptions {
  /** How to connect; the tests bring their own. */
  open?: (events: WireEvents) => Wire;
  random?: () => number;
  /** The session is over; the page asks for a new sign-in. */
  ended?: (reason: string) => void;
  /** A message by somebody else arrived just now. */
  arrived?: (entry: MessageEntry) => void;
}

/** Facts that come close together are applied together, so that the page renders once. */
const BATCH_MS = 12;
const TYPING_CHECK_MS = 1000;
const SNAPSHOT_SPREAD_MS = 5000;
const RETRY_MS = 2000;
const MAX_SYNC_ROUNDS = 20;

/**
 * Keeps a copy of what the server knows, for one signed-in person in one tab.
 *
 * Snapshot first, then facts; after a lost connection the missing entries, then a new snapshot at a
 * random moment so that a thousand clients do not ask at once.
 */
export class Engine {
  readonly store = new Store<State>(emptyState());
  readonly outbox: Outbox;
  readonly memory: Memory;
  readonly #wire: Wire;
  readonly #options: EngineOptions;
  readonly #typingClock: ReturnType<typeof setInterval>;
  #queue: Fact[] = [];
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #snapshotTimer: ReturnType<typeof setTimeout> | undefined;
  #sinceAsked: Fact[] | null = null;
  #syncing = false;
  #syncAgain = false;
  #closed = false;

  constructor(me: Me, options: EngineOptions = {}) {
    this.#options = options;
    this.store.update((state) => ({ ...state, me }));
    this.memory = new Memory(me.id);
    this.outbox = new Outbox(me.id, {
      connected: () => this.#wire.connected && this.store.get().current,
      send: ({ room_id, body, client_id, reply_to }) =>
        this.command<MessageEntry>("message.send", {
          room_id,
          body,
          client_id,
          ...(reply_to === null ? {} : { reply_to }),
        }),
      sent: (entry) => this.know(entry),
    });
    this.#wire = (options.open ?? openWire)({
      connected: () => void this.#onConnected(),
      disconnected: () => this.#onDisconnected(),
      fact: (fact) => this.#enqueue(fact),
      ended: (reason) => options.ended?.(reason),
    });
    this.#typingClock = setInterval(
      () => this.store.update((state) => withoutStaleTyping(state, Date.now())),
      TYPING_CHECK_MS,
    );
  }

  start(): void {
    this.#wire.connect();
    void this.outbox.open();
    void this.#remember();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#flushing);
    clearTimeout(this.#snapshotTimer);
    clearInterval(this.#typingClock);
    this.outbox.close();
    this.memory.close();
    this.#wire.close();
  }

  /** Send a command and return its data. Throws `Problem`. Facts heard before the ack are applied first. */
  async command<T>(name: string, data: object): Promise<T> {
    try {
      return await this.#wire.command<T>(name, data);
    } catch (error) {
      if (error instanceof Problem && error.type === "not-signed-in")
        this.#options.ended?.("refused");
      throw error;
    } finally {
      this.flush();
    }
  }

  /** Take an entry from an ack as if it had come as a fact: whichever is first counts. */
  know(entry: Entry): void {
    this.#enqueue({ name: "room.entry", data: { room_id: entry.room_id, entry } });
    this.flush();
  }

  /** Apply a fact we can tell ourselves, such as the answer to our own command. */
  tell(fact: Fact): void {
    this.#enqueue(fact);
    this.flush();
  }

  /** The network or the page is back: do not wait for the next attempt. */
  hurry(): void {
    this.#wire.hurry();
  }

  get connected(): boolean {
    return this.#wire.connected;
  }

  /** Apply the waiting facts now. */
  flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    const facts = this.#queue;
    if (facts.length === 0) return;
    this.#queue = [];
    this.#sinceAsked?.push(...facts);
    const before = this.store.get();
    this.#applyAll(facts);
    this.#announce(facts, before);
  }

  /** Ask for the snapshot again (soon), for instance when unread numbers may have drifted. */
  refreshSoon(): void {
    clearTimeout(this.#snapshotTimer);
    const random = this.#options.random ?? Math.random;
    this.#snapshotTimer = setTimeout(
      () => void this.#takeSnapshot(),
      random() * SNAPSHOT_SPREAD_MS,
    );
  }

  /** Show what this device knew last, unless the server was faster. */
  async #remember(): Promise<void> {
    const kept = await this.memory.load();
    if (this.#closed) return this.memory.close();
    if (kept && !this.store.get().current) {
      this.store.update((state) => ({ ...state, ...kept, ready: true }));
    }
    if (typeof document !== "undefined") this.memory.watch(this.store);
  }

  async #onConnected(): Promise<void> {
    this.store.update((state) => ({ ...state, connection: "online" }));
    if (!this.store.get().current) {
      await this.#takeSnapshot();
    } else {
      this.outbox.retryNow();
      await this.sync();
      this.refreshSoon();
    }
  }

  #onDisconnected(): void {
    clearTimeout(this.#snapshotTimer);
    this.#sinceAsked = null;
    if (!this.#closed) this.store.update((state) => ({ ...state, connection: "offline" }));
  }

  #enqueue(fact: Fact): void {
    this.#queue.push(fact);
    this.#flushing ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  #applyAll(facts: Fact[]): void {
    const now = Date.now();
    let state = this.store.get();
    let gap = false;
    for (const fact of facts) {
      const outcome = apply(state, fact, now);
      state = outcome.state;
      gap ||= outcome.gap !== undefined;
    }
    this.store.set(state);
    if (gap) void this.sync();
  }

  #announce(facts: Fact[], before: State): void {
    for (const fact of facts) {
      if (fact.name !== "room.entry" || fact.data.entry.kind !== "message") continue;
      const { entry } = fact.data;
      const fresh = entry.seq > (before.rooms[entry.room_id]?.last_seq ?? Number.MAX_SAFE_INTEGER);
      if (fresh && entry.author_id !== before.me?.id) this.#options.arrived?.(entry);
    }
  }

  async #takeSnapshot(): Promise<void> {
    this.#sinceAsked = [];
    let snapshot: Snapshot;
    try {
      snapshot = await this.command<Snapshot>("session.open", {});
    } catch {
      this.#sinceAsked = null;
      if (this.#wire.connected && !this.#closed) {
        this.#snapshotTimer = setTimeout(() => void this.#takeSnapshot(), RETRY_MS);
      }
      return;
    }
    // The snapshot may be older than facts that overtook it: apply those again, on top.
    const since = this.#sinceAsked ?? [];
    this.#sinceAsked = null;
    const first = !this.store.get().current;
    this.store.update((state) => {
      const next = withSnapshot(state, snapshot);
      return first ? withoutUnreadWindows(next) : next;
    });
    this.#applyAll(since);
    this.outbox.retryNow();
    if (this.#windowsBehind()) void this.sync();
  }

  #windowsBehind(): boolean {
    const state = this.store.get();
    return Object.keys(state.logs).some(
      (id) => cursorOf(state, id) < (state.rooms[id]?.last_seq ?? 0),
    );
  }

  /** Fetch the entries that are missing, for all rooms. One at a time; asked meanwhile, once more. */
  async sync(): Promise<void> {
    this.#syncAgain = true;
    if (this.#syncing) return;
    this.#syncing = true;
    try {
      for (let round = 0; this.#syncAgain && round < MAX_SYNC_ROUNDS; round += 1) {
        this.#syncAgain = false;
        const state = this.store.get();
        const cursors = Object.fromEntries(
          Object.keys(state.rooms).map((id) => [id, cursorOf(state, id)]),
        );
        this.#takeSync(await this.command<SyncAnswer>("room.sync", { cursors }));
      }
    } catch (error) {
      const passing = error instanceof Problem && error.passing;
      if (passing && this.#wire.connected) setTimeout(() => void this.sync(), RETRY_MS);
    } finally {
      this.#syncing = false;
    }
  }

  #takeSync(answer: SyncAnswer): void {
    for (const room of answer.joined) this.#queue.push({ name: "room.joined", data: { room } });
    for (const room_id of answer.left) this.#queue.push({ name: "room.left", data: { room_id } });
    for (const [roomId, part] of Object.entries(answer.rooms)) {
      if (part.limited) this.#startOver(roomId, part.last_seq);
      else {
        const facts = part.entries.map(
          (entry): Fact => ({ name: "room.entry", data: { room_id: roomId, entry } }),
        );
        this.#applyAll(facts);
      }
    }
    this.flush();
  }

  /** Too much was missed: drop the window, take the numbers from a new snapshot. */
  #startOver(roomId: string, lastSeq: number): void {
    this.store.update((state) => {
      const room = state.rooms[roomId];
      const { [roomId]: _, ...logs } = state.logs;
      if (!room) return { ...state, logs };
      const rooms = { ...state.rooms, [roomId]: { ...room, last_seq: lastSeq } };
      return { ...state, rooms, logs };
    });
    this.refreshSoon();
  }
}

/** Remembered windows with news in them open anew, at the first unread message. */
function withoutUnreadWindows(state: State): State {
  const read = Object.entries(state.logs).filter(([id]) => state.rooms[id]?.unread === 0);
  return { ...state, logs: Object.fromEntries(read) };
}
