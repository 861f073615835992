// @ts-check
/**
 * The shares of a document: those the record has, with who opened them, and those on their way,
 * each with where it is.
 */
import { pageOutbox } from "./page-outbox.js";
import { stateBadge } from "./state-badge.js";
import { jsonAt, textAt } from "./whole-answer.js";
import { words } from "./words.js";

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {{at: string, kind: string, name: string, address: string}} Opening */

/** Who opened what is asked for again so often while the page is looked at. */
const AGAIN_MS = 60_000;

/** @param {HTMLElement} place */
export async function startShares(place) {
  const { document: id = "", patient = "" } = place.dataset;
  const list = /** @type {HTMLElement} */ (place.querySelector("[data-sharing-shares]"));
  const waiting = /** @type {HTMLElement} */ (place.querySelector("[data-sharing-waiting]"));
  const outbox = await pageOutbox();

  async function refresh() {
    const text = await textAt(`/patients/${patient}/documents/${id}/sharing`);
    if (text === null) {
      if (list.childElementCount === 0) list.textContent = words("sharing-away");
      return;
    }
    const open = [...list.querySelectorAll("details[open]")].map(shareOf);
    const focused = shareOf(document.activeElement);
    list.innerHTML = text;
    for (const one of list.querySelectorAll("details")) {
      if (open.includes(shareOf(one))) one.open = true;
      if (focused && focused === shareOf(one)) one.querySelector("summary")?.focus();
    }
    look();
    await showOpenings(list);
  }

  /** @param {Row} row */
  const isMine = ({ entry: { kind, content } }) =>
    (kind === "document.share" && content.document === id) ||
    (kind === "share.revoke" && list.querySelector(`[data-share="${content.share}"]`) !== null);

  function look() {
    const rows = [...outbox.rows.values()].filter(isMine).sort((a, b) => a.order - b.order);
    waiting.replaceChildren(...rows.map(line));
  }

  outbox.subscribe((notice) => {
    if (notice.type !== "row") return;
    look();
    if (notice.row.state === "recorded" && isMine(notice.row)) void refresh();
  });
  const again = () => {
    if (document.visibilityState === "visible") void showOpenings(list);
  };
  document.addEventListener("visibilitychange", again);
  setInterval(again, AGAIN_MS);
  await refresh();
}

/** @param {Element | null} element */
function shareOf(element) {
  return element?.closest("[data-share]")?.getAttribute("data-share") ?? "";
}

/** @param {Row} row */
function line(row) {
  const item = document.createElement("li");
  const what = document.createElement("span");
  what.textContent = words(`kind-${row.entry.kind}`);
  item.append(stateBadge(row.state, words(`waiting-${row.state}`)), what);
  if (row.message) {
    const why = document.createElement("small");
    why.className = "problem";
    why.textContent = row.message;
    item.append(why);
  }
  return item;
}

/** @param {HTMLElement} list */
async function showOpenings(list) {
  for (const details of list.querySelectorAll("[data-openings]")) {
    const share = details.getAttribute("data-openings");
    const answer = await jsonAt(`/keep/shares/${share}/openings`);
    const openings = answer?.openings ?? null;
    const count = details.querySelector("[data-openings-count]");
    const into = details.querySelector("[data-openings-list]");
    if (count) count.textContent = openings ? counted(openings) : words("openings-away");
    into?.replaceChildren(...(openings ?? []).map(opening));
  }
}

/** @param {Opening[]} openings */
function counted(openings) {
  const opened = openings.filter((one) => one.kind === "share-opened").length;
  const refused = openings.length - opened;
  const parts = [opened ? many("openings", opened) : words("openings-never")];
  if (refused) parts.push(many("openings-refused", refused));
  return parts.join(" · ");
}

/**
 * @param {"openings" | "openings-refused"} name
 * @param {number} count
 */
function many(name, count) {
  if (name === "openings")
    return words(count === 1 ? "openings-one" : "openings-many", { count });
  return words(count === 1 ? "openings-refused-one" : "openings-refused-many", { count });
}

/** @param {Opening} one */
function opening({ at, kind, name, address }) {
  const item = document.createElement("li");
  const style = /** @type {const} */ ({ dateStyle: "medium", timeStyle: "short" });
  const when = new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(at));
  const what = words(kind === "share-opened" ? "opening-opened" : "opening-refused");
  item.textContent = [when, what, name, address].filter(Boolean).join(" · ");
  if (kind !== "share-opened") item.className = "opening-refused";
  return item;
}
