import type { Engine } from "./engine";

const TYPING_EVERY_MS = 3000;
const IDLE_AFTER_MS = 5 * 60_000;
const LOOK_EVERY_MS = 15_000;

/** "I am writing", at most every third second per room. */
export class TypingSignal {
  readonly #engine: Engine;
  readonly #last = new Map<string, number>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  typed(roomId: string): void {
    const now = Date.now();
    if (now - (this.#last.get(roomId) ?? 0) < TYPING_EVERY_MS || !this.#engine.connected) return;
    this.#last.set(roomId, now);
    this.#engine.command("room.typing", { room_id: roomId }).catch(() => {
      // A hint that did not get through is worth nothing a moment later.
    });
  }

  /** After sending, the next keystroke tells at once again. */
  stopped(roomId: string): void {
    this.#last.delete(roomId);
  }
}

/** Tells the server whether a person is at this window: visible, and touched within five minutes. */
export function watchActivity(engine: Engine): () => void {
  let lastTouch = Date.now();
  let told: boolean | null = null;
  const look = () => {
    const active = document.visibilityState === "visible" && Date.now() - lastTouch < IDLE_AFTER_MS;
    if (active === told || !engine.connected) return;
    told = active;
    engine.command("presence.active", { active }).catch(() => {
      told = null;
    });
  };
  const touch = () => {
    lastTouch = Date.now();
    if (told !== true) look();
  };
  const changed = () => {
    if (document.visibilityState === "visible") touch();
    look();
  };
  let connection = engine.store.get().connection;
  const unsubscribe = engine.store.subscribe(() => {
    const next = engine.store.get().connection;
    if (next === connection) return;
    connection = next;
    // A new connection counts as active; say so if that is wrong.
    told = true;
    if (next === "online") look();
  });
  const timer = setInterval(look, LOOK_EVERY_MS);
  const touches = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
  for (const name of touches) window.addEventListener(name, touch, { passive: true });
  document.addEventListener("visibilitychange", changed);
  return () => {
    unsubscribe();
    clearInterval(timer);
    for (const name of touches) window.removeEventListener(name, touch);
    document.removeEventListener("visibilitychange", changed);
  };
}

/** The network or the page came back: connect at once. */
export function watchNetwork(engine: Engine): () => void {
  const hurry = () => {
    if (document.visibilityState === "visible") engine.hurry();
  };
  const online = () => engine.hurry();
  window.addEventListener("online", online);
  document.addEventListener("visibilitychange", hurry);
  return () => {
    window.removeEventListener("online", online);
    document.removeEventListener("visibilitychange", hurry);
  };
}
