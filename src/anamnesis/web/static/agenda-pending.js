// @ts-check
/**
 * What this device did to the agenda and the record does not have yet, drawn over the page: where
 * it will be, and looking as pending as it is.
 */
import { names } from "./agenda-acts.js";
import { blockOf, columnOf, inTheWay, put, slotOf } from "./agenda-places.js";
import { stateBadge } from "./state-badge.js";
import { words } from "./words.js";
import { clockOf } from "./zone-time.js";

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {import("./outbox.js").Outbox} Outbox */

const DRAWN = new Set(["appointment.book", "appointment.move", "appointment.set-status"]);

/** @param {Row} row whether it is about the agenda */
export const isOfAgenda = ({ entry }) => DRAWN.has(entry.kind);

/** @param {Row} row */
const isPending = ({ state }) => state === "held" || state === "journaled";

/**
 * What waits, oldest first; `settled` are recorded ones that the page has not been seen to show.
 * @param {Outbox} outbox
 * @param {Iterable<Row>} settled
 * @returns {Row[]}
 */
export function pendingRows(outbox, settled) {
  const waiting = [...outbox.rows.values()].filter(isPending);
  return [...waiting, ...settled].filter(isOfAgenda).sort((a, b) => a.order - b.order);
}

/**
 * Draws these over the grid.
 * @param {Row[]} rows
 * @returns {Set<HTMLElement>} the columns that are not as the record has them any more
 */
export function drawPending(rows) {
  /** @type {Set<HTMLElement>} */
  const touched = new Set();
  for (const row of rows) {
    const content = /** @type {Record<string, any>} */ (row.entry.content);
    const before = blockOf(content.appointment ?? row.entry.id);
    note(touched, before);
    let block = before;
    if (row.entry.kind === "appointment.book") block = before ?? booked(row, content);
    else if (row.entry.kind === "appointment.move" && before) moved(before, content);
    else if (before) restated(before, content.status);
    if (!block) continue;
    mark(block, row);
    note(touched, block);
  }
  return touched;
}

/** @param {Set<HTMLElement>} columns @param {HTMLElement | null} block */
function note(columns, block) {
  const column = /** @type {HTMLElement | null} */ (block?.closest("[data-column]") ?? null);
  if (column) columns.add(column);
}

/** @param {string} name @param {string} text @param {string} [tag] */
function part(name, text, tag = "span") {
  const element = document.createElement(tag);
  element.className = `block-${name}`;
  element.textContent = text;
  return element;
}

/** @param {string | null} type @returns {HTMLOptionElement | undefined} */
function kindOption(type) {
  const list = /** @type {HTMLSelectElement | null} */ (document.getElementById("agenda-kind"));
  return [...(list?.options ?? [])].find((option) => option.value === (type ?? ""));
}

/** @param {Row} row @param {Record<string, any>} content @returns {HTMLElement | null} */
function booked({ entry }, content) {
  const { starts_at, practitioner, minutes, reason, type } = content;
  const slot = slotOf({ starts_at, practitioner });
  const option = kindOption(type);
  const kind = option?.dataset.name ?? "";
  const block = document.createElement("li");
  block.className = minutes >= 25 ? "block block-tall" : "block";
  Object.assign(block.dataset, {
    appointment: entry.id,
    version: "1",
    patient: entry.patient ?? "",
    name: names.get(entry.patient ?? "") ?? words("agenda-somebody"),
    practitioner,
    minutes: String(minutes),
    status: "booked",
    reason,
    kind,
    colourOf: option?.dataset.colour ?? "plain",
  });
  if (content.overlap) block.dataset.overlap = "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "block-button";
  button.dataset.block = "";
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-keyshortcuts", "m");
  const time = part("time", "");
  time.append(document.createElement("time"), part("end", ""));
  const status = part("status", words("appointment-booked"));
  status.dataset.statusChip = "booked";
  button.append(
    time,
    status,
    part("name", block.dataset.name ?? "", "strong"),
    part("reason", [reason, kind === reason ? "" : kind].filter(Boolean).join(" · ")),
  );
  block.append(button);
  settle(block, slot, starts_at, minutes);
  return block.isConnected ? block : null;
}

/** @param {HTMLElement} block @param {Record<string, any>} content */
function moved(block, { version, practitioner, starts_at, minutes }) {
  // The record has this move already: what the page shows is no older.
  if (Number(block.dataset.version) > version) return;
  block.dataset.version = String(version + 1);
  block.dataset.practitioner = practitioner;
  block.dataset.minutes = String(minutes);
  settle(block, slotOf({ starts_at, practitioner }), starts_at, minutes);
}

/** @param {HTMLElement} block @param {string} status */
function restated(block, status) {
  block.dataset.status = status;
  const chip = /** @type {HTMLElement | null} */ (block.querySelector("[data-status-chip]"));
  if (!chip) return;
  chip.dataset.statusChip = status;
  chip.textContent = words(`appointment-${status}`);
}

/**
 * Puts a block where it belongs; takes it off a page that does not show that place.
 * @param {HTMLElement} block
 * @param {import("./agenda-places.js").Slot} slot
 * @param {string} starts_at
 * @param {number} minutes
 */
function settle(block, slot, starts_at, minutes) {
  block.dataset.starts = starts_at;
  const time = block.querySelector("time");
  const end = block.querySelector(".block-end");
  if (time) Object.assign(time, { dateTime: starts_at, textContent: clockOf(slot.minute) });
  if (end) end.textContent = ` – ${clockOf(slot.minute + minutes)}`;
  const list = columnOf(slot)?.querySelector(".agenda-body");
  if (!list) return block.remove();
  const beside = inTheWay(slot, minutes, block.dataset.appointment).length > 0;
  put(block, slot.minute, minutes, beside);
  const later = [...list.children].find((item) => item !== block && startsAt(item) > slot.minute);
  list.insertBefore(block, later ?? null);
}

/** @param {Element} item @returns {number} the minute at which a block or a gap begins */
function startsAt(item) {
  if (!(item instanceof HTMLElement)) return 0;
  const gap = /** @type {HTMLElement | null} */ (item.querySelector("[data-gap]"));
  if (gap) return Number(gap.dataset.start);
  const { starts = "", practitioner = "" } = item.dataset;
  return slotOf({ starts_at: starts, practitioner }).minute;
}

/** @param {HTMLElement} block @param {Row} row */
function mark(block, { state }) {
  block.classList.add("block-pending");
  block.querySelector("[data-pending]")?.remove();
  const shown = state === "recorded" ? "journaled" : state;
  const badge = stateBadge(shown, "");
  badge.dataset.pending = shown;
  const said = document.createElement("span");
  said.className = "unseen-aloud";
  said.textContent = words(shown === "held" ? "badge-held" : "badge-journaled");
  badge.append(said);
  block.querySelector("[data-block]")?.append(badge);
}
