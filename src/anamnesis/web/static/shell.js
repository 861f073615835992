// @ts-check
/** What every page has: the keyboard's shortcuts, signing out, the light of what waits. */
import { keeper } from "./keeper-client.js";
import { pageOutbox } from "./page-outbox.js";
import { words } from "./words.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */

const SEQUENCE_MS = 1200;
/** @type {Record<string, string>} */
const PLACES = {
  j: "/",
  d: "/",
  a: "/agenda",
  p: "/patients",
  s: "/search",
  r: "/receipts",
};

const shortcuts = /** @type {HTMLDialogElement | null} */ (document.getElementById("shortcuts"));
let goingSince = -SEQUENCE_MS;

/** @param {KeyboardEvent} event @returns {boolean} whether the key is somebody's typing */
function isTyping(event) {
  const target = event.composedPath()[0];
  const field =
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
  return field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey;
}

/** @param {string} key @returns {boolean} whether it was a shortcut */
function follow(key) {
  const search = /** @type {HTMLElement | null} */ (document.querySelector("[data-search]"));
  if (key === "/" && search) search.focus();
  else if (key === "/") location.assign("/patients");
  else if (key === "n") location.assign("/patients/new");
  else if (key === "?") shortcuts?.showModal();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || event.repeat || document.querySelector("dialog[open]")) return;
  const going = event.timeStamp - goingSince < SEQUENCE_MS;
  goingSince = event.key === "g" ? event.timeStamp : -SEQUENCE_MS;
  const place = going ? PLACES[event.key] : undefined;
  if (place !== undefined) location.assign(place);
  else if (!follow(event.key)) return;
  event.preventDefault();
});

document.querySelector("[data-shortcuts]")?.addEventListener("click", () => {
  /** @type {any} */ (document.getElementById("menu"))?.hidePopover?.();
  shortcuts?.showModal();
});

/** @param {Outbox} outbox */
const waitingIn = (outbox) => [...outbox.rows.values()].filter((row) => row.state !== "recorded");

/**
 * Asks before leaving texts behind that only this device has.
 * @param {Outbox | null} outbox
 * @returns {Promise<boolean>}
 */
async function mayLeave(outbox) {
  const here = outbox ? waitingIn(outbox).filter((row) => row.state === "held").length : 0;
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("leaving"));
  if (here === 0 || !dialog) return true;
  const sentence = dialog.querySelector("[data-leaving]");
  if (sentence) sentence.textContent = words("leaving", { count: here });
  dialog.returnValue = "stay";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "leave";
}

/** @type {Outbox | null} */
let opened = null;
for (const button of document.querySelectorAll("[data-sign-out]")) {
  button.addEventListener("click", async () => {
    if (!(await mayLeave(opened))) return;
    const { status } = await keeper.signOut();
    // 401: the session had ended already.
    if (status === 204 || status === 401) return location.assign("/sign-in");
    const notice = document.querySelector("[data-shell-notice]");
    if (notice) notice.textContent = words("sign-out-unreachable");
  });
}

const light = /** @type {HTMLElement | null} */ (document.querySelector("[data-outbox-light]"));
if (light) {
  const outbox = await pageOutbox();
  opened = outbox;
  const look = () => {
    const waiting = waitingIn(outbox);
    const bad = waiting.some((row) => row.state === "refused" || row.state === "outstanding");
    light.hidden = waiting.length === 0;
    light.dataset.colour = bad ? "red" : "amber";
    light.textContent = words("outbox-light", { count: waiting.length });
  };
  outbox.subscribe(look);
  look();
}
