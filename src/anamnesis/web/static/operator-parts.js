// @ts-check
/** What the operator's page is built of: elements, instants, badges. */
import { words } from "./words.js";

/**
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} content
 * @returns {HTMLElement}
 */
export function made(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

/** @type {Record<string, string>} */
const COLOURS = {
  holds: "green",
  up: "green",
  listening: "green",
  walking: "green",
  waiting: "quiet",
  late: "amber",
  starting: "amber",
  off: "quiet",
  running: "green",
  trying: "amber",
  suspended: "red",
  open: "red",
  closed: "green",
};

/** @param {string} state @returns {HTMLElement} a badge in the state's words and colour */
export function stateChip(state) {
  return made(
    "span",
    { class: "badge", "data-colour": COLOURS[state] ?? "red" },
    words(`operator-state-${state}`),
  );
}

/** @param {string | null | undefined} at @returns {string} to the millisecond */
export function exactly(at) {
  if (!at) return "–";
  const style = /** @type {Intl.DateTimeFormatOptions} */ ({
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hour12: false,
  });
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(at));
}

/** @param {string | null | undefined} at @returns {string} day and time */
export function moment(at) {
  if (!at) return "–";
  const style = /** @type {const} */ ({ dateStyle: "medium", timeStyle: "medium" });
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(at));
}

/** @param {number} value @returns {string} as the reader writes numbers */
export function figure(value) {
  const style = { maximumFractionDigits: 3 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(value);
}

/**
 * @param {{practices: string[], practitioners: string[], share: number}} who
 * @returns {string} who gets a feature
 */
export function cohort({ practices, practitioners, share }) {
  const values = {
    practices: practices.length,
    practitioners: practitioners.length,
    share: figure(share * 100),
  };
  if (practices.length + practitioners.length) return words("operator-cohort", values);
  return words(share === 1 ? "operator-cohort-everybody" : "operator-cohort-share", values);
}

/** @param {string} name @param {...(Node | string)} content @returns {HTMLElement} */
export function pair(name, ...content) {
  return made("div", {}, made("dt", {}, words(name)), made("dd", {}, ...content));
}
