import { takeLease } from "./database";

/** Whether this tab is the one that acts for all tabs of a person on this device. */
export interface Leadership {
  readonly leading: boolean;
  /** Become the leader now; the former one stops. */
  takeOver(): void;
  resign(): void;
}

const LEASE_MS = 6000;
const RENEW_MS = 2000;

/** Compete for *name* with the other tabs; *elected* is called whenever this tab begins to lead. */
export function lead(name: string, database: IDBDatabase | null, elected: () => void): Leadership {
  if (typeof navigator !== "undefined" && navigator.locks) return leadByLock(name, elected);
  if (database) return leadByLease(name, database, elected);
  // Neither locks nor storage: nothing is shared between tabs, so each sends its own.
  setTimeout(elected);
  return { leading: true, takeOver: () => {}, resign: () => {} };
}

/** The browser keeps the order and frees the lock when a tab closes or crashes. */
function leadByLock(name: string, elected: () => void): Leadership {
  let leading = false;
  let gone = false;
  let release = () => {};

  const hold = () =>
    new Promise<void>((resolve) => {
      if (gone) return resolve();
      release = resolve;
      leading = true;
      elected();
    });
  const compete = (steal: boolean) => {
    navigator.locks.request(name, steal ? { steal: true } : {}, hold).catch(() => {
      // Another tab took over; stand in line again for when it closes.
      leading = false;
      if (!gone) compete(false);
    });
  };
  compete(false);

  return {
    get leading() {
      return leading;
    },
    takeOver: () => {
      if (!leading) compete(true);
    },
    resign: () => {
      gone = true;
      leading = false;
      release();
    },
  };
}

/** Where the page is not a secure context there are no locks: a lease that must be renewed. */
function leadByLease(name: string, database: IDBDatabase, elected: () => void): Leadership {
  const holder = crypto.getRandomValues(new Uint32Array(2)).join("-");
  let leading = false;
  let gone = false;
  const renew = async (force = false) => {
    const now = Date.now();
    const expired = force ? Number.POSITIVE_INFINITY : now;
    const until = now + LEASE_MS;
    const taken = await takeLease(database, name, holder, expired, until).catch(() => false);
    if (gone) return;
    const begins = taken && !leading;
    leading = taken;
    if (begins) elected();
  };
  void renew();
  const timer = setInterval(() => void renew(), RENEW_MS);
  return {
    get leading() {
      return leading;
    },
    takeOver: () => void renew(true),
    resign: () => {
      gone = true;
      clearInterval(timer);
      // Let the next tab begin at once instead of when the lease runs out.
      if (leading) void takeLease(database, name, holder, Date.now(), 0).catch(() => false);
      leading = false;
    },
  };
}
