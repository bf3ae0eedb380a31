import type { Engine } from "./engine";
import type { Counted } from "./unread";

const PAUSE_MS = 250;

/** Moves read markers forward, a few times a second at most, and never for a window nobody looks at. */
export class Reading {
  readonly #engine: Engine;
  readonly #wanted = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The person has *seq* before their eyes. */
  seen(roomId: string, seq: number): void {
    const room = this.#engine.store.get().rooms[roomId];
    if (!room || seq <= room.read_seq || seq <= (this.#wanted.get(roomId) ?? 0)) return;
    this.#wanted.set(roomId, seq);
    this.#timer ??= setTimeout(() => void this.#send(), PAUSE_MS);
  }

  async #send(): Promise<void> {
    this.#timer = undefined;
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    for (const [room_id, seq] of wanted) {
      try {
        const ack = await this.#engine.command<Counted>("room.read", { room_id, seq });
        this.#engine.tell({ name: "room.unread", data: { room_id, ...ack } });
      } catch {
        // Not reached: the next look at the room says it again.
      }
    }
  }
}
