// @ts-check
/**
 * Shows a link and its code once, apart from each other, and where their share is. They are in this
 * page's memory only, and gone with the dialog.
 */
import { pageOutbox } from "./page-outbox.js";
import { qrCode } from "./qr-code.js";
import { addressOf, shownCode } from "./share-secrets.js";
import { stateBadge } from "./state-badge.js";
import { words } from "./words.js";

/** @typedef {import("./outbox-store.js").Row} Row */

/**
 * @param {HTMLDialogElement} dialog
 * @param {import("./share-secrets.js").Secrets} secrets
 * @param {Row} row the share's entry
 */
export async function showLink(dialog, secrets, row) {
  /** @template {Element} T @param {string} name @returns {T} */
  const part = (name) => /** @type {T} */ (dialog.querySelector(`[${name}]`));
  const place = /** @type {HTMLElement} */ (part("data-link"));
  const state = /** @type {HTMLElement} */ (part("data-link-state"));
  const parts = /** @type {HTMLElement} */ (part("data-link-parts"));
  const address = /** @type {HTMLInputElement} */ (part("data-link-address"));
  const code = /** @type {HTMLInputElement} */ (part("data-link-code"));
  const picture = /** @type {HTMLElement} */ (part("data-link-picture"));
  const notice = /** @type {HTMLElement} */ (part("data-link-notice"));

  address.value = addressOf(secrets.token);
  code.value = shownCode(secrets.code);
  picture.hidden = false;
  picture.replaceChildren(qrCode(address.value, words("sharing-qr")));
  notice.textContent = "";
  parts.hidden = false;
  place.hidden = false;
  /** @type {HTMLElement} */ (part("data-link-title")).focus();

  /** @param {Row} now */
  const paint = (now) => {
    const shown = stateBadge(now.state, words(`sharing-link-${now.state}`));
    state.dataset.colour = shown.dataset.colour;
    state.replaceChildren(...shown.childNodes);
    // A share that the record does not take opens nothing: its link is not for giving away.
    const isRefused = now.state === "refused" || now.state === "outstanding";
    parts.hidden = isRefused;
    if (isRefused) notice.textContent = now.message || words(`refusal-${now.code}`);
  };
  const outbox = await pageOutbox();
  const { id } = row.entry;
  const stop = outbox.subscribe((heard) => {
    if (heard.type === "row" && heard.row.entry.id === id) paint(heard.row);
  });
  paint(outbox.recorded.get(id) ?? outbox.rows.get(id) ?? row);

  /** @param {Event} event */
  const copy = (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const { copy: what } = /** @type {HTMLElement | null} */ (target?.closest("[data-copy]"))
      ?.dataset ?? { copy: "" };
    if (what) void copied(what === "link" ? address : code, notice);
  };
  dialog.addEventListener("click", copy);
  dialog.addEventListener(
    "close",
    () => {
      stop();
      dialog.removeEventListener("click", copy);
      address.value = "";
      code.value = "";
      picture.replaceChildren();
      place.hidden = true;
    },
    { once: true },
  );
}

/**
 * @param {HTMLInputElement} field
 * @param {HTMLElement} notice
 */
async function copied(field, notice) {
  try {
    await navigator.clipboard.writeText(field.value);
    notice.textContent = words("sharing-copied");
  } catch {
    field.select();
    notice.textContent = words("sharing-copy-by-hand");
  }
}
