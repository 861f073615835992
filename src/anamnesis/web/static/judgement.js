// @ts-check
/**
 * What the screen may say about its own text: one decision, from facts only. Green has one line,
 * and it is the first.
 */

/** How long what the keeper read back stays good without being confirmed. */
export const FRESH_MS = 10_000;
/** How long a text may be in the page only before the screen says so in red. */
export const TYPED_MS = 3000;
/**
 * How long the screen may differ from the record, with nothing on its way, before the page is held
 * to be wrong.
 */
export const DIFFERS_MS = 5000;

/**
 * @typedef {"checking" | "blank" | "typing" | "typed" | "held" | "journaled" | "recorded" |
 *   "unverified" | "differs" | "unseen" | "refused" | "outstanding" | "signed-out"} Shown
 * @typedef {object} Facts
 * @property {number} now
 * @property {string | null} shown digest of the text on the screen; null while it is being computed
 * @property {boolean} isNew whether nothing was ever typed in this encounter, as far as is known
 * @property {number | null} unsavedSince since when a text is in the page only
 * @property {{state: string, code: string | null, message: string | null} | null} row the outbox's
 *   entry of that text
 * @property {{digest: string, version: number, at: number} | null} record what the keeper last read
 *   back, and when
 * @property {boolean} [journaled] whether the keeper said that this text is in the journal
 * @property {boolean} doubted whether the keeper holds that the record has this text wrongly
 * @property {boolean} linked whether the last report to the keeper was answered
 * @property {"open" | "needed" | "other"} session
 * @property {number | null} differsSince since when the record holds another text than the screen
 * @property {boolean} faithful whether the page, as it came, showed the text that it declares
 */

/**
 * @param {Facts} facts
 * @returns {{state: Shown, at?: number, code?: string | null, message?: string | null}}
 */
export function judge(facts) {
  const { now, shown, record, row, session, unsavedSince } = facts;
  const isOld = unsavedSince !== null && isOver(unsavedSince, now, TYPED_MS);
  if (shown === null) return { state: isOld ? "typed" : "typing" };
  const equal = record !== null && record.digest === shown;
  if (equal && !facts.doubted && facts.linked && isFresh(record.at, now)) {
    return record.version === 0 ? { state: "blank" } : { state: "recorded", at: record.at };
  }
  if (row?.state === "refused") return { state: "refused", code: row.code, message: row.message };
  if (row?.state === "outstanding")
    return { state: "outstanding", code: row.code, message: row.message };
  if (row?.state === "held") return { state: session === "open" ? "held" : "signed-out" };
  if (row?.state === "journaled") return { state: "journaled" };
  if (unsavedSince !== null) return { state: isOld ? "typed" : "typing" };
  if (session !== "open") return { state: "signed-out" };
  if (equal) return { state: "unverified", at: record.at };
  if (facts.journaled) return { state: "journaled" };
  if (record === null) return { state: facts.isNew ? "blank" : "checking" };
  const wrong =
    !facts.faithful || (facts.differsSince !== null && isOver(facts.differsSince, now, DIFFERS_MS));
  return { state: wrong ? "unseen" : "differs" };
}

/**
 * @param {number} at
 * @param {number} now
 */
export function isFresh(at, now) {
  return at <= now && now - at <= FRESH_MS; // a clock that was set back proves nothing
}

/**
 * @param {number} since
 * @param {number} now
 * @param {number} limit
 */
function isOver(since, now, limit) {
  return now - since > limit || since > now;
}

/**
 * The state of one section: that of the note, unless its text is exactly what the record has of it.
 * @param {Shown} note
 * @param {Facts} facts
 * @param {string} shown the section's text on the screen
 * @param {string | undefined} recorded in the record, where that is known
 * @returns {Shown}
 */
export function judgeSection(note, facts, shown, recorded) {
  const { record, linked, doubted, now } = facts;
  if (record === null || recorded !== shown) return note === "recorded" ? "unverified" : note;
  if (shown === "") return "blank";
  return linked && !doubted && isFresh(record.at, now) ? "recorded" : "unverified";
}
