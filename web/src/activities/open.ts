import { Store } from "../engine/store";

/** The menu of my activity: null when closed; *ask* is a type that wants its end from the person. */
export interface QuickMenu {
  ask: string | null;
}

/** One for the page, since its button is in the rail, in a bar, or in the head of a room. */
export const quickMenu = new Store<QuickMenu | null>(null);

export function openQuickMenu(ask: string | null = null): void {
  quickMenu.set({ ask });
}

export function closeQuickMenu(): void {
  quickMenu.set(null);
}
