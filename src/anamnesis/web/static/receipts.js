// @ts-check
/** My receipts: fetched from the keeper, verified here, in the browser, when asked. */
import { verifyReceipt } from "./verify-receipt.js";
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

/** @param {...(Node | string)} content */
function cell(...content) {
  const made = document.createElement("td");
  made.append(...content);
  return made;
}

/** @param {any} receipt */
function line(receipt) {
  const row = document.createElement("tr");
  const what = document.createElement(receipt.encounter ? "a" : "span");
  if (what instanceof HTMLAnchorElement) what.href = `/encounters/${receipt.encounter}`;
  what.textContent = words(`kind-${receipt.kind}`);
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.dataset.colour = receipt.state === "recorded" ? "green" : "amber";
  badge.textContent = words(`receipt-${receipt.state}`);
  const place = document.createElement("code");
  place.textContent = String(receipt.position);
  const verify = document.createElement("button");
  verify.type = "button";
  verify.textContent = words("receipt-verify");
  const result = document.createElement("span");
  result.setAttribute("role", "status");
  verify.addEventListener("click", () => void check(receipt.entry, result));
  const download = document.createElement("a");
  download.href = `/keep/receipts/${receipt.entry}`;
  download.download = `${receipt.entry}.receipt.json`;
  download.textContent = words("receipt-download");
  row.append(cell(moment(receipt.received_at)), cell(what), cell(badge), cell(place),
    cell(verify, " ", download, " ", result));
  return row;
}

/** @param {string} entry @param {HTMLElement} result */
async function check(entry, result) {
  try {
    const answer = await fetch(`/keep/receipts/${entry}`);
    key ??= (await (await fetch("/keep/key")).text()).trim();
    await verifyReceipt(await answer.json(), key);
    result.textContent = words("receipt-verified");
    result.className = "verified";
  } catch (error) {
    const code = error && typeof error === "object" && "code" in error ? String(error.code) : "";
    result.textContent = words("receipt-not-verified", { code });
    result.className = "problem";
  }
}

async function load() {
  more.disabled = true;
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (before !== null) query.set("before", String(before));
  const answer = await fetch(`/keep/receipts?${query}`).catch(() => null);
  more.disabled = false;
  problem.textContent = answer?.ok ? "" : words("receipts-unreachable");
  if (!answer?.ok) return;
  const page = await answer.json();
  rows.append(...page.receipts.map(line));
  before = page.next;
  more.hidden = before === null;
  none.hidden = rows.childElementCount > 0;
}

more.addEventListener("click", () => void load());
await load();
