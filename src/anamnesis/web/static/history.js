// @ts-check
/** Brings an older text back: as a new version, from the text that is the note's now. */
import { keeper } from "./keeper-client.js";
import { submit } from "./page-outbox.js";
import { words } from "./words.js";

const note = /** @type {HTMLElement | null} */ (document.querySelector("[data-encounter]"));

/** @param {HTMLElement} list @param {HTMLButtonElement} button */
async function restore(list, button) {
  const { encounter = "", patient = "", digest = "", status } = list.dataset;
  const carried = list.querySelector(`[data-sections='${button.dataset.restore}']`);
  const notice = button.parentElement?.querySelector("[data-notice]") ?? null;
  const now = await keeper.note(encounter);
  if (now.status === 200 && now.body.digest !== digest) {
    if (notice) notice.textContent = words("history-moved-on");
    return;
  }
  const deed = {
    kind: status === "draft" ? "note.restore" : "note.amend",
    patient,
    encounter,
    // Without an answer as well: what somebody else wrote meanwhile is merged, or kept beside it.
    base: digest,
    content: JSON.parse(carried?.textContent ?? "{}"),
  };
  if ((await submit(deed, notice)) === "recorded") {
    location.assign(`/encounters/${encounter}/history`);
  }
}

note?.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-restore]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  button.disabled = true;
  await restore(note, button);
  button.disabled = false;
});
