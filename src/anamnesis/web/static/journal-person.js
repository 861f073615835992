// @ts-check
/** How the page of journal-only mode names a patient, and tells days and hours. */
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
