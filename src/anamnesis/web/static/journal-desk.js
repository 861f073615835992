// @ts-check
/** The list of journal-only mode: what I wrote lately, whole, and where a new encounter starts. */
import { startsEncounters } from "./journal-start.js";
import { bornOf, moment, nameOf } from "./journal-person.js";
import { keeper } from "./keeper-client.js";
import { pageOutbox } from "./page-outbox.js";
import { stateBadge } from "./state-badge.js";
import { words } from "./words.js";

/**
 * @typedef {object} Shown
 * @property {string} encounter
 * @property {string} patient
 * @property {import("./journal-person.js").Person | null} person
 * @property {string | null} started_at
 * @property {string} [written_at]
 * @property {string} status
 * @property {Record<string, string> | null} sections
 * @property {"journaled" | "recorded"} state
 */

const place = /** @type {HTMLElement} */ (document.querySelector("[data-mine]"));
const more = /** @type {HTMLButtonElement} */ (document.querySelector("[data-more]"));
/** @type {number | null} */
let next = null;

/**
 * @param {string} tag
 * @param {string} className
 * @param {...(Node | string)} content
 */
function made(tag, className, ...content) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

/** @param {Shown} one */
function card(one) {
  const name = nameOf(one.person, one.patient);
  const open = /** @type {HTMLAnchorElement} */ (made("a", "button", words("fallback-open")));
  open.href = `/keep/journal-only?encounter=${one.encounter}&patient=${one.patient}`;
  open.append(made("span", "unseen-aloud", ` : ${name}`));
  const at = one.written_at ?? one.started_at;
  const facts = [bornOf(one.person), at === null ? "" : moment(at), words(`status-${one.status}`)];
  const head = made(
    "header",
    "journal-only-head",
    made("h2", "", name),
    made("p", "quiet", facts.filter(Boolean).join(" · ")),
    stateBadge(one.state, words(`fallback-${one.state}`)),
    open,
  );
  return made("article", "card", head, written(one.sections ?? {}));
}

/**
 * The first line at a glance, the whole text by one press.
 * @param {Record<string, string>} sections
 */
function written(sections) {
  const texts = Object.entries(sections).filter(([, text]) => text !== "");
  const [first] = texts;
  if (!first) return made("p", "quiet", words("fallback-nothing-written"));
  const whole = made("dl", "journal-only-text");
  for (const [section, text] of texts)
    whole.append(made("dt", "", words(`section-name-${section}`)), made("dd", "", text));
  const line = first[1].trim().split("\n", 1)[0] ?? "";
  return made("details", "", made("summary", "journal-only-line", line), whole);
}

/** @param {number | null} before */
async function load(before) {
  const { status, body } = await keeper.journalEncounters(before);
  if (status !== 200) {
    place.append(made("p", "notice notice-red", body?.message ?? words("fallback-unreachable")));
    return;
  }
  if (before === null) place.replaceChildren();
  place.append(...body.encounters.map(card));
  if (place.childElementCount === 0)
    place.append(made("div", "empty", made("p", "", words("fallback-none"))));
  next = body.next;
  more.hidden = next === null;
  const since = /** @type {HTMLElement} */ (document.querySelector("[data-since]"));
  since.textContent = body.since ? words("fallback-since", { at: moment(body.since) }) : "";
}

/** Shows the list. */
export async function showDesk() {
  const desk = /** @type {HTMLElement} */ (document.getElementById("desk"));
  desk.hidden = false;
  more.addEventListener("click", () => void load(next));
  startsEncounters();
  await load(null);
  // What this device still holds is sent from here as from any page; then the list has it.
  const outbox = await pageOutbox();
  outbox.subscribe((notice) => {
    if (notice.type === "row" && notice.row.state === "journaled" && next === null) void load(null);
  });
}
