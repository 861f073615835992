// @ts-check
/**
 * Keeps the agenda as the record has it: what others did appears within seconds. Only columns that
 * changed are replaced, never under somebody's hands, and the focus stays where it is.
 */
import { learnName, names } from "./agenda-acts.js";
import { drawPending, isOfAgenda, pendingRows } from "./agenda-pending.js";
import { columns, grid, root } from "./agenda-places.js";
import { pageOutbox } from "./page-outbox.js";
import { timeOfDay, words } from "./words.js";

/** @typedef {import("./outbox-store.js").Row} Row */

export const LOOK_MS = 10_000;
const ASK_MS = 8000;
/** So many looks without an answer, and the page says how old it is. */
const MISSED_MAX = 2;

const outbox = await pageOutbox();
const count = document.querySelector("[data-agenda-count]");
const stale = /** @type {HTMLElement} */ (document.querySelector("[data-agenda-stale]"));

/** The grid as the record last had it. */
let recorded = /** @type {HTMLElement} */ (grid().cloneNode(true));
/** @type {Map<string, {row: Row, at: number}>} */
const settled = new Map();
/** @type {Set<string>} */
const asked = new Set();
let drawn = new Set(/** @type {HTMLElement[]} */ ([]));
let holds = 0;
let waits = false;
let missed = 0;
let lastSeen = Date.now();
/** When the newest answer that is shown was asked for: an older one may come after it. */
let shownAt = 0;

/** Nothing on the page moves until as many `release` as `hold` were called. */
export function hold() {
  holds += 1;
}

export function release() {
  holds -= 1;
  if (holds === 0 && waits) draw();
}

/** @param {Element} grid_ the columns of a grid, by name */
function byName(grid_) {
  const found = [...grid_.querySelectorAll("[data-column]")];
  return new Map(found.map((one) => [/** @type {HTMLElement} */ (one).dataset.column ?? "", one]));
}

/** @param {HTMLElement} one what makes two grids comparable column by column */
const outline = (one) =>
  [one.className, one.dataset.first, one.dataset.count, ...byName(one).keys()].join("|");

/** Where the focus is, in words that hold after what had it is replaced. */
function focusHeld() {
  const active = document.activeElement;
  const column = /** @type {HTMLElement | null} */ (active?.closest("[data-column]") ?? null);
  if (!(active instanceof HTMLElement) || !column) return () => undefined;
  const block = /** @type {HTMLElement | null} */ (active.closest("[data-appointment]"));
  const name = column.dataset.column ?? "";
  const { cursor, start } = active.dataset;
  return () => {
    if (active.isConnected && document.activeElement === active) return;
    const same = block
      ? root.querySelector(`[data-appointment="${block.dataset.appointment}"] [data-block]`)
      : gapAt(name, Number(cursor ?? start));
    if (!(same instanceof HTMLElement)) return;
    if (cursor && same.dataset.gap !== undefined) same.dataset.cursor = cursor;
    same.focus({ preventScroll: true });
  };
}

/** @param {string} name @param {number} minute */
function gapAt(name, minute) {
  const gaps = columns()
    .filter((column) => column.dataset.column === name)
    .flatMap((column) => [...column.querySelectorAll("[data-gap]")]);
  return gaps.find((one) => {
    const { start, end } = /** @type {HTMLElement} */ (one).dataset;
    return Number(start) <= minute && minute < Number(end);
  });
}

/** Shows the record's grid with what is pending over it. */
export function draw() {
  waits = holds > 0;
  if (waits) return;
  const refocus = focusHeld();
  const shown = grid();
  if (outline(shown) !== outline(recorded)) {
    const { scrollTop, scrollLeft } = shown;
    const whole = /** @type {HTMLElement} */ (recorded.cloneNode(true));
    shown.replaceWith(whole);
    Object.assign(whole, { scrollTop, scrollLeft });
  } else {
    const before = byName(shown);
    for (const [name, column] of byName(recorded)) {
      const old = /** @type {HTMLElement} */ (before.get(name));
      if (!drawn.has(old) && sources.get(old) === column.outerHTML) continue;
      const fresh = /** @type {HTMLElement} */ (column.cloneNode(true));
      keepOpen(old, fresh);
      old.replaceWith(fresh);
    }
  }
  for (const column of columns()) {
    if (!sources.has(column)) sources.set(column, column.outerHTML);
  }
  learnNames();
  drawn = drawPending(pendingRows(outbox, [...settled.values()].map(({ row }) => row)));
  refocus();
}

/**
 * What the record had for each column that is on the page.
 * @type {WeakMap<Element, string>}
 */
const sources = new WeakMap();

/** @param {Element} old @param {Element} fresh what somebody unfolded stays unfolded */
function keepOpen(old, fresh) {
  for (const open of old.querySelectorAll("details[open]")) {
    fresh.querySelector(`details.${open.className}`)?.setAttribute("open", "");
  }
}

/** The names that pending blocks are drawn with. */
function learnNames() {
  const { patient, patientName } = root.dataset;
  if (patient && patientName) names.set(patient, patientName);
  for (const block of root.querySelectorAll("[data-appointment]")) {
    const { patient: whose = "", name = "" } = /** @type {HTMLElement} */ (block).dataset;
    names.set(whose, name);
  }
  for (const { entry } of outbox.rows.values()) {
    if (entry.kind === "appointment.book" && entry.patient) void askName(entry.patient);
  }
}

/** @param {string} patient */
async function askName(patient) {
  if (names.has(patient) || asked.has(patient)) return;
  asked.add(patient);
  if ((await learnName(patient)) !== null) draw();
}

/** Asks for the grid as it is now, and shows it. */
export async function look() {
  const at = Date.now();
  const answer = await fetch(root.dataset.grid ?? "", {
    signal: AbortSignal.timeout(ASK_MS),
  }).catch(() => null);
  if (answer?.status === 401 && !document.querySelector("dialog[open]")) return location.reload();
  const text = answer?.ok ? await answer.text().catch(() => "") : "";
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector("[data-agenda-grid]");
  missed = fresh ? 0 : missed + 1;
  if (fresh) lastSeen = Math.max(lastSeen, at);
  stale.hidden = missed < MISSED_MAX;
  stale.textContent = stale.hidden ? "" : words("agenda-stale", { time: timeOfDay(lastSeen) });
  if (!(fresh instanceof HTMLElement) || at < shownAt) return;
  shownAt = at;
  for (const [id, one] of settled) if (one.at <= at) settled.delete(id);
  recorded = document.importNode(fresh, true);
  const counted = fresh.querySelector("[data-agenda-count-now]")?.textContent?.trim() ?? "";
  if (count && count.textContent?.trim() !== counted) count.textContent = counted;
  draw();
}

/** Looks now and then, for as long as somebody can see it. */
export function keepLooking() {
  outbox.subscribe((notice) => {
    if (notice.type !== "row" || !isOfAgenda(notice.row)) return;
    const { row } = notice;
    if (row.state === "recorded") {
      settled.set(row.entry.id, { row, at: Date.now() });
      void look();
    } else if (row.state === "outstanding") void look();
    draw();
  });
  setInterval(() => {
    if (document.visibilityState === "visible") void look();
  }, LOOK_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void look();
  });
  for (const column of columns()) sources.set(column, column.outerHTML);
  draw();
}
