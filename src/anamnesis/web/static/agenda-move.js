// @ts-check
/**
 * Moving an appointment on the page, by pointer or by keyboard: a shadow goes where it would be,
 * the block stays where it is until that is confirmed.
 */
import { moveAsked } from "./agenda-acts.js";
import { focusBlock } from "./agenda-card.js";
import {
  STEP_MINUTES,
  SLOT_MINUTES,
  appointmentOf,
  blockOf,
  columnOf,
  columns,
  extent,
  grid,
  inTheWay,
  minuteAt,
  narrow,
  put,
  root,
  slotInWords,
  slotOf,
} from "./agenda-places.js";
import { hold, release } from "./agenda-refresh.js";
import { say } from "./agenda-say.js";
import { words } from "./words.js";
import { DAY_MINUTES, clockOf, laterDay } from "./zone-time.js";

/** @typedef {import("./agenda-places.js").Slot} Slot */
/** @typedef {import("./agenda-places.js").Appointment} Appointment */

const DRAG_PIXELS = 5;
/** A finger that rests so long drags; one that goes on at once scrolls. */
const PRESS_MS = 350;
const EDGE_PIXELS = 40;
const EDGE_STEP_PIXELS = 12;

/** @type {{one: Appointment, slot: Slot, byKey: boolean} | null} what is on its way */
let moving = null;
/** @type {HTMLElement | null} */
let shadow = null;

/** @param {Appointment} one @param {boolean} byKey */
function begin(one, byKey) {
  moving = { one, slot: slotOf(one), byKey };
  hold();
  root.classList.add("agenda-moving");
  blockOf(one.appointment)?.classList.add("block-leaving");
  shadow = document.createElement("div");
  shadow.className = "block-shadow";
  shadow.setAttribute("aria-hidden", "true");
  show();
}

/** Draws the shadow, and says where it is. */
function show() {
  if (!moving || !shadow) return;
  const { one, slot, byKey } = moving;
  const place = columnOf(slot)?.querySelector(".agenda-body");
  const there = inTheWay(slot, one.minutes, one.appointment);
  shadow.classList.toggle("block-shadow-taken", there.length > 0);
  shadow.textContent = `${clockOf(slot.minute)} ${one.name}`;
  if (place) {
    put(shadow, slot.minute, one.minutes);
    place.append(shadow);
    if (byKey) shadow.scrollIntoView({ block: "nearest", inline: "nearest" });
  } else shadow.remove();
  const where = slotInWords(slot);
  const who = there.map(({ name }) => name).join(", ");
  const said = who
    ? words("agenda-moving-taken", { name: one.name, slot: where, who })
    : words("agenda-moving", { name: one.name, slot: where });
  say(byKey ? `${said} ${words("agenda-moving-keys")}` : said, { stays: true });
}

/** Lets go; the block is where it was. */
function end() {
  const ended = moving;
  if (!ended) return null;
  moving = null;
  shadow?.remove();
  shadow = null;
  root.classList.remove("agenda-moving");
  blockOf(ended.one.appointment)?.classList.remove("block-leaving");
  say("");
  release();
  return ended;
}

async function confirm() {
  const ended = end();
  if (!ended) return;
  const { one, slot } = ended;
  const before = slotOf(one);
  const same = /** @type {const} */ (["day", "minute", "practitioner"]).every(
    (name) => before[name] === slot[name],
  );
  if (!same && !(await moveAsked(one, slot))) say(words("agenda-move-left", { name: one.name }));
  if (ended.byKey) focusBlock(one.appointment);
}

function cancel() {
  const ended = end();
  if (ended) say(words("agenda-move-left", { name: ended.one.name }));
}

// By keyboard.

/** @param {number} minutes */
function later(minutes) {
  if (!moving) return;
  const { slot, one } = moving;
  const minute = slot.minute + minutes;
  slot.minute = Math.max(0, Math.min(minute, DAY_MINUTES - Math.min(one.minutes, SLOT_MINUTES)));
}

/** @param {number} step to the next day, or the next practitioner where they are side by side */
function sideways(step) {
  if (!moving) return;
  const { slot } = moving;
  const all = columns().filter(({ dataset }) => dataset.day === slot.day);
  const place = all.findIndex(({ dataset }) => dataset.practitioner === slot.practitioner);
  if (all.length > 1) slot.practitioner = all[place + step]?.dataset.practitioner ?? slot.practitioner;
  else slot.day = laterDay(slot.day, step);
}

/** @param {KeyboardEvent} event @returns {boolean} whether it was a move's key */
function follow({ key, shiftKey }) {
  const minutes = shiftKey ? STEP_MINUTES : SLOT_MINUTES;
  if (key === "ArrowUp") later(-minutes);
  else if (key === "ArrowDown") later(minutes);
  else if (key === "PageUp") later(-60);
  else if (key === "PageDown") later(60);
  else if (key === "ArrowLeft") sideways(-1);
  else if (key === "ArrowRight") sideways(1);
  else return false;
  show();
  return true;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (!moving) return;
    if (event.key === "Enter" && moving.byKey) void confirm();
    else if (event.key === "Escape" || event.key === "Tab") cancel();
    else if (!moving.byKey || !follow(event)) return;
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

/** @param {HTMLElement} block starts moving it by keyboard */
export function moveByKey(block) {
  if (moving || block.dataset.status === "cancelled") return;
  begin(appointmentOf(block), true);
}

// By pointer.

/** @type {{block: HTMLElement, x: number, y: number, grip: number, touch: boolean} | null} */
let pressed = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let press;
let dragged = false;

/** @param {number} x @param {number} y @param {boolean} fine */
function dragTo(x, y, fine) {
  if (!moving || !pressed) return;
  const { slot } = moving;
  const column = columns().find((one) => {
    const box = one.getBoundingClientRect();
    return box.left <= x && x < box.right;
  });
  if (!column) return;
  const step = fine ? STEP_MINUTES : SLOT_MINUTES;
  const minute = Math.round((minuteAt(column, y) - pressed.grip) / step) * step;
  const { begin: first, minutes } = extent();
  slot.minute = Math.max(first, Math.min(minute, first + minutes - step));
  slot.day = column.dataset.day ?? slot.day;
  slot.practitioner = column.dataset.practitioner || slot.practitioner;
  scroll(y);
  show();
}

/** @param {number} y near an edge, what is beyond it comes into view */
function scroll(y) {
  const box = grid().getBoundingClientRect();
  if (y < box.top + EDGE_PIXELS) grid().scrollTop -= EDGE_STEP_PIXELS;
  else if (y > box.bottom - EDGE_PIXELS) grid().scrollTop += EDGE_STEP_PIXELS;
}

function lift() {
  if (!pressed || moving) return;
  dragged = true;
  begin(appointmentOf(pressed.block), false);
}

root.addEventListener("pointerdown", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const block = /** @type {HTMLElement | null} */ (target?.closest(".agenda-body .block") ?? null);
  dragged = false;
  if (!block || event.button !== 0 || narrow.matches || moving) return;
  const column = /** @type {HTMLElement} */ (block.closest("[data-column]"));
  const { minute } = slotOf(appointmentOf(block));
  const grip = minuteAt(column, event.clientY) - minute;
  const touch = event.pointerType === "touch";
  pressed = { block, x: event.clientX, y: event.clientY, grip, touch };
  if (touch) press = setTimeout(lift, PRESS_MS);
});

document.addEventListener("pointermove", (event) => {
  if (!pressed) return;
  const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > DRAG_PIXELS;
  if (!moving && far && pressed.touch) return drop();
  if (!moving && far) lift();
  dragTo(event.clientX, event.clientY, event.shiftKey);
});

function drop() {
  clearTimeout(press);
  pressed = null;
}

document.addEventListener("pointerup", () => {
  drop();
  setTimeout(() => {
    dragged = false; // the click of this press, if there is one, has been
  });
  if (moving && !moving.byKey) void confirm();
});
document.addEventListener("pointercancel", () => {
  drop();
  if (moving && !moving.byKey) cancel();
});
// A finger that drags does not scroll as well.
document.addEventListener(
  "touchmove",
  (event) => {
    if (moving && !moving.byKey) event.preventDefault();
  },
  { passive: false },
);
root.addEventListener("contextmenu", (event) => {
  if (moving) event.preventDefault();
});
// The press that dragged opens nothing.
root.addEventListener(
  "click",
  (event) => {
    if (!dragged) return;
    dragged = false;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
