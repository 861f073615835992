// @ts-check
/** A decision that a record is only kept, or no longer: one entry, with its reason. */
import { submit } from "./page-outbox.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("restriction"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type='submit']"));
const { patient = null, resource = "", restricted } = form.dataset;
const { practitioner = "", name = "" } = document.body.dataset;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const typed = new FormData(form);
  const content = {
    id: resource,
    restricted: restricted === "yes",
    ground: String(typed.get("ground")),
    reason: String(typed.get("reason")).trim(),
    by: practitioner,
    by_name: name,
    at: new Date().toISOString(),
  };
  button.disabled = true;
  const deed = { kind: "restriction.write", patient, content };
  const outcome = await submit(deed, form.querySelector("[data-notice]"));
  if (outcome === "recorded") location.reload();
  else button.disabled = false;
});

button.disabled = false;
