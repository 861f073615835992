// @ts-check
/** What a document's page may say about the text on it: decided from facts, then painted. */
import { announce, badgeWords, COLOUR } from "./badge.js";
import { TYPED_MS } from "./judgement.js";
import { SIGN } from "./signs.js";
import { words } from "./words.js";

/** @typedef {import("./badge.js").Verdict} Verdict */
/** @typedef {import("./outbox-store.js").Row} Row */
/**
 * @typedef {object} Facts
 * @property {number} now
 * @property {string | null} shown digest of what is on the form; null while it is being computed
 * @property {boolean} blank whether nobody has written anything in this document yet
 * @property {number | null} unsavedSince since when a text is on the form only
 * @property {Pick<Row, "state" | "code" | "message"> & {digest: string} | null} last the newest
 *   entry of this document in the outbox
 * @property {{digest: string, at: number} | null} readBack what the keeper said it read back of the
 *   newest entry, and when
 * @property {{digest: string} | null} current what the record has now, where that is known
 * @property {boolean} linked whether the keeper answered the last time
 * @property {"open" | "needed" | "other"} session
 */

/**
 * Green has one line: the newest entry is recorded, was read back, and is what the form shows.
 * @param {Facts} facts
 * @returns {Verdict}
 */
export function stateOf(facts) {
  const { now, shown, last, readBack, unsavedSince, current } = facts;
  if (shown === null || unsavedSince !== null) {
    // A clock that was set back proves nothing.
    const isOld =
      unsavedSince !== null && (now - unsavedSince > TYPED_MS || unsavedSince > now);
    return { state: isOld ? "typed" : "typing" };
  }
  if (facts.blank) return { state: "blank" };
  if (last && last.digest === shown && last.state !== "recorded") return waiting(last, facts);
  if (current !== null && current.digest !== shown) return { state: "differs" };
  if ((last === null || last.digest === shown) && readBack?.digest === shown) {
    return { state: facts.linked ? "recorded" : "unverified", at: readBack.at };
  }
  return { state: facts.session === "open" ? "checking" : "signed-out" };
}

/**
 * @param {NonNullable<Facts["last"]>} last
 * @param {Facts} facts
 * @returns {Verdict}
 */
function waiting({ state, code, message }, { session }) {
  if (state === "refused" || state === "outstanding") return { state, code, message };
  if (state === "journaled") return { state };
  return { state: session === "open" ? "held" : "signed-out" };
}

/** @param {Verdict} verdict */
export function paintState(verdict) {
  const badge = /** @type {HTMLElement | null} */ (
    document.querySelector("[data-badge='document']")
  );
  if (!badge) return;
  if (badge.dataset.state !== verdict.state) {
    badge.dataset.state = verdict.state;
    badge.dataset.colour = COLOUR[verdict.state];
    badge.querySelector("path")?.setAttribute("d", SIGN[verdict.state]);
  }
  setText(badge.querySelector("[data-words]"), badgeWords(verdict, false));
  const { message, code } = verdict;
  const reason = message || (code ? words(`refusal-${code}`) : "");
  const help = verdict.state === "differs" ? "document-differs" : `help-${verdict.state}`;
  setText(document.querySelector("[data-badge-help]"), words(help, { message: reason }));
  announce(verdict);
}

/**
 * @param {Element | null} element
 * @param {string} text
 */
function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
