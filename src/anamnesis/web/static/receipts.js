// @ts-check
/** My receipts: fetched from the keeper, verified here, in the browser, when asked. */
import { stateBadge } from "./state-badge.js";
import { verifyReceipt } from "./verify-receipt.js";
import { jsonAt } from "./whole-answer.js";
import { words } from "./words.js";

const PAGE = 50;
const rows = /** @type {HTMLElement} */ (document.querySelector("[data-receipts]"));
const none = /** @type {HTMLElement} */ (document.querySelector("[data-receipts-none]"));
const problem = /** @type {HTMLElement} */ (document.querySelector("[data-receipts-problem]"));
const more = /** @type {HTMLButtonElement} */ (document.querySelector("[data-receipts-more]"));
/** @type {number | null} */
let before = null;
/** @type {string | null} */
let key = null;

/** @param {string} instant */
function moment(instant) {
  const style = /** @type {const} */ ({ dateStyle: "short", timeStyle: "medium" });
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(instant));
}

/** @param {string} className @param {...(Node | string)} content */
function cell(className, ...content) {
  const made = document.createElement("td");
  made.className = className;
  made.append(...content);
  return made;
}

/** @param {string} text */
function aloud(text) {
  const made = document.createElement("span");
  made.className = "unseen-aloud";
  made.textContent = text;
  return made;
}

/** @param {{kind: string, encounter: string | null, patient: string | null}} receipt */
function subject({ kind, encounter, patient }) {
  const what = document.createElement(encounter || patient ? "a" : "span");
  if (what instanceof HTMLAnchorElement)
    what.href = encounter ? `/encounters/${encounter}` : `/patients/${patient}`;
  what.textContent = words(`kind-${kind}`);
  return what;
}

/** @param {string} entry @param {string} name */
function proof(entry, name) {
  const verify = document.createElement("button");
  verify.type = "button";
  verify.append(words("receipt-verify"), aloud(` ${name}`));
  const result = document.createElement("span");
  result.setAttribute("role", "status");
  verify.addEventListener("click", () => void check(entry, result));
  const download = document.createElement("a");
  download.href = `/keep/receipts/${entry}`;
  download.download = `${entry}.receipt.json`;
  download.append(words("receipt-download"), aloud(` ${name}`));
  return [verify, download, result];
}

/** @param {any} receipt */
function line(receipt) {
  const row = document.createElement("tr");
  const when = moment(receipt.received_at);
  const place = document.createElement("code");
  place.textContent = String(receipt.position);
  const state = receipt.state === "recorded" ? "recorded" : "journaled";
  row.append(
    cell("receipt-when", when),
    cell("receipt-what", subject(receipt)),
    cell("receipt-state", stateBadge(state, words(`receipt-${state}`))),
    cell("receipt-place", place),
    cell("receipt-proof", ...proof(receipt.entry, `${words(`kind-${receipt.kind}`)}, ${when}`)),
  );
  return row;
}

/** @param {string} entry @param {HTMLElement} result */
async function check(entry, result) {
  try {
    const answer = await fetch(`/keep/receipts/${entry}`);
    key ??= (await (await fetch("/keep/key")).text()).trim();
    await verifyReceipt(await answer.json(), key);
    result.replaceChildren(stateBadge("recorded", words("receipt-verified")));
  } catch (error) {
    const code = error && typeof error === "object" && "code" in error ? String(error.code) : "";
    const text = code ? words("receipt-not-verified", { code }) : words("receipts-unreachable");
    result.replaceChildren(stateBadge(code ? "refused" : "held", text));
  }
}

async function load() {
  more.disabled = true;
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (before !== null) query.set("before", String(before));
  const page = await jsonAt(`/keep/receipts?${query}`);
  more.disabled = false;
  problem.textContent = page === null ? words("receipts-unreachable") : "";
  more.hidden = false; // after a failure it is the way to try again
  if (page === null) return;
  rows.append(...page.receipts.map(line));
  before = page.next;
  more.hidden = before === null;
  none.hidden = rows.childElementCount > 0;
}

more.addEventListener("click", () => void load());
await load();
