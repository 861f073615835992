// @ts-check
/** The form in which an appointment is booked, or moved to a day that is not on the page. */
import { book, listTaken, move, taken } from "./agenda-acts.js";
import { askPatient, missPatient, onPatient } from "./agenda-patients.js";
import { SLOT_MINUTES, blockOf, slotOf } from "./agenda-places.js";
import { words } from "./words.js";
import { clockOf } from "./zone-time.js";

/** @typedef {import("./agenda-places.js").Slot} Slot */
/** @typedef {import("./agenda-places.js").Appointment} Appointment */

const MINUTES_MAX = 1440;
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("agenda-booking"));
const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
const go = /** @type {HTMLButtonElement} */ (form.querySelector("[data-form-go]"));
const problem = /** @type {HTMLElement} */ (form.querySelector("[data-form-problem]"));
const warning = /** @type {HTMLElement} */ (form.querySelector("[data-form-taken]"));
const chosen = /** @type {HTMLElement} */ (form.querySelector("[data-form-chosen]"));
const finding = /** @type {HTMLElement} */ (form.querySelector("[data-form-patient]"));
const kind = /** @type {HTMLSelectElement | null} */ (document.getElementById("agenda-kind"));
const who = /** @type {HTMLSelectElement} */ (document.getElementById("agenda-practitioner"));

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (document.getElementById(`agenda-${name}`));

/** @type {{patient: string, name: string} | null} */
let patient = null;
/** @type {Appointment | null} the one that is moved; null when one is booked */
let moving = null;
let said = "";
let focusAfter = "";

/** @param {{patient: string, name: string} | null} found */
function setPatient(found) {
  patient = found;
  chosen.hidden = found === null;
  finding.hidden = found !== null;
  const name = form.querySelector("[data-form-name]");
  if (name) name.textContent = found?.name ?? "";
}

/** Forgets the warning: it was about another time. */
function unwarn() {
  said = "";
  problem.textContent = "";
  warning.replaceChildren();
  go.textContent = words(moving ? "agenda-move-go" : "agenda-book-go");
}

/** @param {Slot} slot @param {number} minutes */
function fill(slot, minutes) {
  field("date").value = slot.day;
  field("time").value = clockOf(slot.minute);
  field("minutes").value = String(minutes);
  who.value = slot.practitioner;
  unwarn();
}

/**
 * Opens the form to book somebody, who may be known already.
 * @param {Slot} slot
 * @param {{patient?: string, name?: string, minutes?: number, reason?: string, type?: string | null
 *   }} [known]
 */
export function openBooking(slot, known = {}) {
  moving = null;
  form.reset();
  for (const part of form.querySelectorAll("[data-form-booking]")) {
    /** @type {HTMLElement} */ (part).hidden = false;
  }
  if (kind) {
    kind.value = known.type ?? kind.options[1]?.value ?? "";
    if (kind.selectedIndex < 0) kind.value = "";
  }
  field("reason").value = known.reason ?? "";
  const usual = Number(kind?.selectedOptions[0]?.dataset.minutes) || SLOT_MINUTES;
  setPatient(known.patient ? { patient: known.patient, name: known.name ?? "" } : null);
  show("agenda-book");
  fill(slot, known.minutes ?? usual);
  if (patient) field("reason").focus();
  else askPatient();
}

/**
 * Opens the form to move an appointment.
 * @param {Appointment} one
 * @param {Slot} [slot] where it is wanted, when that is known
 */
export function openMoving(one, slot = slotOf(one)) {
  moving = one;
  form.reset();
  for (const part of form.querySelectorAll("[data-form-booking]")) {
    /** @type {HTMLElement} */ (part).hidden = true;
  }
  setPatient(one);
  show("agenda-move-title");
  fill(slot, one.minutes);
  field("time").focus();
}

/** @param {string} title */
function show(title) {
  const heading = form.querySelector("[data-form-title]");
  if (heading) heading.textContent = words(title);
  const other = /** @type {HTMLElement | null} */ (form.querySelector("[data-form-other]"));
  if (other) other.hidden = moving !== null;
  focusAfter = "";
  dialog.showModal();
}

/** @returns {{slot: Slot, minutes: number} | null} what is filled in; null when that is no time */
function wanted() {
  const [date, time, long] = [field("date"), field("time"), field("minutes")];
  const minutes = Number(long.value);
  const wrong = !date.checkValidity()
    ? date
    : !time.checkValidity()
      ? time
      : Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES_MAX
        ? null
        : long;
  problem.textContent = wrong ? words("agenda-time-needed") : "";
  wrong?.focus();
  if (wrong) return null;
  const [hours = 0, past = 0] = time.value.split(":").map(Number);
  const slot = { day: date.value, minute: hours * 60 + past, practitioner: who.value };
  return { slot, minutes };
}

/**
 * Warns of whoever has that time; true when nobody has, or the person has read it and goes on.
 * @param {Slot} slot
 * @param {number} minutes
 * @returns {Promise<{goes: boolean, overlap: boolean}>}
 */
async function warned(slot, minutes) {
  const there = await taken(slot, minutes, moving?.appointment);
  const all = there.map((one) => one.appointment).join();
  const goes = all === "" || all === said;
  if (!goes) {
    listTaken(warning, there);
    said = all;
    go.textContent = words("agenda-doubled-yes");
    go.focus();
  }
  return { goes, overlap: all !== "" };
}

async function submit() {
  if (!patient) return missPatient();
  const asked = wanted();
  if (!asked) return;
  const { slot, minutes } = asked;
  const { goes, overlap } = await warned(slot, minutes);
  if (!goes) return;
  const reason = field("reason").value.trim();
  const type = kind?.value || null;
  const done = moving
    ? (await move(moving, slot, { overlap, minutes })) && moving.appointment
    : await book({ ...patient, slot, minutes, reason, type }, overlap);
  if (!done) return;
  focusAfter = done;
  dialog.close();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (go.disabled) return;
  go.disabled = true; // a second press is not a second appointment
  try {
    await submit();
  } finally {
    go.disabled = false;
    if (said && dialog.open && document.activeElement === document.body) go.focus();
  }
});

form.querySelector("[data-form-cancel]")?.addEventListener("click", () => dialog.close());
form.querySelector("[data-form-other]")?.addEventListener("click", () => {
  setPatient(null);
  askPatient();
});
dialog.addEventListener("close", () => {
  const block = focusAfter ? blockOf(focusAfter)?.querySelector("[data-block]") : null;
  if (block instanceof HTMLElement) block.focus({ preventScroll: true });
});
for (const name of ["date", "time", "minutes"]) field(name).addEventListener("input", unwarn);
who.addEventListener("change", unwarn);
kind?.addEventListener("change", () => {
  const minutes = kind.selectedOptions[0]?.dataset.minutes;
  if (minutes) field("minutes").value = minutes;
  unwarn();
});
onPatient((found) => {
  setPatient(found);
  field("reason").focus();
});
