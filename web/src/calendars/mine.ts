import { useCallback, useEffect } from "react";
import { useClock } from "../activities/clock";
import { useChatState, useMyself, useStoreValue } from "../chat/context";
import { Store } from "../engine/store";
import { api } from "../lib/api";
import { mayHaveCalendars } from "./right";
import { withTroubles } from "./status";
import type { CalendarConnection, Connections, MyCalendar, ProviderOffer } from "./types";

/** What this tab knows of my calendars. */
export interface Mine {
  /** Null until it was told. */
  connections: CalendarConnection[] | null;
  providers: ProviderOffer[];
  calendar: MyCalendar | null;
  /** Why the connections could not be asked for. */
  error: unknown;
  /** The same of the week. */
  calendarError: unknown;
}

const NOTHING: Mine = {
  connections: null,
  providers: [],
  calendar: null,
  error: null,
  calendarError: null,
};

/** Facts may come in a row; one question answers them all. */
const SETTLE_MS = 300;
/** What goes well is not told, so it is asked for: who looks, and how far the day has come. */
const AGAIN_MS = 5 * 60_000;

/** One for the page: the rail, the menu and the page of calendars show the same. */
export const mine = new Store<Mine>(NOTHING);

let turn = 0;

export async function loadConnections(): Promise<void> {
  const asked = turn;
  try {
    const { connections, providers } = await api.get<Connections>("/api/connections");
    if (asked === turn) mine.update((old) => ({ ...old, connections, providers, error: null }));
  } catch (error) {
    if (asked === turn) mine.update((old) => ({ ...old, error }));
  }
}

export async function loadCalendar(): Promise<void> {
  const asked = turn;
  try {
    const calendar = await api.get<MyCalendar>("/api/me/calendar");
    if (asked === turn) mine.update((old) => ({ ...old, calendar, calendarError: null }));
  } catch (error) {
    if (asked === turn) mine.update((old) => ({ ...old, calendarError: error }));
  }
}

/** Show a connection as it is now; the server has answered so. */
export function putConnection(changed: CalendarConnection): void {
  mine.update((old) => {
    const known = old.connections ?? [];
    const there = known.some(({ id }) => id === changed.id);
    const connections = there
      ? known.map((one) => (one.id === changed.id ? changed : one))
      : [...known, changed];
    return { ...old, connections };
  });
}

export function dropConnection(id: string): void {
  mine.update((old) => ({
    ...old,
    connections: old.connections?.filter((one) => one.id !== id) ?? null,
  }));
}

export function useMine(): Mine {
  return useStoreValue(mine);
}

/** Keeps `mine` true while somebody is signed in: facts tell when to ask again. */
export function useCalendarWatch(): void {
  const online = useChatState((state) => state.connection === "online");
  const told = useChatState((state) => state.connections);
  const me = useMyself();
  const { activity, until } = me.presence;
  const some = (useMine().connections ?? []).length > 0 && mayHaveCalendars(me);
  const tick = useClock((now) => Math.floor(now / AGAIN_MS));

  const forget = useCallback(() => {
    turn += 1;
    mine.set(NOTHING);
  }, []);
  useEffect(() => forget, [forget]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the time has changed
  useEffect(() => {
    if (online && (!some || document.visibilityState === "visible")) void loadConnections();
  }, [online, some && tick]);
  useEffect(() => {
    if (told) mine.update((old) => ({ ...old, connections: withTroubles(told, old.connections) }));
  }, [told]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them may have changed the week
  useEffect(() => {
    if (!some) {
      mine.update((old) => ({ ...old, calendar: null }));
      return;
    }
    if (!online) return;
    const timer = setTimeout(() => void loadCalendar(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [some, online, told, activity, until, tick]);
}
