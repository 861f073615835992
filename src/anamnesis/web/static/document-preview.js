// @ts-check
/** The document as it will be printed, beside its form, fetched again with each version. */
import { documentForm } from "./document-form.js";
import { textAt } from "./whole-answer.js";
import { words } from "./words.js";

/** Previews are never fetched closer together than this. */
const PREVIEW_MS = 800;
/** What the record has now is asked for again so often: a colleague may have written. */
const AGAIN_MS = 30_000;
/** How long the pages of a new preview may take before the old ones go. */
const PAGES_MS = 4000;

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-preview]"));
let shown = 0;
let current = "";
let fetchedAt = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {number} version */
function soon(version) {
  if (!place || version <= shown) return;
  clearTimeout(timer);
  const wait = Math.max(0, fetchedAt + PREVIEW_MS - Date.now());
  timer = setTimeout(() => void refresh(place, version), wait);
}

/**
 * @param {HTMLElement} into
 * @param {number} version
 */
async function refresh(into, version) {
  fetchedAt = Date.now();
  const text = await textAt(`${into.dataset.preview}?version=${version}`);
  if (text === null) return away(into);
  const fragment = document.createRange().createContextualFragment(text);
  /** @type {HTMLElement | null} */
  const facts = fragment.querySelector("[data-current-version]");
  if (!facts || (version === shown && facts.dataset.currentVersion === current)) return;
  const images = Array.from(fragment.querySelectorAll("img"));
  const late = new Promise((resolve) => setTimeout(resolve, PAGES_MS));
  // The pages that are there stay until those that follow can be seen.
  await Promise.race([Promise.allSettled(images.map((image) => image.decode())), late]);
  if (version < shown) return;
  shown = version;
  into.replaceChildren(fragment);
  const { currentVersion = "0", currentDigest = "", printable = "no" } = facts.dataset;
  current = currentVersion;
  into.dataset.printable = printable;
  documentForm?.standing.learnCurrent({
    digest: currentDigest,
    version: Number(currentVersion),
  });
  documentForm?.look();
}

function again() {
  if (place && shown > 0 && document.visibilityState === "visible") void refresh(place, shown);
}

/** @param {HTMLElement} into the application is away: what is typed is kept all the same */
function away(into) {
  const notice = into.querySelector("[data-preview-notice]");
  if (notice) notice.textContent = words("document-preview-away");
}

document.addEventListener("anamnesis:document-recorded", (event) => {
  soon(/** @type {CustomEvent} */ (event).detail.version);
});
const { version = "0" } = documentForm?.root.dataset ?? {};
soon(Math.max(Number(version), documentForm?.standing.readBack?.version ?? 0));
setInterval(again, AGAIN_MS);
document.addEventListener("visibilitychange", again);
