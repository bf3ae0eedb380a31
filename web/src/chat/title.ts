import type { Engine } from "../engine/engine";
import type { State } from "../engine/state";
import type { Room } from "../lib/types";

export function isMuted(room: Room, now = Date.now()): boolean {
  const { notify, muted_until } = room.settings;
  return notify === "none" || (muted_until !== null && Date.parse(muted_until) > now);
}

/** What deserves a number outside of the room list: all unread, or mentions only, as the room is set. */
export function attention(room: Room): number {
  if (isMuted(room)) return 0;
  return room.settings.notify === "mentions" ? room.mentions : room.unread;
}

export function totalAttention(state: State): number {
  return Object.values(state.rooms).reduce((sum, room) => sum + attention(room), 0);
}

/** "(3) Växel" in the tab, and a badge on the installed app's icon. */
export function watchTitle(engine: Engine): () => void {
  let shown = -1;
  const show = () => {
    const total = totalAttention(engine.store.get());
    if (total === shown) return;
    shown = total;
    document.title = total > 0 ? `(${total}) Växel` : "Växel";
    const badge = total > 0 ? navigator.setAppBadge?.(total) : navigator.clearAppBadge?.();
    badge?.catch(() => {
      // The badge is an extra that the browser may refuse.
    });
  };
  const stop = engine.store.subscribe(show);
  return () => {
    stop();
    document.title = "Växel";
  };
}
