// @ts-check
/** A patient's page: adds measurements, shows more of the timeline. */
import { numberIn } from "./number-typed.js";
import { submit } from "./page-outbox.js";
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
  const answer = await fetch(`${more.getAttribute("href")}&part=encounters`).catch(() => null);
  if (!answer?.ok) return location.assign(more.href);
  const before = timeline.querySelectorAll(".encounter-row").length;
  more.closest(".more")?.remove();
  timeline.insertAdjacentHTML("beforeend", await answer.text());
  const first = timeline.querySelectorAll(".encounter-row")[before];
  /** @type {HTMLElement | null | undefined} */ (first?.querySelector("a"))?.focus();
});

/** @param {HTMLOptionElement} chosen @param {string} value @returns {string} */
function warning(chosen, value) {
  const number = numberIn(value);
  if (!value.trim()) return "";
  if (Number.isNaN(number)) return words("measurement-not-a-number");
  const { low, high } = chosen.dataset;
  const usual = number >= Number(low) && number <= Number(high);
  return usual ? "" : words("measurement-unlikely", { lowest: low ?? "", highest: high ?? "" });
}

// A list without `multiple` always has one option chosen.
const option = () =>
  /** @type {HTMLOptionElement} */ (
    /** @type {HTMLSelectElement} */ (form.elements.namedItem("code")).selectedOptions[0]
  );
const value = () => /** @type {HTMLInputElement} */ (form.elements.namedItem("value")).value;

form.addEventListener("input", () => {
  const place = document.getElementById("measure-warning");
  if (place) place.textContent = warning(option(), value());
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const content = {
    code: option().value,
    value: value().trim(),
    unit: option().dataset.unit ?? "",
    effective_at: new Date().toISOString(),
  };
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type='submit']"));
  const notice = form.querySelector("[data-measure-notice]");
  button.disabled = true;
  const outcome = await submit({ kind: "observation.record", patient, content }, notice);
  button.disabled = false;
  if (outcome === "recorded") location.reload();
  else if (outcome === "kept") form.reset();
});
