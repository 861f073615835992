// @ts-check
/** Says on any page that the application was given up, and where one can go on writing. */
import { pageOutbox } from "./page-outbox.js";

const said = /** @type {HTMLElement | null} */ (document.querySelector("[data-mode-notice]"));
if (said) {
  const outbox = await pageOutbox();
  outbox.subscribe((notice) => {
    if (notice.type === "event" && notice.name === "features")
      said.hidden = notice.data.mode !== "journal-only";
  });
}
