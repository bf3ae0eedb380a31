import { createContext, useContext, useRef, useSyncExternalStore } from "react";
import type { Drafts } from "../engine/drafts";
import type { Engine } from "../engine/engine";
import type { History } from "../engine/history";
import type { Unsent } from "../engine/outbox";
import type { Reading } from "../engine/reading";
import type { TypingSignal } from "../engine/signals";
import type { State } from "../engine/state";
import type { Store } from "../engine/store";
import type { Me, Person, Room } from "../lib/types";

/** Where to scroll to: a hit, a quoted message, a pin. `nonce` makes the same place news again. */
export interface Jump {
  roomId: string;
  seq: number;
  nonce: number;
}

export interface Chat {
  engine: Engine;
  history: History;
  reading: Reading;
  typing: TypingSignal;
  drafts: Drafts;
  jump: Store<Jump | null>;
  /** Whose contact card is open. */
  card: Store<string | null>;
}

export const ChatContext = createContext<Chat | null>(null);

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("useChat outside of ChatProvider");
  return chat;
}

function sameItems(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.is(Reflect.get(a, key), Reflect.get(b, key)));
}

/** A part of the state; renders again only when the part (or one of its items) is another. */
export function useChatState<T>(select: (state: State) => T): T {
  const { engine } = useChat();
  const last = useRef<{ value: T } | null>(null);
  return useSyncExternalStore(engine.store.subscribe, () => {
    const value = select(engine.store.get());
    if (last.current && sameItems(last.current.value, value)) return last.current.value;
    last.current = { value };
    return value;
  });
}

export function useStoreValue<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

export function useRoom(roomId: string): Room | undefined {
  return useChatState((state) => state.rooms[roomId]);
}

export function usePerson(userId: string): Person | undefined {
  return useChatState((state) => state.people[userId]);
}

export function useMyself(): Me {
  const me = useChatState((state) => state.me);
  if (!me) throw new Error("useMyself without anybody");
  return me;
}

/** Unsent messages of one room, in order. */
export function useUnsent(roomId: string): Unsent[] {
  const { engine } = useChat();
  const items = useStoreValue(engine.outbox.items);
  const last = useRef<Unsent[]>([]);
  const mine = items.filter((item) => item.room_id === roomId);
  if (!sameItems(mine, last.current)) last.current = mine;
  return last.current;
}
