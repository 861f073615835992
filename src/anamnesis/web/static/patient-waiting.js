// @ts-check
/** A patient on the way into the record: opens the patient's page as soon as it is there. */
import { pageOutbox } from "./page-outbox.js";

const LOOK_MS = 3000;
const { waitingFor = "" } = /** @type {HTMLElement} */ (
  document.querySelector("[data-waiting-for]")
).dataset;
const address = `/patients/${waitingFor}`;

async function look() {
  const answer = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
  if (answer?.status === 200) location.replace(address);
}

const outbox = await pageOutbox();
outbox.subscribe((notice) => {
  if (notice.type !== "row" || notice.row.entry.patient !== waitingFor) return;
  if (notice.row.state === "recorded") location.replace(address);
});
// Written on another device, or recorded while this page was loading: nobody tells this one.
setInterval(() => void look(), LOOK_MS);
