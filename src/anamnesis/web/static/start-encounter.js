// @ts-check
/**
 * Starts an encounter: the device names it and its page opens, whether the application answers or
 * not. The page itself writes down that it began, with the first thing typed in it.
 */
import { newId } from "./identifiers.js";

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = /** @type {HTMLElement | null} */ (target?.closest("[data-start-for]") ?? null);
  if (button) location.assign(`/encounters/${newId()}?patient=${button.dataset.startFor}`);
});
