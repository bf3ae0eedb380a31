import type { HistoryPage, MessageEntry } from "../lib/types";
import type { Engine } from "./engine";
import { logFromPage, rowAt, withNewer, withOlder, withoutStart } from "./log";
import type { RoomLog } from "./state";

const PAGE = 60;

/** Loads pages of rooms' logs into the engine's windows. Every method throws `Problem`. */
export class History {
  readonly #engine: Engine;
  readonly #busy = new Set<string>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Have a window on the room: at the first unread message, or at the end when all is read. */
  async open(roomId: string): Promise<void> {
    const room = this.#engine.store.get().rooms[roomId];
    if (!room || this.#log(roomId)) return;
    await this.#once(`open ${roomId}`, async () => {
      // Read markers count entries, unread counts messages: only with unread there is a place to open at.
      const place = room.unread > 0 ? { around: room.read_seq + 1 } : {};
      await this.#replace(roomId, place);
    });
  }

  async older(roomId: string): Promise<void> {
    const log = this.#log(roomId);
    if (!log || log.atStart) return;
    await this.#once(`older ${roomId}`, async () => {
      const page = await this.#page(roomId, { before: log.from });
      this.#change(roomId, log.generation, (now) => withOlder(now, page));
    });
  }

  async newer(roomId: string): Promise<void> {
    const log = this.#log(roomId);
    if (!log || log.atEnd) return;
    await this.#once(`newer ${roomId}`, async () => {
      const known = this.#lastSeq(roomId);
      const page = await this.#page(roomId, { after: log.to });
      this.#change(roomId, log.generation, (now) => withNewer(now, page, known));
      this.#catchUp(roomId);
    });
  }

  /** Have a window that contains *seq*. */
  async around(roomId: string, seq: number): Promise<void> {
    const log = this.#log(roomId);
    if (log && seq >= log.from && seq <= log.to) return;
    await this.#replace(roomId, { around: seq });
  }

  /** Have a window that ends where the room ends. */
  async latest(roomId: string): Promise<void> {
    if (this.#log(roomId)?.atEnd) return;
    await this.#replace(roomId, {});
  }

  /** Fetch one message for a quote, unless it is known already. */
  async quote(roomId: string, seq: number): Promise<void> {
    const { logs, quotes } = this.#engine.store.get();
    const log = logs[roomId];
    if ((log && rowAt(log.rows, seq)) || quotes[roomId]?.[seq] !== undefined) return;
    await this.#once(`quote ${roomId} ${seq}`, async () => {
      const page = await this.#page(roomId, { around: seq }, 1);
      const found = page.entries.find((entry) => entry.seq === seq);
      this.#rememberQuote(roomId, seq, found?.kind === "message" ? found : null);
    });
  }

  /** Nobody looks at the start of a window that has grown long: keep its end. */
  trim(roomId: string): void {
    const log = this.#log(roomId);
    if (!log?.atEnd || log.rows.length <= PAGE * 4) return;
    this.#change(roomId, log.generation, (now) => withoutStart(now, PAGE * 2));
  }

  #log(roomId: string): RoomLog | undefined {
    return this.#engine.store.get().logs[roomId];
  }

  #lastSeq(roomId: string): number {
    return this.#engine.store.get().rooms[roomId]?.last_seq ?? 0;
  }

  #page(roomId: string, place: object, limit = PAGE): Promise<HistoryPage> {
    return this.#engine.command("room.history", { room_id: roomId, ...place, limit });
  }

  async #replace(roomId: string, place: object): Promise<void> {
    const known = this.#lastSeq(roomId);
    const page = await this.#page(roomId, place);
    this.#engine.store.update((state) => ({
      ...state,
      logs: { ...state.logs, [roomId]: logFromPage(page, known) },
    }));
    this.#catchUp(roomId);
  }

  /** Entries that came while the page was on its way are in neither: fetch them. */
  #catchUp(roomId: string): void {
    const log = this.#log(roomId);
    if (log?.atEnd && log.to < this.#lastSeq(roomId)) void this.#engine.sync();
  }

  #change(roomId: string, generation: number, change: (log: RoomLog) => RoomLog): void {
    this.#engine.store.update((state) => {
      const log = state.logs[roomId];
      if (log?.generation !== generation) return state;
      return { ...state, logs: { ...state.logs, [roomId]: change(log) } };
    });
  }

  #rememberQuote(roomId: string, seq: number, message: MessageEntry | null): void {
    this.#engine.store.update((state) => ({
      ...state,
      quotes: { ...state.quotes, [roomId]: { ...state.quotes[roomId], [seq]: message } },
    }));
  }

  /** The same request is not made twice at a time. */
  async #once(key: string, work: () => Promise<void>): Promise<void> {
    if (this.#busy.has(key)) return;
    this.#busy.add(key);
    try {
      await work();
    } finally {
      this.#busy.delete(key);
    }
  }
}
