// @ts-check
/** The agenda's columns and blocks as the page has them: reading them, and placing things. */
import { DAY_MINUTES, clockOf, dayInWords, instantOf, wallTime } from "./zone-time.js";

/**
 * Where an appointment is or may be: a day and a minute of the practice's clock, and with whom.
 * @typedef {{day: string, minute: number, practitioner: string}} Slot
 * @typedef {{appointment: string, version: number, patient: string, name: string, practitioner:
 *   string, starts_at: string, minutes: number, status: string, reason: string, kind: string,
 *   encounter: string, overlap: boolean}} Appointment
 */

export const STEP_MINUTES = 5;
export const SLOT_MINUTES = 15;
/** With one of these the time is free for somebody else (clinical/appointment.py). */
const VACANT = new Set(["cancelled", "no-show"]);

export const root = /** @type {HTMLElement} */ (document.querySelector("[data-agenda]"));
export const zone = root.dataset.zone ?? "UTC";
/** On a narrow screen the columns are lists, and nothing has a place to be dragged to. */
export const narrow = matchMedia("(max-width: 48rem)");

/** @returns {HTMLElement} */
export const grid = () =>
  /** @type {HTMLElement} */ (root.querySelector("[data-agenda-grid]") ?? root);

/** @returns {HTMLElement[]} */
export const columns = () => [...grid().querySelectorAll("[data-column]")].filter(isElement);

/** @param {Node} node @returns {node is HTMLElement} */
function isElement(node) {
  return node instanceof HTMLElement;
}

/** The first minute that is drawn, and how many are. */
export function extent() {
  const { first = "7", count = "13" } = grid().dataset;
  return { begin: Number(first) * 60, minutes: Number(count) * 60 };
}

/** @param {Slot} slot @returns {HTMLElement | undefined} the column that shows it */
export function columnOf({ day, practitioner }) {
  return columns().find(
    ({ dataset }) =>
      dataset.day === day && (!dataset.practitioner || dataset.practitioner === practitioner),
  );
}

/** @param {HTMLElement} block @returns {Appointment} */
export function appointmentOf({ dataset }) {
  return {
    appointment: dataset.appointment ?? "",
    version: Number(dataset.version),
    patient: dataset.patient ?? "",
    name: dataset.name ?? "",
    practitioner: dataset.practitioner ?? "",
    starts_at: dataset.starts ?? "",
    minutes: Number(dataset.minutes),
    status: dataset.status ?? "",
    reason: dataset.reason ?? "",
    kind: dataset.kind ?? "",
    encounter: dataset.encounter ?? "",
    overlap: dataset.overlap !== undefined,
  };
}

/** @param {string} appointment @returns {HTMLElement | null} */
export function blockOf(appointment) {
  return root.querySelector(`[data-appointment="${CSS.escape(appointment)}"]`);
}

/** @param {{starts_at: string, practitioner: string}} appointment @returns {Slot} */
export function slotOf({ starts_at, practitioner }) {
  return { ...wallTime(starts_at, zone), practitioner };
}

/** @param {Slot} slot */
export function startOf(slot) {
  return instantOf(slot, zone);
}

/**
 * Draws something at these minutes of its column; what is beside it at that time keeps half.
 * @param {HTMLElement} element
 * @param {number} minute
 * @param {number} minutes
 * @param {boolean} [beside]
 */
export function put(element, minute, minutes, beside = false) {
  const { begin } = extent();
  const drawn = Math.min(Math.max(minutes, SLOT_MINUTES), DAY_MINUTES - minute);
  for (const name of ["hour", "step", "hours", "steps", "lane", "lanes"]) {
    delete element.dataset[name];
  }
  element.style.setProperty("--hour", String((minute - begin) / 60));
  element.style.setProperty("--step", "0");
  element.style.setProperty("--hours", String(drawn / 60));
  element.style.setProperty("--steps", "0");
  element.style.setProperty("--lane", beside ? "1" : "0");
  element.style.setProperty("--lanes", beside ? "2" : "1");
}

/**
 * The minute that a point of the screen stands for.
 * @param {HTMLElement} column
 * @param {number} y
 */
export function minuteAt(column, y) {
  const box = /** @type {HTMLElement} */ (
    column.querySelector(".agenda-body")
  ).getBoundingClientRect();
  const { begin, minutes } = extent();
  return begin + ((y - box.top) / box.height) * minutes;
}

/**
 * The appointments on the page that take some of this time with this practitioner.
 * @param {Slot} slot
 * @param {number} minutes
 * @param {string} [except] an appointment that may be in its own way
 * @returns {Appointment[]}
 */
export function inTheWay(slot, minutes, except = "") {
  const start = Date.parse(startOf(slot));
  return [...root.querySelectorAll("[data-appointment]")]
    .filter(isElement)
    .map(appointmentOf)
    .filter((one) => one.practitioner === slot.practitioner && one.appointment !== except)
    .filter((one) => meets(one, start, minutes));
}

/**
 * Whether an appointment takes some of this time.
 * @param {{starts_at: string, minutes: number, status: string}} one
 * @param {number} start
 * @param {number} minutes
 */
export function meets(one, start, minutes) {
  const begin = Date.parse(one.starts_at);
  const apart = begin + one.minutes * 60_000 <= start || start + minutes * 60_000 <= begin;
  return !apart && !VACANT.has(one.status);
}

/** @param {string} practitioner @returns {string} */
export function practitionerName(practitioner) {
  const list = /** @type {HTMLSelectElement | null} */ (
    document.getElementById("agenda-practitioner")
  );
  const found = [...(list?.options ?? [])].find((option) => option.value === practitioner);
  return found?.text ?? "";
}

/**
 * `mardi 24 novembre, 10:15`, with whom where there are several.
 * @param {Slot} slot
 */
export function slotInWords({ day, minute, practitioner }) {
  const list = /** @type {HTMLSelectElement | null} */ (
    document.getElementById("agenda-practitioner")
  );
  const who = (list?.options.length ?? 0) > 1 ? practitionerName(practitioner) : "";
  return [dayInWords(day), clockOf(minute), who].filter(Boolean).join(", ");
}
