// @ts-check
/** Free time: the quarter of an hour that a pointer or the arrows choose in it. */
import { SLOT_MINUTES, columns, minuteAt, narrow } from "./agenda-places.js";
import { clockOf } from "./zone-time.js";

/** @typedef {import("./agenda-places.js").Slot} Slot */

/** @param {HTMLElement} gap @returns {{start: number, end: number}} */
function spanOf({ dataset }) {
  return { start: Number(dataset.start), end: Number(dataset.end) };
}

/**
 * The beginning of the slot that a minute of a gap lies in.
 * @param {HTMLElement} gap
 * @param {number} minute
 */
function slotIn(gap, minute) {
  const { start, end } = spanOf(gap);
  const whole = Math.floor(minute / SLOT_MINUTES) * SLOT_MINUTES;
  const last = Math.max(start, Math.floor((end - 1) / SLOT_MINUTES) * SLOT_MINUTES);
  return Math.min(Math.max(whole, start), last);
}

/** @param {HTMLElement} gap @param {number} minute */
function point(gap, minute) {
  const { start, end } = spanOf(gap);
  const cursor = /** @type {HTMLElement} */ (gap.querySelector(".gap-cursor"));
  const slot = slotIn(gap, minute);
  const next = Math.min(end, Math.floor(slot / SLOT_MINUTES + 1) * SLOT_MINUTES);
  gap.dataset.cursor = String(slot);
  cursor.style.setProperty("--from", String((slot - start) / 60));
  cursor.style.setProperty("--long", String((next - slot) / 60));
  cursor.textContent = `+ ${clockOf(slot)}`;
  return slot;
}

/** @param {HTMLElement} gap @returns {HTMLElement} */
const columnFor = (gap) => /** @type {HTMLElement} */ (gap.closest("[data-column]"));

/**
 * Where a booking made from this gap would be.
 * @param {HTMLElement} gap
 * @param {string} practitioner for a column that is nobody's in particular
 * @param {number} [y] where it was pressed
 * @returns {Slot}
 */
export function slotOfGap(gap, practitioner, y) {
  const column = columnFor(gap);
  const pressed = y !== undefined && !narrow.matches ? minuteAt(column, y) : null;
  const minute = slotIn(gap, pressed ?? Number(gap.dataset.cursor ?? gap.dataset.start));
  const { day = "", practitioner: whose } = column.dataset;
  return { day, minute, practitioner: whose || practitioner };
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const gapOf = (target) =>
  target instanceof Element ? target.closest("[data-gap]") : null;

/** @param {HTMLElement} item @returns {number} */
const topOf = (item) => item.getBoundingClientRect().top;

/** @param {HTMLElement} from @param {number} step @returns {HTMLElement | undefined} */
function above(from, step) {
  const all = /** @type {HTMLElement[]} */ ([
    ...columnFor(from).querySelectorAll(".agenda-body :is([data-gap], [data-block])"),
  ]);
  return all[all.indexOf(from) + step];
}

/** @param {HTMLElement} from @param {number} step @returns {HTMLElement | undefined} */
function beside(from, step) {
  const all = columns();
  const column = all[all.indexOf(columnFor(from)) + step];
  const items = /** @type {HTMLElement[]} */ ([
    ...(column?.querySelectorAll(".agenda-body :is([data-gap], [data-block])") ?? []),
  ]);
  const top = topOf(from) + 1;
  return items.findLast((item) => topOf(item) <= top) ?? items[0];
}

/**
 * Walks the grid with the arrows.
 * @param {KeyboardEvent} event
 * @param {(text: string) => void} say
 */
export function walk(event, say) {
  const from = event.target instanceof HTMLElement ? event.target : null;
  if (!from?.matches(".agenda-body :is([data-gap], [data-block])")) return;
  const down = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const across = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!down && !across) return;
  event.preventDefault();
  const gap = gapOf(from);
  if (gap && down && !narrow.matches) {
    const now = Number(gap.dataset.cursor ?? gap.dataset.start);
    const wanted = now === slotIn(gap, now) ? now + down * SLOT_MINUTES : now;
    const { start, end } = spanOf(gap);
    if (wanted > start - SLOT_MINUTES && wanted < end) {
      const before = gap.dataset.cursor;
      const slot = point(gap, wanted);
      if (String(slot) !== before) {
        gap.querySelector(".gap-cursor")?.scrollIntoView({ block: "nearest" });
        return say(clockOf(slot));
      }
    }
  }
  const to = down ? above(from, down) : beside(from, across);
  if (!to) return;
  const target = gapOf(to);
  if (target) point(target, down < 0 ? spanOf(target).end - 1 : spanOf(target).start);
  to.focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
}

document.addEventListener("pointermove", (event) => {
  const gap = event.pointerType === "mouse" ? gapOf(event.target) : null;
  if (gap && !narrow.matches) point(gap, minuteAt(columnFor(gap), event.clientY));
});

document.addEventListener("focusin", (event) => {
  const gap = gapOf(event.target);
  if (gap && gap.dataset.cursor === undefined) point(gap, spanOf(gap).start);
});
