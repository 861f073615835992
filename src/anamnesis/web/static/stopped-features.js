// @ts-check
/**
 * A feature that this page came with was stopped: the page is loaded again without it, as soon as
 * nothing in it is on its way.
 */
import { note, pageOutbox } from "./encounter-page.js";

/** How long nothing may have been on its way before the page goes. */
export const CALM_MS = 1500;

/** Nobody has typed in this page: what it shows is what it came with, right or wrong. */
function isUntouched() {
  const fields = Array.from(document.querySelectorAll("textarea"));
  return fields.every((field) => field.value === field.defaultValue);
}

if (note) {
  const mine = (note.dataset.features ?? "").split(" ").filter(Boolean);
  const said = document.querySelector("[data-stopped-features]");
  let stopped = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let calm = undefined;
  said
    ?.querySelector("[data-reload]")
    ?.addEventListener("click", () => window.location.reload());
  document.addEventListener("anamnesis:state", (event) => {
    const { state } = /** @type {CustomEvent} */ (event).detail;
    const isSafe = state === "recorded" || state === "blank" || isUntouched();
    if (!stopped || !isSafe) {
      clearTimeout(calm);
      calm = undefined;
    } else {
      calm ??= setTimeout(() => window.location.reload(), CALM_MS);
    }
  });
  /** @param {string[]} running */
  const hear = (running) => {
    if (mine.every((feature) => running.includes(feature))) return;
    stopped = true;
    if (said instanceof HTMLElement) said.hidden = false;
  };
  // An event may be missed; what the witness is answered is not.
  document.addEventListener("anamnesis:features", (event) =>
    hear(/** @type {CustomEvent} */ (event).detail),
  );
  const outbox = await pageOutbox();
  outbox.subscribe((notice) => {
    if (notice.type === "event" && notice.name === "features") hear(notice.data.running);
  });
}
