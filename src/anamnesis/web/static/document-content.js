// @ts-check
/** A document's form and what it says: reading all of it, and showing a text in it. */
import { canonical } from "./canonical.js";

/**
 * @typedef {{drug: string, dose: string, frequency: string, duration: string, renewals: number,
 *   ald: boolean, note: string}} Line
 * @typedef {{id: string, type: string, title: string, date: string, recipient: string, body:
 *   string, lines: Line[], file: null}} Written
 */

export const LINES_MAX = 50;
export const RENEWALS_MAX = 99;
/** What stands for a drug not yet named while the rest of its line is typed: it is kept as well. */
export const NAMELESS = "—";

/** @type {Line} */
export const BLANK = {
  drug: "",
  dose: "",
  frequency: "",
  duration: "",
  renewals: 0,
  ald: false,
  note: "",
};

const TEXTS = /** @type {const} */ (["title", "date", "recipient", "body"]);
const OF_A_LINE = /** @type {const} */ (["drug", "dose", "frequency", "duration", "note"]);

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

/**
 * @param {ParentNode} parent
 * @param {string} name
 * @returns {Field | null}
 */
export function fieldOf(parent, name) {
  return parent.querySelector(`[name="${name}"]`);
}

/**
 * Whether somebody has changed a field since the page came: people type before scripts run.
 * @param {HTMLFormElement} form
 */
export function isTouched(form) {
  return Array.from(form.elements).some((field) => {
    if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
    if (!(field instanceof HTMLInputElement)) return false;
    return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  });
}

/**
 * Everything on the form as it is now; what has no field here stays as it was brought.
 * @param {HTMLElement} form
 * @param {Written} brought
 * @returns {Written}
 */
export function read(form, brought) {
  const texts = Object.fromEntries(
    TEXTS.map((name) => [name, fieldOf(form, name)?.value ?? brought[name]]),
  );
  const items = form.querySelector("[data-lines]")?.children;
  const lines = items ? Array.from(items, readLine) : brought.lines;
  return /** @type {Written} */ ({ ...brought, ...texts, lines: lines.filter((line) => line) });
}

/**
 * @param {Element} item
 * @returns {Line | null} null for a line in which nobody has typed
 */
export function readLine(item) {
  const texts = OF_A_LINE.map((name) => [name, fieldOf(item, name)?.value ?? ""]);
  const renewals = renewalsIn(fieldOf(item, "renewals")?.value ?? "");
  const ald = /** @type {HTMLInputElement | null} */ (fieldOf(item, "ald"))?.checked ?? false;
  if (texts.every(([, text]) => text === "") && renewals === 0) return null;
  const line = /** @type {Line} */ ({ ...Object.fromEntries(texts), renewals, ald });
  return { ...line, drug: line.drug || NAMELESS };
}

/**
 * @param {string} text
 * @returns {number} 0 for what is no number of renewals
 */
export function renewalsIn(text) {
  const number = /^\s*\d{1,2}\s*$/.test(text) ? Number(text) : 0;
  return Math.min(number, RENEWALS_MAX);
}

/**
 * Shows a text in the form; a field that says it already keeps its caret.
 * @param {HTMLElement} form
 * @param {Written} content
 * @param {() => Element} makeLine
 */
export function show(form, content, makeLine) {
  for (const name of TEXTS) put(fieldOf(form, name), content[name]);
  const list = form.querySelector("[data-lines]");
  if (!list) return;
  while (list.children.length > Math.max(content.lines.length, 1)) list.lastElementChild?.remove();
  while (list.children.length < Math.max(content.lines.length, 1)) list.append(makeLine());
  Array.from(list.children).forEach((item, place) => showLine(item, content.lines[place]));
}

/**
 * @param {Element} item
 * @param {Line | undefined} line
 */
export function showLine(item, line) {
  for (const name of OF_A_LINE) {
    const text = line?.[name] ?? "";
    put(fieldOf(item, name), name === "drug" && text === NAMELESS ? "" : text);
  }
  put(fieldOf(item, "renewals"), line?.renewals ? String(line.renewals) : "");
  const ald = fieldOf(item, "ald");
  if (ald instanceof HTMLInputElement) ald.checked = line?.ald ?? false;
}

/**
 * The content as one text, to compare with: canonical where it can be.
 * @param {Written} content
 * @returns {string}
 */
export function textOf(content) {
  try {
    return canonical(content);
  } catch {
    return JSON.stringify(content); // what cannot be digested is kept all the same, as refused
  }
}

/**
 * @param {Field | null} field
 * @param {string} text
 */
function put(field, text) {
  if (field && field.value !== text) field.value = text;
}
