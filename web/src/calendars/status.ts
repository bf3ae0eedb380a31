import type { CalendarConnection, ConnectionStatus, Provider } from "./types";

/** How long without a good sync until what we know is called old. */
export const FRESH_MS = 30 * 60_000;

/** Providers that have contacts besides calendars. */
const WITH_CONTACTS: Provider[] = ["microsoft", "google", "caldav"];

/** How a connection is at *now* (milliseconds): what was told, made old by the clock. Pure. */
export function statusAt(connection: CalendarConnection, now: number): ConnectionStatus {
  const { status, synced_at } = connection;
  const old = synced_at !== null && now - Date.parse(synced_at) > FRESH_MS;
  return status === "synced" && old ? "stale" : status;
}

/** Of several, the one that wants to be told of: lost before old; none while all is well. Pure. */
export function worry(
  connections: CalendarConnection[],
  now: number,
): "reconnect" | "stale" | null {
  const found = connections.map((one) => statusAt(one, now));
  if (found.includes("reconnect")) return "reconnect";
  return found.includes("stale") ? "stale" : null;
}

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
