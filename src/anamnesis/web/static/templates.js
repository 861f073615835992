// @ts-check
/**
 * Models and shortcuts in the note's fields. They type as a person would, so that everything that
 * watches the fields sees it; where they fail, typing goes on.
 */
import { say } from "./encounter-page.js";
import { words } from "./words.js";

/** @typedef {{name: string, sections: Record<string, string>}} Template */
/** What is still to be filled in: [température]. */
const BLANK = /\[[^\]\n]{1,60}\]/g;

const form = /** @type {HTMLElement | null} */ (document.querySelector("form.note"));
const data = JSON.parse(document.getElementById("models")?.textContent ?? "null");
/** @type {Map<string, string>} */
const snippets = new Map(
  (data?.snippets ?? []).map((/** @type {any} */ one) => [one.abbreviation, one.text]),
);

const fields = () =>
  /** @type {HTMLTextAreaElement[]} */ ([...(form?.querySelectorAll("textarea") ?? [])]);

/**
 * Types into a field where its selection is; the browser's undo takes it back.
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
function type(field, text) {
  field.focus();
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** @param {Template} template */
function insert(template) {
  const filled = fields().filter((field) => field.value !== "" && template.sections[field.name]);
  for (const field of fields()) {
    const text = template.sections[field.name];
    if (text && field.value === "" && !field.readOnly) type(field, text);
  }
  say("editor", filled.length > 0 ? words("template-kept") : words("template-inserted"));
  if (!next(fields()[0], 0)) fields()[0]?.focus();
}

/**
 * Selects the next blank to fill in, from a place in a field on; false if there is none.
 * @param {HTMLTextAreaElement | undefined} from
 * @param {number} place
 */
function next(from, place) {
  const all = fields();
  for (const field of all.slice(from ? all.indexOf(from) : 0)) {
    BLANK.lastIndex = field === from ? place : 0;
    const found = BLANK.exec(field.value);
    if (!found) continue;
    field.focus();
    field.setSelectionRange(found.index, found.index + found[0].length);
    return true;
  }
  return false;
}

/**
 * Types last time's text at the end of its section: pressed for, and never by itself.
 * @param {HTMLElement} button
 */
function takeOver(button) {
  const field = fields().find((one) => one.name === button.dataset.previous);
  const text = button.closest("details")?.querySelector("blockquote")?.textContent ?? "";
  if (!field || field.readOnly) return;
  field.setSelectionRange(field.value.length, field.value.length);
  type(field, field.value === "" ? text : `\n${text}`);
  button.closest("details")?.removeAttribute("open");
  say("editor", words("previous-inserted"));
}

/** @param {KeyboardEvent} event */
function tabbed(event) {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement) || event.key !== "Tab") return;
  if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  // Only while a model is filled in: otherwise the key leaves the field, as it must.
  if (next(field, field.selectionEnd)) event.preventDefault();
  else filling = false;
}

/** Whether a model was put in and its blanks are being filled in; Escape ends it. */
let filling = false;

/** @param {Event} event */
function expand(event) {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement)) return;
  const typed = /** @type {InputEvent} */ (event).data;
  if (typed !== " " || field.selectionStart !== field.selectionEnd) return;
  const end = field.selectionStart - 1;
  const start = field.value.slice(0, end).search(/\S+$/);
  const text = start < 0 ? undefined : snippets.get(field.value.slice(start, end));
  if (text === undefined) return;
  field.setSelectionRange(start, end + 1);
  type(field, `${text} `);
}

if (form && data) {
  for (const button of document.querySelectorAll("[data-template]")) {
    button.addEventListener("click", () => {
      const place = Number(/** @type {HTMLElement} */ (button).dataset.template);
      filling = true;
      insert(data.templates[place]);
    });
  }
  for (const button of document.querySelectorAll("[data-previous]")) {
    button.addEventListener("click", () => takeOver(/** @type {HTMLElement} */ (button)));
  }
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") filling = false;
    else if (filling) tabbed(event);
  });
  form.addEventListener("input", expand);
}
