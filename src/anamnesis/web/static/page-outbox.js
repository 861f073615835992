// @ts-check
/** The outbox of the practitioner a page was made for, and what pages do with it again and again. */
import { EntryRefused, openOutbox } from "./outbox.js";
import { words } from "./words.js";

/** How long a page waits for the record before it says that the entry is kept and on its way. */
export const RECORDED_WAIT_MS = 4000;

const { practitioner = "", practice = "", build = "" } = document.body.dataset;

/** @returns {Promise<import("./outbox.js").Outbox>} */
export function pageOutbox() {
  return openOutbox({ practitioner, practice, build });
}

/**
 * Keeps an entry and says where it is; resolves with the best state reached in time.
 * @param {import("./outbox.js").Deed} deed
 * @param {Element | null} notice where the reader is told
 * @returns {Promise<"recorded" | "kept" | "refused">}
 */
export async function submit(deed, notice) {
  const say = (/** @type {string} */ text) => {
    if (notice) notice.textContent = text;
  };
  try {
    const outbox = await pageOutbox();
    const row = await outbox.add(deed);
    say(words("badge-held"));
    await outbox.reached(row.entry.id, "recorded", RECORDED_WAIT_MS);
    say(words("submitted"));
    return "recorded";
  } catch (error) {
    if (error instanceof EntryRefused) {
      say(error.message);
      return "refused";
    }
    if (error instanceof DOMException && error.name === "TimeoutError") {
      say(words("submitted-later"));
      return "kept";
    }
    say(words("trouble-outbox-closed"));
    return "refused";
  }
}
