import type { CalendarConnection, Provider } from "./types";

export type Worry = "reconnect" | "stale";

/** Of several, the one that wants to be told of: lost before old; none while all is well. Pure. */
export function worryOf(connections: CalendarConnection[]): Worry | null {
  const found = connections.map(({ status }) => status);
  if (found.includes("reconnect")) return "reconnect";
  return found.includes("stale") ? "stale" : null;
}

/** Providers that have contacts besides calendars. */
const WITH_CONTACTS: Provider[] = ["microsoft", "google", "exchange", "caldav"];

export function hasContacts(provider: Provider): boolean {
  return WITH_CONTACTS.includes(provider);
}

/** Facts leave out the sentences of what went wrong: what is known of them stays while it holds. Pure. */
export function withTroubles(
  told: CalendarConnection[],
  known: CalendarConnection[] | null,
): CalendarConnection[] {
  return told.map((one) => {
    const before = known?.find(({ id }) => id === one.id);
    const same = before?.status === one.status && before.synced_at === one.synced_at;
    return same && !one.trouble ? { ...one, trouble: before.trouble } : one;
  });
}
