// @ts-check
/** A patient's identity, written down or amended: one entry, kept before the page says anything. */
import { newId } from "./identifiers.js";
import { submit } from "./page-outbox.js";
import { words } from "./words.js";

const FIELDS = ["birth_name", "used_name", "first_names", "birth_date", "sex", "birth_place", "telephone", "address"];
const form = /** @type {HTMLFormElement} */ (document.getElementById("patient"));
const notice = form.querySelector("[data-notice]");
const known = form.dataset.patient || null;

/** @param {string} name @param {string} problem */
function tell(name, problem) {
  const place = form.querySelector(`[data-problem-of='${name}']`);
  if (place) place.textContent = problem;
  document.getElementById(name)?.setAttribute("aria-invalid", String(problem !== ""));
}

/** @param {Record<string, string>} content @returns {boolean} */
function isComplete(content) {
  const today = new Date().toISOString().slice(0, 10);
  tell("birth_name", (content.birth_name ?? "").trim() ? "" : words("patient-name-needed"));
  tell("birth_date", (content.birth_date ?? "") > today ? words("patient-born-later") : "");
  const wrong = /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid='true']"));
  wrong?.focus();
  return wrong === null;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  const content = Object.fromEntries(FIELDS.map((name) => [name, String(data.get(name) ?? "")]));
  if (!isComplete(content)) return;
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type='submit']"));
  button.disabled = true;
  const patient = known ?? newId();
  const outcome = await submit({ kind: known ? "patient.amend" : "patient.create", patient, content }, notice);
  button.disabled = false;
  if (outcome === "recorded") location.assign(`/patients/${patient}`);
  else if (outcome === "kept" && !known) location.assign(`/patients/${patient}?new=yes`);
});
