// @ts-check
/** Brings an older version of a document back: as a new one. */
import { submit } from "./page-outbox.js";

const list = /** @type {HTMLElement | null} */ (document.querySelector("[data-document]"));

list?.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-restore]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  const { document: id = "", patient = "", encounter = "" } = list.dataset;
  const carried = list.querySelector(`[data-version-content='${button.dataset.restore}']`);
  const notice = button.parentElement?.querySelector("[data-notice]") ?? null;
  const content = JSON.parse(carried?.textContent ?? "{}");
  button.disabled = true;
  const deed = { kind: "document.write", patient, encounter: encounter || null, content };
  if ((await submit(deed, notice)) === "recorded")
    location.assign(`/patients/${patient}/documents/${id}`);
  button.disabled = false;
});
