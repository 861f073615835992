// @ts-check
/** How the page of journal-only mode names a patient, and tells days and hours. */
import { pageOutbox } from "./page-outbox.js";
import { words } from "./words.js";

/**
 * @typedef {{patient: string, name: string, first_names: string, birth_date: string, sex: string}}
 *   Person
 */

/**
 * @param {Person | null} person
 * @param {string} patient
 * @returns {string}
 */
export function nameOf(person, patient) {
  if (person) return [person.name, person.first_names].filter(Boolean).join(" ");
  return words("fallback-nobody", { id: patient.slice(0, 8) });
}

/**
 * As this device wrote them down itself: the keeper may not have heard of them yet.
 * @param {string} patient
 * @returns {Promise<Person | null>}
 */
export async function heldPerson(patient) {
  const outbox = await pageOutbox().catch(() => null);
  const written = [...(outbox?.rows.values() ?? [])]
    .filter(({ entry }) => entry.patient === patient && entry.kind.startsWith("patient."))
    .sort((one, other) => other.order - one.order)
    .map(({ entry }) => /** @type {Record<string, string>} */ (entry.content))
    .find((content) => content.birth_name);
  if (!written) return null;
  const { used_name, birth_name = "", first_names = "", birth_date = "", sex = "" } = written;
  return { patient, name: used_name || birth_name, first_names, birth_date, sex };
}

/**
 * When somebody was born, in words; empty where it is not known.
 * @param {Person | null} person
 * @returns {string}
 */
export function bornOf(person) {
  const [year, month, day] = (person?.birth_date ?? "").split("-");
  return day ? words("fallback-born", { day: `${day}/${month}/${year}` }) : "";
}

/**
 * @param {string} instant
 * @returns {string}
 */
export function moment(instant) {
  const style = /** @type {const} */ ({ dateStyle: "short", timeStyle: "short" });
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(instant));
}
