// @ts-check
/**
 * An entry of the breach register, written or changed. What a form sends is the newest version with
 * only those fields changed that were changed here: nobody undoes what another wrote meanwhile.
 */
import { newId } from "./identifiers.js";
import { ordered } from "./operator-deed.js";
import { submit } from "./page-outbox.js";
import { jsonAt } from "./whole-answer.js";
import { words } from "./words.js";
import { instantOf } from "./zone-time.js";

/** @typedef {Record<string, any>} Content */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

const REASON_CHARACTERS_MIN = 20;
const DAY_MINUTE = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})$/;
const id = newId();
/** What the page was made with: the newest version where the server cannot be asked. @type {Content} */
const carried = JSON.parse(document.getElementById("content")?.textContent ?? "{}");

/** @param {HTMLFormElement} form @returns {Field[]} */
function fieldsOf(form) {
  const found = form.querySelectorAll("input[name], select[name], textarea[name]");
  return /** @type {Field[]} */ ([...found]);
}

/** @param {HTMLFormElement} form @param {string} name @param {string} problem */
function tell(form, name, problem) {
  const place = form.querySelector(`[data-problem-of='${name}']`);
  if (place) place.textContent = problem;
  const field = form.querySelector(`[name='${name}']`);
  field?.setAttribute("aria-invalid", String(problem !== ""));
}

/** @param {Content} content @param {string} name @param {any} value */
function put(content, name, value) {
  const [outer = name, inner] = name.split(".");
  if (inner === undefined) content[outer] = value;
  else content[outer] = { ...content[outer], [inner]: value };
}

/** @param {Field} field @param {string} zone */
function worth(field, zone) {
  const value = field.value.trim();
  if ("instant" in field.dataset) {
    const read = DAY_MINUTE.exec(value.slice(0, 16));
    if (!read) return value ? undefined : "";
    const [, day = "", hours, minutes] = read;
    return instantOf({ day, minute: Number(hours) * 60 + Number(minutes) }, zone);
  }
  if ("number" in field.dataset) {
    if (value === "") return field.required ? undefined : null;
    return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  }
  return value;
}

/** Whether a field says something else than when the page was made. @param {Field} field */
function isChanged(field) {
  if (field instanceof HTMLSelectElement)
    return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

/**
 * The fields that were changed here, with what they say now; null when something is wrong.
 * @param {HTMLFormElement} form
 * @param {boolean} whole every field, for an entry that is new
 * @returns {Map<string, any> | null}
 */
function changes(form, whole) {
  /** @type {Map<string, any>} */
  const found = new Map();
  const zone = form.dataset.zone ?? "Europe/Paris";
  for (const field of fieldsOf(form)) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") continue;
    if (!whole && !isChanged(field)) continue;
    const value = worth(field, zone);
    if (value === undefined) tell(form, field.name, words("register-field-wrong"));
    else if (field.required && !value && value !== 0) tell(form, field.name, words("field-needed"));
    else {
      tell(form, field.name, "");
      found.set(field.name, value);
    }
  }
  for (const set of form.querySelectorAll("[data-several]")) {
    const boxes = /** @type {HTMLInputElement[]} */ ([...set.querySelectorAll("input")]);
    if (!whole && boxes.every((box) => box.checked === box.defaultChecked)) continue;
    const name = /** @type {HTMLElement} */ (set).dataset.several ?? "";
    found.set(name, boxes.filter((box) => box.checked).map((box) => box.value));
  }
  for (const box of form.querySelectorAll("input[data-flag]")) {
    const flag = /** @type {HTMLInputElement} */ (box);
    if (whole || flag.checked !== flag.defaultChecked) found.set(flag.name, flag.checked);
  }
  return wrong(form) ? null : found;
}

/** Whether some field is marked as wrong; the first one gets the focus. @param {HTMLFormElement} form */
function wrong(form) {
  const field = /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid='true']"));
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
  return field !== null;
}

/**
 * The newest version of the entry, or what the page was made with.
 * @param {string} base @param {string} entry
 * @returns {Promise<{version: number, content: Content}>}
 */
async function newest(base, entry) {
  const known = { version: 0, content: { ...carried } };
  if (!entry) return known;
  // Without the server the entry is kept on the device all the same.
  return (await jsonAt(`${base}/${entry}/content`, { cache: "no-store" })) ?? known;
}

/**
 * @param {HTMLFormElement} form
 * @param {(content: Content) => void} change
 */
async function send(form, change) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type='submit']"));
  button.disabled = true;
  const { entry = "", base = "/register" } = form.dataset;
  const { version, content } = await newest(base, entry);
  change(content);
  const deed = { kind: "breach.write", patient: null, content: { ...content, id: entry || id } };
  const notice = form.querySelector("[data-notice]");
  /** @param {Response} answer */
  const shows = async (answer) => (await answer.json()).version > version;
  const outcome =
    base === "/register"
      ? await submit(deed, notice)
      : await ordered(deed, version, `${base}/${entry}/content`, shows, notice);
  if (outcome === "recorded") location.assign(`${base}/${entry || id}`);
  else button.disabled = false;
}

/** @param {string} name @param {(form: HTMLFormElement) => void} act */
function onSubmit(name, act) {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById(name));
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    act(form);
  });
}

onSubmit("entry", (form) => {
  const found = changes(form, !form.dataset.entry);
  if (!found) return;
  void send(form, (content) => found.forEach((value, name) => put(content, name, value)));
});

onSubmit("factors", (form) => {
  const fields = fieldsOf(form);
  /** @type {Record<string, number>} */
  const factors = {};
  /** @type {Record<string, string>} */
  const reasons = {};
  for (const field of fields) {
    const [group, name = ""] = field.name.split(".");
    if (group === "factors") factors[name] = Number(field.value);
    else if (field.value.trim()) reasons[name] = field.value.trim();
  }
  for (const field of fields) {
    const [group, name = ""] = field.name.split(".");
    if (group !== "factors") continue;
    const needed = field.value !== field.dataset.proposed && !reasons[name];
    tell(form, `factor_reasons.${name}`, needed ? words("severity-reason-needed") : "");
  }
  if (wrong(form)) return;
  void send(form, (content) => Object.assign(content, { factors, factor_reasons: reasons }));
});

onSubmit("decision", (form) => {
  const typed = new FormData(form);
  /** @type {Record<string, any>} */
  const decision = {};
  for (const name of ["notify", "inform"]) {
    const reason = String(typed.get(`${name}_reason`) ?? "").trim();
    decision[name] = typed.get(name) === "yes";
    decision[`${name}_reason`] = reason;
    const short = reason.replaceAll(/\s/g, "").length < REASON_CHARACTERS_MIN;
    tell(form, `${name}_reason`, short && !decision[name] ? words("decision-reason-needed") : "");
  }
  if (wrong(form)) return;
  const { practitioner = "", name = "" } = document.body.dataset;
  const signed = { ...decision, by: practitioner, by_name: name, at: new Date().toISOString() };
  void send(form, (content) => Object.assign(content, { decision: signed }));
});

for (const button of document.querySelectorAll("[type='submit']")) {
  /** @type {HTMLButtonElement} */ (button).disabled = false;
}
