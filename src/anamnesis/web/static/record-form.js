// @ts-check
/** Something in the record, written or changed: one entry, kept before the page says anything. */
import { newId } from "./identifiers.js";
import { submit } from "./page-outbox.js";
import { partialDay } from "./partial-day.js";
import { words } from "./words.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("resource"));
const withdrawal = /** @type {HTMLFormElement | null} */ (document.getElementById("in-error"));
const { patient = null, type = "", resource = "", back = "/" } = form.dataset;
/** What goes with each version and is not on the form. */
const carried = JSON.parse(document.getElementById("carried")?.textContent ?? "{}");
/** One id for all tries: sending again never makes a second one. */
const id = resource || newId();
const MINUTES_MAX = 1440;

/** @param {string} name @param {string} problem */
function tell(name, problem) {
  const place = form.querySelector(`[data-problem-of='${name}']`);
  if (place) place.textContent = problem;
  document.getElementById(`f-${name}`)?.setAttribute("aria-invalid", String(problem !== ""));
}

/**
 * @param {Record<string, any>} content
 * @param {string} name `a.b` is b inside of a
 * @param {string | boolean | number} value
 */
function put(content, name, value) {
  const [outer = name, inner] = name.split(".");
  if (inner === undefined) content[outer] = value;
  else content[outer] = { ...content[outer], [inner]: value };
}

/**
 * @param {HTMLInputElement} input
 * @param {string} value
 */
function worth(input, value) {
  if (input.name === "shared") return value === "yes";
  return "number" in input.dataset ? Math.round(Number(value)) : value;
}

/**
 * What was typed, as the entry has it; null when something has to be filled in first.
 * @returns {Record<string, any> | null}
 */
function typed() {
  /** @type {Record<string, any>} */
  const content = {};
  for (const field of form.querySelectorAll("input, select, textarea")) {
    const input = /** @type {HTMLInputElement} */ (field);
    const value = input.value.trim();
    const day = "day" in input.dataset ? partialDay(value) : value;
    put(content, input.name, worth(input, day ?? value));
    const digits = Number(input.dataset.digits ?? 0);
    if (day === null) tell(input.name, words("partial-day-unreadable"));
    else if (digits && value && !new RegExp(`^\\d{${digits}}$`).test(value))
      tell(input.name, words("field-digits", { digits }));
    else if ("number" in input.dataset && !(Number(value) >= 1 && Number(value) <= MINUTES_MAX))
      tell(input.name, words("field-minutes-wrong"));
    else tell(input.name, input.required && !value ? words("field-needed") : "");
  }
  const wrong = /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid='true']"));
  wrong?.focus();
  return wrong ? null : content;
}

/**
 * @param {HTMLFormElement} from
 * @param {string} kind
 * @param {Record<string, any>} content
 * @param {string} place
 */
async function send(from, kind, content, place) {
  const button = /** @type {HTMLButtonElement} */ (from.querySelector("[type='submit']"));
  button.disabled = true;
  const outcome = await submit({ kind, patient, content }, from.querySelector(place));
  // Kept, and not recorded yet: what is typed stays on the screen with the sentence that says so.
  if (outcome === "recorded") location.assign(back);
  else button.disabled = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const content = typed();
  if (content) void send(form, `${type}.write`, { id, ...carried, ...content }, "[data-notice]");
});

withdrawal?.addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = String(new FormData(withdrawal).get("reason") ?? "").trim();
  const field = /** @type {HTMLInputElement} */ (document.getElementById("in-error-reason"));
  if (!reason) return field.focus();
  void send(withdrawal, "resource.enter-in-error", { resource: id, reason }, "[data-error-notice]");
});

form.querySelector("[data-retire]")?.addEventListener("click", () => {
  void send(form, "resource.retire", { resource: id }, "[data-notice]");
});

for (const button of document.querySelectorAll("[type='submit']")) {
  /** @type {HTMLButtonElement} */ (button).disabled = false;
}
if (!resource) /** @type {HTMLElement | null} */ (form.querySelector("input"))?.focus();
