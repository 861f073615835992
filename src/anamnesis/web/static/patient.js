// @ts-check
/** A patient's page: adds measurements, shows more of the timeline. */
import { numberIn } from "./number-typed.js";
import { submit } from "./page-outbox.js";
import { pageAt, textAt } from "./whole-answer.js";
import { words } from "./words.js";

const { patient = "" } = /** @type {HTMLElement} */ (document.querySelector("[data-patient]"))
  .dataset;
const timeline = /** @type {HTMLElement} */ (document.querySelector("[data-timeline]"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("measure"));

timeline.addEventListener("click", async (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const more = target?.closest("[data-more]");
  if (!(more instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  const text = await textAt(`${more.getAttribute("href")}&part=timeline`);
  if (text === null) return location.assign(more.href);
  const before = timeline.querySelectorAll(".timeline-row").length;
  more.closest(".more")?.remove();
  timeline.insertAdjacentHTML("beforeend", text);
  joinMonths();
  const first = timeline.querySelectorAll(".timeline-row")[before];
  /** @type {HTMLElement | null | undefined} */ (first?.querySelector("a"))?.focus();
});

/** A month that two parts share has one heading. */
function joinMonths() {
  let last = "";
  for (const heading of timeline.querySelectorAll(".timeline-month")) {
    if (heading.textContent === last) heading.remove();
    last = heading.textContent ?? "";
  }
}

if (new URLSearchParams(location.search).get("every") === "yes") window.print();

const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type='submit']"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("measure-value"));
const list = /** @type {HTMLSelectElement} */ (document.getElementById("measure-code"));
// A list without `multiple` always has one option chosen.
const option = () => /** @type {HTMLOptionElement} */ (list.selectedOptions[0]);

function warn() {
  const { low = "", high = "" } = option().dataset;
  const number = numberIn(field.value);
  let text = "";
  if (field.value.trim() && Number.isNaN(number)) text = words("measurement-not-a-number");
  else if (number < Number(low) || number > Number(high)) {
    text = words("measurement-unlikely", { lowest: low, highest: high });
  }
  const place = document.getElementById("measure-warning");
  if (place && place.textContent !== text) place.textContent = text;
}

/** Shows the measurements as the record has them now; the form and the focus stay. */
async function showPlots() {
  const page = await pageAt(location.href);
  const fresh = page?.querySelector("[data-plots]");
  if (fresh) document.querySelector("[data-plots]")?.replaceWith(fresh);
}

form.addEventListener("input", warn);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const content = {
    code: list.value,
    value: field.value.trim(),
    unit: option().dataset.unit ?? "",
    effective_at: new Date().toISOString(),
  };
  const notice = form.querySelector("[data-measure-notice]");
  button.disabled = true;
  const outcome = await submit({ kind: "observation.record", patient, content }, notice);
  button.disabled = false;
  if (outcome === "refused") return;
  field.value = "";
  warn();
  field.focus();
  if (outcome === "recorded") await showPlots();
});
button.disabled = false;
