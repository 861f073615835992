// @ts-check
/** Brings an older text back: as a new version, from the text that is the note's now. */
import { keeper } from "./keeper-client.js";
import { submit } from "./page-outbox.js";
import { words } from "./words.js";

const list = /** @type {HTMLElement | null} */ (document.querySelector("[data-encounter]"));
const notice = document.querySelector("[data-notice]");

list?.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-restore]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  const { encounter = "", patient = "", digest = "", status } = list.dataset;
  const carried = list.querySelector(`[data-sections='${button.dataset.restore}']`);
  button.disabled = true;
  const now = await keeper.note(encounter);
  if (now.status === 200 && now.body.digest !== digest) {
    if (notice) notice.textContent = words("history-moved-on");
    button.disabled = false;
    return;
  }
  const deed = {
    kind: status === "draft" ? "note.restore" : "note.amend",
    patient,
    encounter,
    base: digest,
    content: JSON.parse(carried?.textContent ?? "{}"),
  };
  const outcome = await submit(deed, notice);
  if (outcome === "recorded") location.assign(`/encounters/${encounter}/history`);
  else button.disabled = false;
});
