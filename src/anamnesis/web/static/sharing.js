// @ts-check
/**
 * Shares a document from its page: with the patient by link and code, with a colleague in the
 * product. Each is one entry through the outbox; nothing else on the page is touched.
 */
import { newId } from "./identifiers.js";
import { keep, submit } from "./page-outbox.js";
import { digestsOf, drawSecrets } from "./share-secrets.js";
import { showLink } from "./sharing-link.js";
import { startShares } from "./sharing-shares.js";
import { textAt } from "./whole-answer.js";
import { words } from "./words.js";

/** How long after a key the directory is asked. */
const SEARCH_MS = 200;
const DAY_MS = 24 * 3600 * 1000;

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-sharing]"));
const { document: id = "", patient = "", version = "0" } = place?.dataset ?? {};
const notice = document.querySelector("[data-sharing-notice]");

/**
 * @param {"patient" | "colleague" | "revoke"} name
 * @returns {HTMLDialogElement}
 */
function dialog(name) {
  return /** @type {HTMLDialogElement} */ (document.querySelector(`[data-share-dialog='${name}']`));
}

/** @param {HTMLDialogElement} one */
function formOf(one) {
  return /** @type {HTMLFormElement} */ (one.querySelector("form"));
}

/**
 * The content of a share as the form has it, without whom it is for.
 * @param {HTMLFormElement} form
 */
function contentOf(form) {
  const fields = new FormData(form);
  return {
    id: newId(),
    document: id,
    version: Number(version),
    expires_at: new Date(Date.now() + Number(fields.get("days")) * DAY_MS).toISOString(),
    message: String(fields.get("message") ?? "").trim(),
  };
}

/**
 * Calls `act` when the dialog's form is sent, and not when it is cancelled.
 * @param {"patient" | "colleague" | "revoke"} name
 * @param {(form: HTMLFormElement, one: HTMLDialogElement) => Promise<void>} act
 */
function onSubmit(name, act) {
  const one = dialog(name);
  const form = formOf(one);
  form.addEventListener("submit", async (event) => {
    if (/** @type {SubmitEvent} */ (event).submitter?.getAttribute("value") === "cancel") return;
    event.preventDefault();
    const buttons = form.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    try {
      await act(form, one);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  });
}

onSubmit("patient", async (form, one) => {
  const secrets = drawSecrets();
  const { link, secret } = await digestsOf(secrets);
  const to = { audience: "patient", to_practice: null, to_practitioner: null, link, secret };
  const content = { ...contentOf(form), ...to };
  const row = await keep({ kind: "document.share", patient, content }, notice);
  if (!row) return one.close(); // the notice says why
  form.hidden = true;
  await showLink(one, secrets, row);
});

onSubmit("colleague", async (form, one) => {
  const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector("[name='to']:checked"));
  if (!chosen) return;
  const to = {
    audience: "colleague",
    to_practice: chosen.dataset.practice ?? "",
    to_practitioner: chosen.value,
    link: null,
    secret: null,
  };
  const content = { ...contentOf(form), ...to };
  one.close();
  await submit({ kind: "document.share", patient, content }, notice);
});

let revoked = "";
onSubmit("revoke", async (form, one) => {
  const reason = String(new FormData(form).get("reason") ?? "").trim();
  one.close();
  await submit({ kind: "share.revoke", patient, content: { share: revoked, reason } }, notice);
});

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let asked = 0;

/** @param {string} text */
async function search(text) {
  const found = document.querySelector("[data-colleagues]");
  asked += 1;
  const mine = asked;
  const fragment = await textAt(`/colleagues?${new URLSearchParams({ q: text })}`);
  if (mine !== asked || !found) return;
  if (fragment === null) found.textContent = words("colleagues-away");
  else found.innerHTML = fragment;
}

const field = /** @type {HTMLInputElement | null} */ (
  document.querySelector("[data-colleague-search]")
);
field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => void search(field.value), SEARCH_MS);
});
// Enter looks for somebody; it does not share with whoever happens to be chosen.
field?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});

place?.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = /** @type {HTMLElement | null} */ (
    target?.closest("[data-share-with], [data-revoke]") ?? null
  );
  if (!button) return;
  const { shareWith, revoke = "" } = button.dataset;
  const one = dialog(shareWith === "patient" || shareWith === "colleague" ? shareWith : "revoke");
  const form = formOf(one);
  form.reset();
  form.hidden = false;
  revoked = revoke;
  if (shareWith === "colleague") void search("");
  one.showModal();
});

if (place) {
  for (const button of place.querySelectorAll("button")) button.disabled = false;
  await startShares(place);
}
