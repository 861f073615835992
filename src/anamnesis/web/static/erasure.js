// @ts-check
/** A decision that a record is to be erased: one entry, with its reason. Nothing is erased here. */
import { submit } from "./page-outbox.js";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("erasure"));

if (form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type='submit']"));
  const { patient = null, resource = "" } = form.dataset;
  const { practitioner = "", name = "" } = document.body.dataset;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = new FormData(form);
    const content = {
      id: resource,
      ground: String(typed.get("ground")),
      asked_by: String(typed.get("asked_by")),
      reason: String(typed.get("reason")).trim(),
      by: practitioner,
      by_name: name,
      at: new Date().toISOString(),
    };
    button.disabled = true;
    const deed = { kind: "erasure.write", patient, content };
    const outcome = await submit(deed, form.querySelector("[data-notice]"));
    if (outcome === "recorded") location.reload();
    else button.disabled = false;
  });

  button.disabled = false;
}
