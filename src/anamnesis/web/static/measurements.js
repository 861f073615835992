// @ts-check
/**
 * Measurements, entered quickly: each value is an entry. What looks unlikely is said, and never
 * refused.
 */
import { note, pageOutbox, say, started } from "./encounter-page.js";
import { numberIn } from "./number-typed.js";
import { words } from "./words.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */

/**
 * Says beside a field that its value is unlikely.
 * @param {HTMLInputElement} field
 */
function warn(field) {
  const place = document.getElementById(`${field.id}-warning`);
  if (!place) return;
  const value = numberIn(field.value);
  const { lowest, highest } = field.dataset;
  let text = "";
  if (field.value.trim() !== "" && Number.isNaN(value)) text = words("measurement-not-a-number");
  else if (value < Number(lowest) || value > Number(highest)) {
    text = words("measurement-unlikely", { lowest: lowest ?? "", highest: highest ?? "" });
  }
  if (place.textContent !== text) place.textContent = text;
}

/**
 * @param {HTMLFormElement} form
 * @param {Outbox} outbox
 */
async function record(form, outbox) {
  const { encounter = "", patient = "" } = note?.dataset ?? {};
  const filled = Array.from(form.querySelectorAll("input")).filter(
    (field) => field.value.trim() !== "",
  );
  for (const field of filled) {
    const value = field.value.trim();
    const { unit = "" } = field.dataset;
    const line = listed(`${field.dataset.label} ${value} ${field.dataset.unitShown ?? unit}`);
    try {
      await started(outbox);
      const row = await outbox.add({
        kind: "observation.record",
        patient,
        encounter,
        content: {
          code: field.name,
          value,
          unit,
          effective_at: new Date().toISOString(),
        },
      });
      field.value = "";
      warn(field);
      follow(line, outbox, row.entry.id);
    } catch {
      mark(line, "typed");
    }
  }
  if (filled.length > 0) say("actions", words("measurements-held", { count: filled.length }));
}

/**
 * @param {string} text
 * @returns {HTMLElement}
 */
function listed(text) {
  const line = document.createElement("li");
  const shown = document.createElement("span");
  shown.textContent = text;
  const badge = document.createElement("span");
  badge.className = "badge";
  line.append(shown, " ", badge);
  document.querySelector("[data-measured]")?.append(line);
  return line;
}

/**
 * @param {HTMLElement} line
 * @param {"typed" | "held" | "journaled" | "recorded" | "refused"} state
 */
function mark(line, state) {
  const badge = /** @type {HTMLElement} */ (line.querySelector(".badge"));
  badge.dataset.state = state;
  badge.dataset.colour = {
    typed: "red",
    refused: "red",
    held: "amber",
    journaled: "amber",
    recorded: "green",
  }[state];
  badge.textContent = words(`measured-${state}`);
}

/**
 * @param {HTMLElement} line
 * @param {Outbox} outbox
 * @param {string} id
 */
function follow(line, outbox, id) {
  mark(line, "held");
  const stop = outbox.subscribe((notice) => {
    if (notice.type !== "row" || notice.row.entry.id !== id) return;
    const { state } = notice.row;
    mark(line, state === "outstanding" ? "refused" : state);
    if (state === "recorded") stop();
  });
}

const form = document.getElementById("measurements");
if (note && form instanceof HTMLFormElement) {
  const outbox = await pageOutbox();
  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement) warn(event.target);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void record(form, outbox);
  });
}
