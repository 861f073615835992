// @ts-check
/** Shows the note as the record has it, beside the fields and never in them. */
import { keeper } from "./keeper-client.js";
import { words } from "./words.js";

/**
 * Shows it when somebody asks for it.
 * @param {HTMLElement} note
 * @param {string} encounter
 */
export function offerRecorded(note, encounter) {
  note.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("[data-show-recorded]");
    if (button) void showRecorded(note, encounter);
  });
}

/**
 * @param {HTMLElement} note holds the element that the text is put in
 * @param {string} encounter
 * @returns {Promise<void>}
 */
export async function showRecorded(note, encounter) {
  const place = note.querySelector("[data-recorded-text]");
  if (!(place instanceof HTMLElement)) return;
  const { status, body } = await keeper.note(encounter);
  place.replaceChildren();
  place.hidden = false;
  const heading = document.createElement("h2");
  heading.tabIndex = -1;
  heading.textContent = words(status === 200 ? "recorded-text-title" : "recorded-text-unreachable");
  place.append(heading);
  for (const [section, text] of Object.entries(status === 200 ? body.sections : {})) {
    const title = document.createElement("h3");
    title.textContent = words(`section-name-${section}`);
    const shown = document.createElement("p");
    shown.className = "kept-text";
    shown.textContent = String(text) || words("recorded-text-blank");
    place.append(title, shown);
  }
  heading.focus();
}
