// @ts-check
/**
 * What the record did not take: somebody else was faster. The page says it in words, with where the
 * appointment is now, and what can be done; nothing goes away until the person says so.
 */
import { book, isMeant, learnName, move, names, taken } from "./agenda-acts.js";
import { openBooking, openMoving } from "./agenda-booking.js";
import { focusBlock } from "./agenda-card.js";
import { isOfAgenda } from "./agenda-pending.js";
import { practitionerName, slotInWords, slotOf } from "./agenda-places.js";
import { say } from "./agenda-say.js";
import { pageOutbox } from "./page-outbox.js";
import { jsonAt } from "./whole-answer.js";
import { words } from "./words.js";

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {import("./agenda-places.js").Appointment} Appointment */
/** @typedef {[string, () => unknown]} Act */

const REMEMBERED_MAX = 200;
const DEALT = `anamnesis-agenda-dealt-${document.body.dataset.practitioner ?? ""}`;
const place = /** @type {HTMLElement} */ (document.querySelector("[data-agenda-told]"));
const list = /** @type {HTMLElement} */ (place.querySelector("[data-agenda-told-list]"));
const outbox = await pageOutbox();
/** @type {Set<string>} */
const told = new Set();

/** @returns {string[]} the entries that a person has dealt with */
function dealt() {
  try {
    const kept = JSON.parse(localStorage.getItem(DEALT) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** @param {string} entry */
function deal(entry) {
  localStorage.setItem(DEALT, JSON.stringify([...dealt(), entry].slice(-REMEMBERED_MAX)));
  list.querySelector(`[data-entry="${entry}"]`)?.remove();
  place.hidden = list.children.length === 0;
}

/**
 * An appointment as the record has it now.
 * @param {string} appointment
 * @returns {Promise<Appointment | null>}
 */
async function current(appointment) {
  const found = await jsonAt(`/api/v1/appointments/${appointment}`);
  if (found === null) return null;
  const name = await nameOf(found.patient);
  return { ...found, name, kind: "", encounter: "" };
}

/** @param {string} patient @returns {Promise<string>} */
async function nameOf(patient) {
  return names.get(patient) || ((await learnName(patient)) ?? words("agenda-somebody"));
}

/** @param {Row} row */
async function tellBooking({ entry }) {
  const { practitioner, starts_at, minutes, reason, type } = /** @type {Record<string, any>} */ (
    entry.content
  );
  const patient = entry.patient ?? "";
  const name = await nameOf(patient);
  const slot = slotOf({ starts_at, practitioner });
  const wish = { patient, name, slot, minutes, reason, type };
  /** @type {Act[]} */
  const acts = [
    [words("agenda-told-other"), () => openBooking(slot, wish)],
    [
      words("agenda-doubled-yes"),
      async () => {
        if (await book(wish, true)) deal(entry.id);
      },
    ],
  ];
  return { text: words("agenda-told-booking", { name, slot: slotInWords(slot) }), acts };
}

/** @param {Row} row */
async function tellMove({ entry, code }) {
  const { appointment, practitioner, starts_at, minutes } = /** @type {Record<string, any>} */ (
    entry.content
  );
  const name = await nameOf(entry.patient ?? "");
  const slot = slotOf({ starts_at, practitioner });
  const now = await current(appointment);
  const where = now ? slotInWords(slotOf(now)) : words("agenda-told-unknown");
  const text = words(code === "appointment-changed" ? "agenda-told-changed" : "agenda-told-move", {
    name,
    slot: slotInWords(slot),
    where,
    who: practitionerName(practitioner),
  });
  /** @type {Act[]} */
  const acts = [];
  if (now) {
    acts.push([words("agenda-told-see"), () => see(now)]);
    acts.push([
      words("agenda-told-again"),
      async () => {
        const fresh = (await current(appointment)) ?? now;
        const there = await taken(slot, minutes, appointment);
        if (!(await isMeant(there))) return;
        if (await move(fresh, slot, { overlap: there.length > 0, minutes })) deal(entry.id);
      },
    ]);
    acts.push([words("agenda-told-other"), async () => openMoving((await current(appointment)) ?? now)]);
  }
  return { text, acts };
}

/** @param {Appointment} now shows where it is, on its day's page if it is not on this one */
function see(now) {
  if (document.querySelector(`[data-appointment="${now.appointment}"]`)) {
    return focusBlock(now.appointment);
  }
  const { day, practitioner } = slotOf(now);
  location.assign(`/agenda?${new URLSearchParams({ day, practitioner })}`);
}

/** @param {Row} row */
async function tell(row) {
  const { id, kind } = row.entry;
  if (told.has(id) || dealt().includes(id)) return;
  told.add(id);
  const faster = row.code === "appointment-overlaps" || row.code === "appointment-changed";
  /** @type {{text: string, acts: Act[]}} */
  let said = {
    text: `${await nameOf(row.entry.patient ?? "")} : ${row.message ?? words(`refusal-${row.code}`)}`,
    acts: [],
  };
  if (faster && kind === "appointment.book") said = await tellBooking(row);
  else if (faster) said = await tellMove(row);
  const item = document.createElement("li");
  item.dataset.entry = id;
  const text = document.createElement("p");
  text.textContent = said.text;
  const buttons = document.createElement("p");
  buttons.className = "form-end";
  const leave = /** @type {Act} */ ([words("agenda-told-leave"), () => deal(id)]);
  for (const [name, act] of [...said.acts, leave]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => void act());
    buttons.append(button);
  }
  item.append(text, buttons);
  list.append(item);
  place.hidden = false;
  say(said.text, { acts: [[words("agenda-told-look"), lead]], stays: true });
}

function lead() {
  place.scrollIntoView({ block: "nearest" });
  place.querySelector("h2")?.focus();
}

/** Tells of everything there is to tell, now and from now on. */
export function keepTelling() {
  const look = () => {
    for (const row of outbox.rows.values()) {
      if (!isOfAgenda(row)) continue;
      if (row.state === "outstanding" || row.state === "refused") void tell(row);
    }
  };
  outbox.subscribe((notice) => {
    if (notice.type !== "row" || !isOfAgenda(notice.row)) return;
    if (notice.row.state === "recorded") deal(notice.row.entry.id);
    else look();
  });
  look();
}
