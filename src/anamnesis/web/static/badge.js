// @ts-check
/**
 * How a state looks and reads: words, colour and sign, for the note and for each section. No state
 * is decided here.
 */
import { SIGN } from "./signs.js";
import { timeOfDay, words } from "./words.js";

/** @typedef {import("./judgement.js").Shown} Shown */
/**
 * @typedef {{state: Shown, at?: number | undefined, code?: string | null, message?: string | null}}
 *   Verdict
 */

/** A change is read aloud only when it has lasted so long. */
export const ANNOUNCED_AFTER_MS = 2500;

/**
 * The colour of each state: never the only sign of it.
 * @type {Record<Shown, "quiet" | "red" | "amber" | "green">}
 */
export const COLOUR = {
  checking: "quiet",
  blank: "quiet",
  typing: "quiet",
  typed: "red",
  held: "amber",
  journaled: "amber",
  recorded: "green",
  unverified: "amber",
  differs: "amber",
  unseen: "red",
  refused: "red",
  outstanding: "red",
  "signed-out": "amber",
};

/**
 * What a badge says.
 * @param {Verdict} verdict
 * @param {boolean} brief for a section
 * @returns {string}
 */
export function badgeWords({ state, at, code, message }, brief) {
  const time = at === undefined ? "" : timeOfDay(at);
  const values = { time, message: reason({ code, message }) };
  return words(brief ? `section-${state}` : `badge-${state}`, values);
}

/**
 * Why it was refused: the keeper's sentence, or this page's for what it never sent.
 * @param {{code?: string | null | undefined, message?: string | null | undefined}} refusal
 */
function reason({ code, message }) {
  return message || (code ? words(`refusal-${code}`) : "");
}

/**
 * @param {HTMLElement} note
 * @param {Verdict} verdict
 */
export function paintNote(note, verdict) {
  for (const badge of document.querySelectorAll("[data-badge='note']")) {
    paint(/** @type {HTMLElement} */ (badge), verdict, badgeWords(verdict, false));
  }
  const help = document.querySelector("[data-badge-help]");
  if (help) setText(help, words(`help-${verdict.state}`, { message: reason(verdict) }));
  const show = note.querySelector("[data-show-recorded]");
  if (show instanceof HTMLElement)
    show.hidden = verdict.state !== "unseen" && verdict.state !== "differs";
  announce(verdict);
}

/**
 * @param {HTMLElement} note
 * @param {string} section
 * @param {Verdict} verdict
 */
export function paintSection(note, section, verdict) {
  const badge = note.querySelector(`[data-badge="${section}"]`);
  if (badge instanceof HTMLElement) paint(badge, verdict, badgeWords(verdict, true));
}

/**
 * @param {HTMLElement} badge
 * @param {Verdict} verdict
 * @param {string} text
 */
function paint(badge, verdict, text) {
  if (badge.dataset.state !== verdict.state) {
    badge.dataset.state = verdict.state;
    badge.dataset.colour = COLOUR[verdict.state];
  }
  const sign = badge.querySelector("[data-sign] path");
  if (sign && sign.getAttribute("d") !== SIGN[verdict.state]) {
    sign.setAttribute("d", SIGN[verdict.state]);
  }
  const isEmpty = text === "";
  if (badge.hidden !== isEmpty) badge.hidden = isEmpty;
  setText(badge.querySelector("[data-words]") ?? badge, text);
}

/**
 * @param {Element} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @type {Shown | null} */
let announced = null;
/** @type {{state: Shown, since: number} | null} */
let lasting = null;

/**
 * Says a state aloud once it has lasted; the ordinary coming and going while somebody types is not
 * news.
 * @param {Verdict} verdict
 */
export function announce(verdict) {
  const now = performance.now();
  if (lasting?.state !== verdict.state) lasting = { state: verdict.state, since: now };
  if (announced === verdict.state || now - lasting.since < ANNOUNCED_AFTER_MS) return;
  const news = document.querySelector("[data-announce='note']");
  const quiet = COLOUR[verdict.state] === "quiet";
  if (news && !quiet) setText(news, badgeWords(verdict, false));
  if (!quiet) announced = verdict.state;
}
