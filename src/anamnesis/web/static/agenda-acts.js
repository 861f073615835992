// @ts-check
/**
 * What can be done to the agenda, each one entry through the outbox. Where somebody else already
 * has the time, the person is asked first.
 */
import { inTheWay, columnOf, meets, slotInWords, slotOf, startOf } from "./agenda-places.js";
import { say } from "./agenda-say.js";
import { keep } from "./page-outbox.js";
import { jsonAt } from "./whole-answer.js";
import { words } from "./words.js";
import { clockOf } from "./zone-time.js";

/** @typedef {import("./agenda-places.js").Slot} Slot */
/** @typedef {import("./agenda-places.js").Appointment} Appointment */
/** @typedef {{patient: string, name: string, slot: Slot, minutes: number, reason: string, type:
 *   string | null}} Wish */

/** How long the record is asked about a day that is not on the page. */
const ASK_MS = 3000;

/**
 * The names of patients that this page has come across.
 * @type {Map<string, string>}
 */
export const names = new Map();

/**
 * Asks for a patient's name, and keeps it; null where it cannot be had.
 * @param {string} patient
 * @returns {Promise<string | null>}
 */
export async function learnName(patient) {
  const found = await jsonAt(`/api/v1/patients/${patient}`);
  if (found === null) return null;
  const name = `${found.name} ${found.first_names}`.trim();
  names.set(patient, name);
  return name;
}

const doubled = /** @type {HTMLDialogElement} */ (document.getElementById("agenda-doubled"));

/**
 * @param {import("./page-outbox.js").Deed} deed
 * @returns {Promise<string | null>} the entry's id; null when it is not kept, which is then said
 */
async function send(deed) {
  const told = document.createElement("p");
  const row = await keep(deed, told);
  if (!row) say(told.textContent ?? "", { stays: true });
  return row?.entry.id ?? null;
}

/**
 * Who has some of this time: from the page, or, for a day that it does not show, from the record.
 * @param {Slot} slot
 * @param {number} minutes
 * @param {string} [except]
 * @returns {Promise<Appointment[]>}
 */
export async function taken(slot, minutes, except = "") {
  if (columnOf(slot)) return inTheWay(slot, minutes, except);
  const asked = new URLSearchParams({ first_day: slot.day, practitioner: slot.practitioner });
  const answer = await jsonAt(`/api/v1/agenda?${asked}`, { signal: AbortSignal.timeout(ASK_MS) });
  // Without an answer nobody is warned here; the record still takes no double booking unasked.
  if (answer === null) return [];
  /** @type {(Appointment & {patient_name: string})[]} */
  const rows = answer.rows;
  const start = Date.parse(startOf(slot));
  return rows
    .filter((one) => one.appointment !== except && meets(one, start, minutes))
    .map((one) => ({ ...one, name: one.patient_name }));
}

/**
 * Lists who has that time, for a person to read.
 * @param {Element} place
 * @param {Appointment[]} those
 */
export function listTaken(place, those) {
  const list = document.createElement("ul");
  for (const one of those) {
    const item = document.createElement("li");
    const { minute } = slotOf(one);
    const span = `${clockOf(minute)} – ${clockOf(minute + one.minutes)}`;
    item.textContent = [span, one.name, one.reason].filter(Boolean).join(" · ");
    list.append(item);
  }
  const title = document.createElement("p");
  title.textContent = words("agenda-taken");
  place.replaceChildren(...(those.length > 0 ? [title, list] : []));
}

/**
 * Asks whether a double booking is meant.
 * @param {Appointment[]} those
 * @returns {Promise<boolean>}
 */
export async function isMeant(those) {
  if (those.length === 0) return true;
  listTaken(/** @type {Element} */ (doubled.querySelector("[data-doubled]")), those);
  doubled.returnValue = "no";
  doubled.showModal();
  await new Promise((resolve) => doubled.addEventListener("close", resolve, { once: true }));
  return doubled.returnValue === "yes";
}

/**
 * Books; resolves with the appointment's id once the device has it.
 * @param {Wish} wish
 * @param {boolean} overlap whether a double booking is meant
 * @returns {Promise<string | null>}
 */
export async function book({ patient, name, slot, minutes, reason, type }, overlap) {
  names.set(patient, name);
  const { practitioner } = slot;
  const content = { practitioner, starts_at: startOf(slot), minutes, reason, type, overlap };
  const id = await send({ kind: "appointment.book", patient, content });
  if (!id) return null;
  const undo = () => void setStatus({ appointment: id, patient, name }, "cancelled");
  say(words("agenda-booked", { name, slot: slotInWords(slot) }), {
    acts: [[words("agenda-undo"), undo]],
  });
  return id;
}

/**
 * Moves an appointment, as the page shows it, to another place.
 * @param {Appointment} one
 * @param {Slot} slot
 * @param {{overlap: boolean, undoable?: boolean, minutes?: number}} how
 * @returns {Promise<boolean>} whether the device has it
 */
export async function move(one, slot, { overlap, undoable = true, minutes = one.minutes }) {
  const { appointment, version, patient, name } = one;
  const { practitioner } = slot;
  const content = {
    appointment,
    version,
    practitioner,
    starts_at: startOf(slot),
    minutes,
    overlap,
  };
  names.set(patient, name);
  if (!(await send({ kind: "appointment.move", patient, content }))) return false;
  const back = () =>
    void move({ ...one, version: version + 1 }, slotOf(one), {
      overlap: one.overlap,
      undoable: false,
    });
  say(words("agenda-moved", { name, slot: slotInWords(slot) }), {
    acts: undoable ? [[words("agenda-undo"), back]] : [],
  });
  return true;
}

/**
 * Moves after asking about whoever is there already.
 * @param {Appointment} one
 * @param {Slot} slot
 * @param {number} [minutes]
 * @returns {Promise<boolean>}
 */
export async function moveAsked(one, slot, minutes = one.minutes) {
  const there = await taken(slot, minutes, one.appointment);
  if (!(await isMeant(there))) return false;
  return move(one, slot, { overlap: there.length > 0, minutes });
}

/**
 * @param {{appointment: string, patient: string, name: string, status?: string}} one
 * @param {string} status
 * @returns {Promise<boolean>} whether the device has it
 */
export async function setStatus({ appointment, patient, name, status: before }, status) {
  names.set(patient, name);
  const content = { appointment, status };
  if (!(await send({ kind: "appointment.set-status", patient, content }))) return false;
  const undo = () => void setStatus({ appointment, patient, name }, before ?? "booked");
  say(words(`agenda-now-${status}`, { name }), {
    acts: before ? [[words("agenda-undo"), undo]] : [],
  });
  return true;
}
