// @ts-check
/** A patient's identity, written down or amended: one entry, kept before the page says anything. */
import { newId } from "./identifiers.js";
import { submit } from "./page-outbox.js";
import { textAt } from "./whole-answer.js";
import { words } from "./words.js";

const FIELDS = [
  "birth_name",
  "used_name",
  "first_names",
  "birth_date",
  "sex",
  "birth_place",
  "telephone",
  "address",
];
const BIRTH_PLACE = /^([0-9][0-9AB][0-9]{3})?$/; // as clinical/patient.py admits it
const PAUSE_MS = 300;
const form = /** @type {HTMLFormElement} */ (document.getElementById("patient"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type='submit']"));
const notice = form.querySelector("[data-notice]");
const known = form.dataset.patient || null;

/** @returns {Record<string, string>} */
function typed() {
  const data = new FormData(form);
  const content = Object.fromEntries(
    FIELDS.map((name) => [name, String(data.get(name) ?? "").trim()]),
  );
  return { ...content, birth_place: (content.birth_place ?? "").toUpperCase() };
}

/** @param {string} name @param {string} problem */
function tell(name, problem) {
  const place = form.querySelector(`[data-problem-of='${name}']`);
  if (place) place.textContent = problem;
  document.getElementById(name)?.setAttribute("aria-invalid", String(problem !== ""));
}

/** @param {Record<string, string>} content @returns {boolean} */
function isComplete({ birth_name, birth_date = "", birth_place = "" }) {
  const now = new Date();
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  const born = /** @type {HTMLInputElement} */ (document.getElementById("birth_date"));
  const later = birth_date > today.toISOString().slice(0, 10);
  tell("birth_name", birth_name ? "" : words("patient-name-needed"));
  tell(
    "birth_date",
    born.validity.badInput
      ? words("patient-born-unreadable")
      : later
        ? words("patient-born-later")
        : "",
  );
  tell("birth_place", BIRTH_PLACE.test(birth_place) ? "" : words("patient-place-malformed"));
  const wrong = /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid='true']"));
  wrong?.focus();
  return wrong === null;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const content = typed();
  if (!isComplete(content)) return;
  button.disabled = true;
  const patient = known ?? newId();
  const kind = known ? "patient.amend" : "patient.create";
  const outcome = await submit({ kind, patient, content }, notice);
  if (outcome === "recorded") location.assign(`/patients/${patient}`);
  else if (outcome === "kept" && !known) location.assign(`/patients/${patient}?new=yes`);
  else button.disabled = false;
});
button.disabled = false;

/** Two records for one person are a danger: who looks the same is shown before it is written. */
async function showAlike() {
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-alike]"));
  const { birth_name = "", birth_date = "" } = typed();
  const [year, month, day] = birth_date.split("-");
  place.hidden = true;
  if (birth_name.length < 2 || !day) return;
  const query = encodeURIComponent(`${birth_name} ${day}/${month}/${year}`);
  const text = await textAt(`/patients?q=${query}&part=rows`);
  if (text === null) return;
  const rows = /** @type {HTMLElement} */ (place.querySelector("[data-alike-rows]"));
  rows.innerHTML = text;
  place.hidden = rows.querySelector(".patients") === null;
}

if (!known) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => void showAlike(), PAUSE_MS);
  });
}
