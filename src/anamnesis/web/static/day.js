// @ts-check
/** The day's buttons: who has arrived, who is done, and the encounter that an appointment starts. */
import { newId } from "./identifiers.js";
import { submit } from "./page-outbox.js";

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const row = /** @type {HTMLElement | null} */ (button?.closest("[data-appointment]") ?? null);
  if (!button || !row) return;
  const { appointment = "", patient = "" } = row.dataset;
  const starting = button.hasAttribute("data-start");
  const status = starting ? "in-consultation" : button.dataset.set;
  if (!status) return;
  button.disabled = true;
  const deed = { kind: "appointment.set-status", patient, content: { appointment, status } };
  const outcome = await submit(deed, row.querySelector("[data-notice]"));
  if (starting && outcome !== "refused") {
    location.assign(`/encounters/${newId()}?patient=${patient}&appointment=${appointment}`);
  } else if (outcome === "recorded") {
    location.reload();
  } else {
    button.disabled = false;
  }
});
