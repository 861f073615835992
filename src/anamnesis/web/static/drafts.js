// @ts-check
/**
 * What is being typed between two entries, put on the disk at short intervals and when the page
 * goes away: no digest and no number to wait for. A draft whose tab is dead becomes an entry as
 * soon as any page of this practitioner opens.
 */
import { answer } from "./idb.js";

/** @typedef {import("./outbox-store.js").Draft} Draft */
/** @typedef {import("./outbox-store.js").OutboxStore} OutboxStore */

const TAB_LOCK = "anamnesis-tab-";
/** How long a new page waits for the one before it in the same tab to be gone. */
export const PREVIOUS_PAGE_MS = 700;

/**
 * Puts a draft on the disk. Every request is made before this returns, so a page that is being
 * closed may call it.
 * @param {OutboxStore} store
 * @param {Draft} draft
 * @returns {boolean} false when there is no open database
 */
export function keepDraft(store, draft) {
  if (!store.database) return false;
  try {
    const transaction = store.database.transaction(["drafts"], "readwrite");
    transaction.objectStore("drafts").put(draft);
    transaction.commit();
    return true;
  } catch {
    return false; // the entry that follows is the promise; this is only the shorter interval
  }
}

/**
 * Says to other tabs that this one lives, for as long as it does; then waits for the page that was
 * in this tab before it (a reload) to be gone, so that its draft can be taken up.
 * @param {string} tab
 * @returns {Promise<void>}
 */
export async function holdTab(tab) {
  void navigator.locks.request(TAB_LOCK + tab, () => new Promise(() => undefined));
  const before = sessionStorage.getItem(TAB_LOCK);
  sessionStorage.setItem(TAB_LOCK, tab);
  if (before === null) return;
  const signal = AbortSignal.timeout(PREVIOUS_PAGE_MS);
  // A tab that was duplicated names a page that lives on: then its draft is its own affair.
  await navigator.locks
    .request(TAB_LOCK + before, { signal }, () => undefined)
    .catch(() => undefined);
}

/**
 * Hands over each draft whose tab is gone, to one tab only. `take` makes an entry of it, which
 * removes it.
 * @param {OutboxStore} store
 * @param {(draft: Draft) => Promise<void>} take
 * @returns {Promise<void>}
 */
export async function takeOrphans(store, take) {
  await navigator.locks.request(`${store.name}-drafts`, async () => {
    const held = (await navigator.locks.query()).held ?? [];
    const alive = new Set(held.map((lock) => lock.name));
    const drafts = await store.transact("readonly", (s) => answer(s.drafts.getAll()));
    for (const draft of /** @type {Draft[]} */ (drafts)) {
      if (!alive.has(TAB_LOCK + draft.tab)) await take(draft);
    }
  });
}
