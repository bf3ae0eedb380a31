import { useRef, useSyncExternalStore } from "react";
import { attempt } from "../chat/actions";
import { useChat } from "../chat/context";
import type { Engine } from "../engine/engine";
import { Store } from "../engine/store";
import { api } from "../lib/api";
import type { Favourite, Marks } from "./types";

export type Target = "person" | "contact";

/** Changes that the server has not answered yet, by target. They lie on top of what it said last. */
type Waiting = Record<string, Partial<Marks>>;

export interface FavouriteHook extends Marks {
  /** Change some of the marks: shown at once, taken back when the server refuses. */
  set(marks: Partial<Marks>): Promise<boolean>;
}

export const UNMARKED: Marks = { star: false, vip: false, blocked: false };

const waiting = new WeakMap<Engine, Store<Waiting>>();
const turns = new WeakMap<Store<Waiting>, Promise<boolean>>();

/** What I have decided about a colleague or a contact, and how to change it. */
export function useFavourite(kind: Target, id: string): FavouriteHook {
  const { engine } = useChat();
  const marks = useMarks(engine, kind, id);
  return { ...marks, set: (changes) => setMarks(engine, kind, id, changes) };
}

/** Everything I have decided, with what is still on its way. */
export function useFavourites(): Favourite[] {
  const { engine } = useChat();
  const last = useRef<{ from: Favourite[]; changes: Waiting; list: Favourite[] } | null>(null);
  const read = () => {
    const from = engine.store.get().favourites;
    const changes = waitingOf(engine).get();
    if (last.current?.from !== from || last.current.changes !== changes) {
      last.current = { from, changes, list: withWaiting(from, changes) };
    }
    return last.current.list;
  };
  return useSyncExternalStore((listener) => subscribe(engine, listener), read);
}

/** Change a favourite: at once here, then there. Resolves to false when it was refused. */
export function setMarks(
  engine: Engine,
  kind: Target,
  id: string,
  changes: Partial<Marks>,
): Promise<boolean> {
  const key = `${kind}:${id}`;
  const store = waitingOf(engine);
  const mine = { ...store.get()[key], ...changes };
  store.update((all) => ({ ...all, [key]: mine }));
  // One at a time: two clicks on the same star must arrive in the order in which they were made.
  const before = turns.get(store) ?? Promise.resolve();
  const turn = before.then(() => put(engine, kind, id, changes, mine));
  turns.set(store, turn);
  return turn;
}

function put(
  engine: Engine,
  kind: Target,
  id: string,
  changes: Partial<Marks>,
  mine: Partial<Marks>,
): Promise<boolean> {
  const key = `${kind}:${id}`;
  return attempt(async () => {
    try {
      await api.put(`/api/favourites/${kind}/${id}`, changes);
      const known = engine.store.get().favourites;
      engine.tell({
        name: "favourites.changed",
        data: { favourites: marked(known, kind, id, changes) },
      });
    } finally {
      // A later click on the same star has its own answer to wait for.
      waitingOf(engine).update((all) => (all[key] === mine ? without(all, key) : all));
    }
  });
}

/** The list with one target's marks changed; a target that was not there gets a row. Pure. */
export function marked(
  favourites: Favourite[],
  kind: Target,
  id: string,
  changes: Partial<Marks>,
): Favourite[] {
  const found = favourites.find((one) => isOf(one, kind, id));
  if (found) {
    return favourites.map((one) => (one === found ? { ...one, ...changes } : one));
  }
  const target = kind === "person" ? { user_id: id } : { contact_id: id };
  return [
    ...favourites,
    { id: `${kind}:${id}`, kind, ...target, name: "", ...UNMARKED, ...changes },
  ];
}

/** The marks of one target in a list. Pure. */
export function marksIn(favourites: Favourite[], kind: Target, id: string): Marks {
  return favourites.find((one) => isOf(one, kind, id)) ?? UNMARKED;
}

function isOf(one: Favourite, kind: Target, id: string): boolean {
  return one.kind === kind && (kind === "person" ? one.user_id : one.contact_id) === id;
}

function useMarks(engine: Engine, kind: Target, id: string): Marks {
  const last = useRef<Marks>(UNMARKED);
  const read = () => {
    const known = marksIn(engine.store.get().favourites, kind, id);
    const next = { ...known, ...waitingOf(engine).get()[`${kind}:${id}`] };
    const { star, vip, blocked } = last.current;
    if (next.star !== star || next.vip !== vip || next.blocked !== blocked) {
      last.current = { star: next.star, vip: next.vip, blocked: next.blocked };
    }
    return last.current;
  };
  return useSyncExternalStore((listener) => subscribe(engine, listener), read);
}

function withWaiting(favourites: Favourite[], changes: Waiting): Favourite[] {
  let next = favourites;
  for (const [key, marks] of Object.entries(changes)) {
    const [kind, id = ""] = key.split(":");
    next = marked(next, kind as Target, id, marks);
  }
  return next;
}

function waitingOf(engine: Engine): Store<Waiting> {
  let store = waiting.get(engine);
  if (!store) {
    store = new Store<Waiting>({});
    waiting.set(engine, store);
  }
  return store;
}

function subscribe(engine: Engine, listener: () => void): () => void {
  const stops = [engine.store.subscribe(listener), waitingOf(engine).subscribe(listener)];
  return () => {
    for (const stop of stops) stop();
  };
}

function without(all: Waiting, key: string): Waiting {
  const { [key]: _, ...others } = all;
  return others;
}
