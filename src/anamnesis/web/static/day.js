// @ts-check
/** The day's buttons: who has arrived, who is done, and the encounter that an appointment starts. */
import { newId } from "./identifiers.js";
import { keep, submit } from "./page-outbox.js";
import { pageAt } from "./whole-answer.js";

/**
 * Shows one appointment as the record has it now; what else is on the page stays.
 * @param {HTMLElement} row
 */
async function refresh(row) {
  const page = await pageAt(location.href);
  if (page === null) return location.reload();
  const fresh = page.querySelector(`[data-appointment="${row.dataset.appointment}"]`);
  const count = page.querySelector("[data-day-count]");
  if (!(fresh instanceof HTMLElement)) return location.reload();
  if (count) document.querySelector("[data-day-count]")?.replaceWith(count);
  row.replaceWith(fresh);
  /** @type {HTMLElement | null} */ (fresh.querySelector(".appointment-actions > *"))?.focus();
}

/** @param {HTMLElement} row @param {string} status @param {HTMLButtonElement} button */
async function set(row, status, button) {
  const { appointment = "", patient = "" } = row.dataset;
  const deed = { kind: "appointment.set-status", patient, content: { appointment, status } };
  button.disabled = true;
  const outcome = await submit(deed, row.querySelector("[data-notice]"));
  button.disabled = false;
  if (outcome === "recorded") await refresh(row);
}

/**
 * Opens the encounter at once: that the patient is in consultation is kept, and follows.
 * @param {HTMLElement} row
 * @param {HTMLButtonElement} button
 */
async function start(row, button) {
  const { appointment = "", patient = "" } = row.dataset;
  const content = { appointment, status: "in-consultation" };
  button.disabled = true;
  const deed = { kind: "appointment.set-status", patient, content };
  const kept = await keep(deed, row.querySelector("[data-notice]"));
  button.disabled = false;
  if (kept) location.assign(`/encounters/${newId()}?patient=${patient}&appointment=${appointment}`);
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  for (const open of document.querySelectorAll("details.others[open]")) {
    if (!target || !open.contains(target)) open.removeAttribute("open");
  }
  const button = target?.closest("button") ?? null;
  const row = /** @type {HTMLElement | null} */ (button?.closest("[data-appointment]") ?? null);
  if (!button || !row) return;
  if (button.dataset.start !== undefined) void start(row, button);
  else if (button.dataset.set) void set(row, button.dataset.set, button);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.others[open]")) {
    open.removeAttribute("open");
    open.querySelector("summary")?.focus();
  }
});
