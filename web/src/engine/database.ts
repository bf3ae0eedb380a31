/** A few promises over IndexedDB: one small database per person on this device. */

export const OUTBOX = "outbox";
export const LEASES = "leases";
export const MEMORY = "memory";

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Open (and at first create) the database of *userId*. Rejects where storage is forbidden. */
export function openDatabase(userId: string): Promise<IDBDatabase> {
  const request = indexedDB.open(`vaxel-${userId}`, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(OUTBOX, { keyPath: "order", autoIncrement: true });
    request.result.createObjectStore(LEASES, { keyPath: "name" });
    request.result.createObjectStore(MEMORY, { keyPath: "name" });
  };
  return done(request);
}

/** One object by its key, or undefined. */
export function read<T>(database: IDBDatabase, store: string, key: string): Promise<T | undefined> {
  return done<T | undefined>(database.transaction(store).objectStore(store).get(key));
}

/** Everything in a store, by key. */
export function readAll<T>(database: IDBDatabase, store: string): Promise<T[]> {
  return done<T[]>(database.transaction(store).objectStore(store).getAll());
}

/**
 * Read and write one store in one transaction; *work* must only await its requests' callbacks.
 * Resolves when the data is on disk ("strict" durability), not merely accepted.
 */
export async function write<T>(
  database: IDBDatabase,
  store: string,
  work: (objects: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const transaction = database.transaction(store, "readwrite", { durability: "strict" });
  const request = work(transaction.objectStore(store));
  // Said now, not when this tab hears of the request: it may be gone by then.
  transaction.commit();
  await finished(transaction);
  return request.result;
}

/** Take or renew a named lease until *until*, unless another holder has it. Atomic over tabs. */
export async function takeLease(
  database: IDBDatabase,
  name: string,
  holder: string,
  now: number,
  until: number,
): Promise<boolean> {
  const transaction = database.transaction(LEASES, "readwrite");
  const leases = transaction.objectStore(LEASES);
  let taken = false;
  const reading = leases.get(name);
  reading.onsuccess = () => {
    const lease = reading.result as { holder: string; until: number } | undefined;
    taken = !lease || lease.holder === holder || lease.until < now;
    if (taken) leases.put({ name, holder, until });
  };
  await finished(transaction);
  return taken;
}
