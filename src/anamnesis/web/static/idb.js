// @ts-check
/**
 * IndexedDB by promises, and nothing else: requests, and transactions that resolve when they are on
 * disk.
 */

/**
 * The answer to one request. Rejects with the request's own error.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * The last rows of this key in an index, oldest first.
 * @template T
 * @param {IDBIndex} index
 * @param {IDBValidKey} key
 * @param {number} max
 * @returns {Promise<T[]>}
 */
export function lastOf(index, key, max) {
  return new Promise((resolve, reject) => {
    /** @type {T[]} */
    const found = [];
    const request = index.openCursor(key, "prev");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor || found.length === max) return resolve(found.reverse());
      found.push(cursor.value);
      cursor.continue();
    };
  });
}

/**
 * Opens a database, creating its stores when it is new. Rejects when the browser refuses one.
 * @param {string} name
 * @param {number} version
 * @param {(database: IDBDatabase, from: number) => void} upgrade
 * @returns {Promise<IDBDatabase>}
 */
export function openDatabase(name, version, upgrade) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, version);
    opening.onupgradeneeded = (event) => upgrade(opening.result, event.oldVersion);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

/**
 * Runs `work` in one transaction. Resolves with its value only once the transaction is complete:
 * for "readwrite" that means flushed to the disk (durability "strict"). If `work` throws, nothing
 * is kept. `work` may await requests of this transaction only.
 * @template T
 * @param {IDBDatabase} database
 * @param {string[]} stores
 * @param {"readonly" | "readwrite"} mode
 * @param {(transaction: IDBTransaction) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function transact(database, stores, mode, work) {
  const transaction = database.transaction(stores, mode, { durability: "strict" });
  const complete = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = () => reject(transaction.error ?? new DOMException("", "AbortError"));
  });
  complete.catch(() => undefined); // `work` may fail first, and its own error says more
  try {
    const value = await work(transaction);
    await complete;
    return value;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // Already finished: the error is the one that matters.
    }
    throw error;
  }
}
