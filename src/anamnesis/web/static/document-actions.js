// @ts-check
/** What can be done to a document besides writing it: issue, correct, enter in error. */
import { NAMELESS } from "./document-content.js";
import { documentForm } from "./document-form.js";
import { note as page } from "./encounter-page.js";
import { submit } from "./page-outbox.js";

const { document: id = "", patient = "" } = page?.dataset ?? {};
const notice = document.querySelector("[data-announce='actions']");
const issue = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-do='issue']"));
const mistaken = /** @type {HTMLElement | null} */ (
  document.querySelector("[data-do='enter-in-error']")
);
const correct = document.querySelector("[data-do='correct']");
const dialog = /** @type {HTMLDialogElement | null} */ (
  document.getElementById("enter-in-error-dialog")
);
const preview = /** @type {HTMLElement | null} */ (document.querySelector("[data-preview]"));
/** @type {{version: number, digest: string} | null} */
let issuable = null;

/** A version is issued only while it is on the form, recorded and printable. */
document.addEventListener("anamnesis:document-state", (event) => {
  const { state, shown, version } = /** @type {CustomEvent} */ (event).detail;
  const isNamed = !documentForm?.read().lines.some((line) => line.drug === NAMELESS);
  const isPrintable = preview?.dataset.printable === "yes";
  const isNew = version > Number(page?.dataset.issued || 0);
  const may = state === "recorded" && isNamed && isPrintable && isNew;
  issuable = may ? { version, digest: shown } : null;
  if (issue && issue.disabled === may) issue.disabled = !may;
  if (mistaken && version !== null) mistaken.hidden = false;
  // Another template would be another document from now on.
  const templates = /** @type {HTMLElement | null} */ (document.querySelector("[data-templates]"));
  if (templates) templates.hidden = state !== "blank";
});

issue?.addEventListener("click", async () => {
  if (!issuable) return;
  const content = { document: id, ...issuable };
  issue.disabled = true;
  const outcome = await submit({ kind: "document.issue", patient, content }, notice);
  if (outcome === "recorded") location.reload();
});

correct?.addEventListener("click", () => {
  const form = document.getElementById("document-form");
  for (const set of form?.querySelectorAll("fieldset") ?? []) set.disabled = false;
  correct.remove();
  for (const hidden of document.querySelectorAll("[data-when-open]")) {
    if (hidden instanceof HTMLElement) hidden.hidden = false;
  }
  form?.querySelector("input, textarea")?.scrollIntoView({ block: "center" });
  /** @type {HTMLElement | null | undefined} */ (form?.querySelector("input, textarea"))?.focus();
});

mistaken?.addEventListener("click", () => {
  dialog?.showModal();
});

document.getElementById("enter-in-error")?.addEventListener("submit", async (event) => {
  // Cancelling is left to the dialog: it closes.
  if (/** @type {any} */ (event).submitter?.value === "cancel") return;
  event.preventDefault();
  const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const reason = String(fields.get("reason") ?? "").trim();
  if (reason === "") return;
  dialog?.close();
  const content = { resource: id, reason };
  const deed = { kind: "resource.enter-in-error", patient, content };
  if ((await submit(deed, notice)) === "recorded") location.reload();
});
