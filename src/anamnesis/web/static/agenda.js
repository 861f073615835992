// @ts-check
/** The agenda's page: what is pressed, by pointer or key, and where it begins. */
import { openBooking } from "./agenda-booking.js";
import { openCard } from "./agenda-card.js";
import { slotOfGap, walk } from "./agenda-gaps.js";
import { moveByKey } from "./agenda-move.js";
import {
  SLOT_MINUTES,
  appointmentOf,
  columnOf,
  columns,
  extent,
  grid,
  narrow,
  root,
  slotOf,
  zone,
} from "./agenda-places.js";
import { keepLooking } from "./agenda-refresh.js";
import { keepTelling } from "./agenda-told.js";
import { DAY_MINUTES, wallTime } from "./zone-time.js";

const NOW_MS = 30_000;
/** Nine o'clock: where a day without appointments begins. */
const USUAL_MINUTE = 540;
const aloud = /** @type {HTMLElement} */ (document.querySelector("[data-agenda-aloud]"));
const { practitioner = "", patient, patientName } = root.dataset;

/** Whom the page was opened for, if for anybody. */
const known = patient ? { patient, name: patientName ?? "" } : {};

/**
 * Where a booking starts when no place was chosen: the next free time of the day that is shown,
 * from now on, or from when that day's first appointment is.
 * @returns {import("./agenda-places.js").Slot}
 */
function firstFree() {
  const now = wallTime(new Date().toISOString(), zone);
  const day = root.dataset.day ?? now.day;
  const column = columnOf({ day, minute: 0, practitioner }) ?? columns()[0];
  const whose = column?.dataset.practitioner || practitioner;
  const first = /** @type {HTMLElement | null} */ (column?.querySelector(".agenda-body .block"));
  const opening = first ? Math.min(slotOf(appointmentOf(first)).minute, USUAL_MINUTE) : USUAL_MINUTE;
  const from = day === now.day ? Math.ceil(now.minute / SLOT_MINUTES) * SLOT_MINUTES : opening;
  for (const gap of column?.querySelectorAll("[data-gap]") ?? []) {
    const { start, end } = /** @type {HTMLElement} */ (gap).dataset;
    const minute = Math.max(Number(start), from);
    if (minute + SLOT_MINUTES <= Number(end)) return { day, minute, practitioner: whose };
  }
  return { day, minute: Math.min(from, DAY_MINUTES - SLOT_MINUTES), practitioner: whose };
}

function bookAnywhere() {
  const active = document.activeElement;
  const gap = active instanceof HTMLElement && active.matches("[data-gap]") ? active : null;
  openBooking(gap ? slotOfGap(gap, practitioner) : firstFree(), known);
}

root.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const block = /** @type {HTMLElement | null} */ (target?.closest("[data-appointment]") ?? null);
  const gap = /** @type {HTMLElement | null} */ (target?.closest("[data-gap]") ?? null);
  if (block && target?.closest("[data-block]")) openCard(block);
  // A click that a key made has no place of its own.
  else if (gap) openBooking(slotOfGap(gap, practitioner, event.detail ? event.clientY : undefined), known);
});

const button = /** @type {HTMLButtonElement} */ (document.querySelector("[data-agenda-book]"));
button.addEventListener("click", bookAnywhere);
button.disabled = false;

/** @param {KeyboardEvent} event @returns {boolean} whether the key is somebody's typing */
function isTyping(event) {
  const target = event.composedPath()[0];
  const typing = target instanceof HTMLElement && target.matches("input, textarea, select");
  return typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
}

// Before the shell, for which "n" is a new patient.
document.addEventListener(
  "keydown",
  (event) => {
    if (isTyping(event) || event.repeat || document.querySelector("dialog[open], :popover-open"))
      return;
    const target = event.target instanceof Element ? event.target : null;
    const block = /** @type {HTMLElement | null} */ (target?.closest("[data-appointment]") ?? null);
    if (event.key === "n") bookAnywhere();
    else if (event.key === "m" && block) moveByKey(block);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

root.addEventListener("keydown", (event) => {
  walk(event, (text) => {
    aloud.textContent = text;
  });
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Node ? event.target : null;
  for (const open of document.querySelectorAll("details.others[open]")) {
    if (!target || !open.contains(target)) open.removeAttribute("open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.others[open]")) {
    open.removeAttribute("open");
    open.querySelector("summary")?.focus();
  }
});

// Chosen with a finger, a date needs no button; typed, it is not a date before Enter.
if (matchMedia("(pointer: coarse)").matches) {
  const day = /** @type {HTMLInputElement} */ (document.getElementById("agenda-day"));
  day.addEventListener("change", () => day.form?.requestSubmit());
}

/** The line of now goes on between two looks at the record. */
function drawNow() {
  const line = /** @type {HTMLElement | null} */ (root.querySelector("[data-agenda-now]"));
  const { day, minute } = wallTime(new Date().toISOString(), zone);
  const column = /** @type {HTMLElement | null} */ (line?.closest("[data-column]") ?? null);
  if (!line || column?.dataset.day !== day) return;
  delete line.dataset.hour;
  delete line.dataset.step;
  line.style.setProperty("--hour", String((minute - extent().begin) / 60));
  line.style.setProperty("--step", "0");
}

/** What matters first is in view: now, or the first appointment of the day. */
function begin() {
  if (narrow.matches) return;
  const first =
    root.querySelector("[data-agenda-now]") ?? root.querySelector(".agenda-body .block");
  const box = first?.getBoundingClientRect();
  if (box) grid().scrollTop += box.top - grid().getBoundingClientRect().top - grid().clientHeight / 4;
}

begin();
setInterval(drawNow, NOW_MS);
keepLooking();
keepTelling();
