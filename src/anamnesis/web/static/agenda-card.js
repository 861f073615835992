// @ts-check
/** A block's card: who it is, and what may be done about the appointment. */
import { isMeant, setStatus, taken } from "./agenda-acts.js";
import { openMoving } from "./agenda-booking.js";
import { appointmentOf, blockOf, slotInWords, slotOf } from "./agenda-places.js";
import { newId } from "./identifiers.js";
import { words } from "./words.js";
import { clockOf } from "./zone-time.js";

/** @typedef {import("./agenda-places.js").Appointment} Appointment */

const EDGE_PIXELS = 8;
const VACANT = ["cancelled", "no-show"];
const card = /** @type {HTMLElement} */ (document.querySelector("[data-agenda-card]"));
/** @type {Appointment | null} */
let shown = null;

/** @param {string} name @returns {HTMLElement} */
const part = (name) => /** @type {HTMLElement} */ (card.querySelector(`[data-card-${name}]`));

/** @param {HTMLElement} block */
export function openCard(block) {
  shown = appointmentOf(block);
  const slot = slotOf(shown);
  part("when").textContent = `${slotInWords(slot)} – ${clockOf(slot.minute + shown.minutes)}`;
  part("patient").textContent = shown.name;
  part("patient").setAttribute("href", `/patients/${shown.patient}`);
  part("about").textContent = [shown.kind, shown.reason].filter(Boolean).join(" · ");
  part("status").textContent = words(`appointment-${shown.status}`);
  part("status").dataset.statusChip = shown.status;
  const pending = block.querySelector("[data-pending]");
  part("where").replaceChildren(...(pending ? [pending.cloneNode(true)] : []));
  part("where")
    .querySelector(".unseen-aloud")
    ?.classList.remove("unseen-aloud");
  offer(shown);
  card.showPopover();
  place(block.getBoundingClientRect());
  const first = [...card.querySelectorAll(".agenda-card-acts > *")].find(
    (one) => !(/** @type {HTMLElement} */ (one).hidden),
  );
  /** @type {HTMLElement | undefined} */ (first)?.focus();
}

/** @param {Appointment} one */
function offer({ status, encounter }) {
  const open = part("open");
  open.hidden = encounter === "";
  open.setAttribute("href", `/encounters/${encounter}`);
  for (const act of card.querySelectorAll("[data-act]")) {
    const button = /** @type {HTMLElement} */ (act);
    const { act: name, set } = button.dataset;
    if (name === "start") {
      button.hidden = encounter !== "" || !["booked", "arrived", "in-consultation"].includes(status);
      button.classList.toggle("button-main", status !== "booked");
    } else if (name === "status") button.hidden = set === status;
    else button.hidden = status === "cancelled";
  }
}

/** @param {DOMRect} box beside the block, wherever there is room */
function place(box) {
  const { width, height } = card.getBoundingClientRect();
  const right = box.right + EDGE_PIXELS;
  const left = right + width < innerWidth ? right : box.left - width - EDGE_PIXELS;
  const most = innerWidth - width - EDGE_PIXELS;
  card.style.left = `${Math.max(EDGE_PIXELS, Math.min(left, most))}px`;
  const lowest = innerHeight - height - EDGE_PIXELS;
  card.style.top = `${Math.max(EDGE_PIXELS, Math.min(box.top, lowest))}px`;
}

/**
 * Opens the encounter at once; that the patient is in consultation is kept, and follows.
 * @param {Appointment} one
 */
async function start(one) {
  const { appointment, patient, status } = one;
  if (status !== "in-consultation" && !(await setStatus(one, "in-consultation"))) return;
  location.assign(`/encounters/${newId()}?patient=${patient}&appointment=${appointment}`);
}

/** @param {Appointment} one @param {string} status */
async function set(one, status) {
  // Brought back to a time that was free meanwhile, it may find somebody there.
  if (VACANT.includes(one.status) && !VACANT.includes(status)) {
    if (!(await isMeant(await taken(slotOf(one), one.minutes, one.appointment)))) return;
  }
  await setStatus(one, status);
  focusBlock(one.appointment);
}

/** @param {string} appointment */
export function focusBlock(appointment) {
  const button = blockOf(appointment)?.querySelector("[data-block]");
  if (button instanceof HTMLElement) button.focus({ preventScroll: true });
}

card.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = /** @type {HTMLElement | null} */ (target?.closest("[data-act]") ?? null);
  const one = shown;
  if (!button || !one) return;
  card.hidePopover();
  const { act, set: status = "" } = button.dataset;
  if (act === "start") void start(one);
  else if (act === "status") void set(one, status);
  else openMoving(one);
});

card.addEventListener("keydown", (event) => {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  const all = /** @type {HTMLElement[]} */ ([...card.querySelectorAll(".agenda-card-acts > *")]);
  const offered = all.filter((one) => !one.hidden);
  const now = offered.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  event.preventDefault();
  offered[(now + step + offered.length) % offered.length]?.focus();
});

card.addEventListener("toggle", (event) => {
  const closed = /** @type {any} */ (event).newState === "closed";
  const lost = document.activeElement === document.body || !document.activeElement;
  if (closed && lost && shown) focusBlock(shown.appointment);
});
