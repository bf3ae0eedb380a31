/** What a person has begun to write, per room; localStorage shares it between tabs by itself. */
export interface Draft {
  body: string;
  reply_to: number | null;
}

const EMPTY: Draft = { body: "", reply_to: null };

export class Drafts {
  readonly #prefix: string;
  readonly #listeners = new Set<(roomId: string) => void>();

  constructor(userId: string) {
    this.#prefix = `vaxel.draft.${userId}.`;
  }

  read(roomId: string): Draft {
    try {
      const text = localStorage.getItem(this.#prefix + roomId);
      return text ? { ...EMPTY, ...(JSON.parse(text) as Partial<Draft>) } : EMPTY;
    } catch {
      return EMPTY;
    }
  }

  write(roomId: string, draft: Draft): void {
    try {
      if (draft.body.trim() === "" && draft.reply_to === null) {
        localStorage.removeItem(this.#prefix + roomId);
      } else {
        localStorage.setItem(this.#prefix + roomId, JSON.stringify(draft));
      }
    } catch {
      // A full or forbidden storage costs the draft at reload, not the writing.
    }
    for (const listener of this.#listeners) listener(roomId);
  }

  /** The rooms in which something is begun. */
  rooms(): string[] {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.#prefix))
        .map((key) => key.slice(this.#prefix.length));
    } catch {
      return [];
    }
  }

  /** Hear of changes in this tab and, with `storage` events, in the others. */
  subscribe(listener: (roomId: string) => void): () => void {
    const elsewhere = (event: StorageEvent) => {
      if (event.key?.startsWith(this.#prefix)) listener(event.key.slice(this.#prefix.length));
    };
    this.#listeners.add(listener);
    window.addEventListener("storage", elsewhere);
    return () => {
      this.#listeners.delete(listener);
      window.removeEventListener("storage", elsewhere);
    };
  }

  clear(): void {
    for (const roomId of this.rooms()) this.write(roomId, EMPTY);
  }
}
