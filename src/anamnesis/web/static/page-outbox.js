// @ts-check
/** The outbox of the practitioner a page was made for, and what pages do with it again and again. */
import { EntryRefused, openOutbox } from "./outbox.js";
import { words } from "./words.js";

/** @typedef {import("./outbox.js").Deed} Deed */
/** @typedef {import("./outbox-store.js").Row} Row */

/** How long a page waits for the record before it says that the entry is kept and on its way. */
export const RECORDED_WAIT_MS = 4000;

const { practitioner = "", practice = "", build = "" } = document.body.dataset;

/** @returns {Promise<import("./outbox.js").Outbox>} */
export function pageOutbox() {
  return openOutbox({ practitioner, practice, build });
}

/** @param {Element | null} notice @param {string} text */
function say(notice, text) {
  if (notice) notice.textContent = text;
}

/**
 * Keeps an entry on the device; resolves with its row, or null when it is in the page only, and
 * tells the reader so.
 * @param {Deed} deed
 * @param {Element | null} notice where the reader is told
 * @returns {Promise<Row | null>}
 */
export async function keep(deed, notice) {
  try {
    const outbox = await pageOutbox();
    const row = await outbox.add(deed);
    if (row.state !== "refused") return row;
    say(notice, row.message ?? words(`refusal-${row.code}`));
  } catch {
    say(notice, words("not-kept"));
  }
  return null;
}

/**
 * Keeps an entry and says where it is; resolves with the best state reached in time.
 * @param {Deed} deed
 * @param {Element | null} notice where the reader is told
 * @returns {Promise<"recorded" | "kept" | "refused">}
 */
export async function submit(deed, notice) {
  const row = await keep(deed, notice);
  if (!row) return "refused";
  const outbox = await pageOutbox();
  const { id } = row.entry;
  say(notice, words("badge-held"));
  try {
    await outbox.reached(id, "recorded", RECORDED_WAIT_MS);
    say(notice, words("submitted"));
    return "recorded";
  } catch (error) {
    if (error instanceof EntryRefused) {
      say(notice, error.message || words(`refusal-${error.code}`));
      return "refused";
    }
    const journaled = outbox.rows.get(id)?.state === "journaled";
    say(notice, words(journaled ? "submitted-journaled" : "submitted-held"));
    return "kept";
  }
}
