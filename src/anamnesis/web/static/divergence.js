// @ts-check
/**
 * Two texts for one section, side by side, until somebody decides. Deciding is an entry; where it
 * changes the text, the text goes first, through the editor, like anything else that is written.
 */
import { note, pageOutbox, say, started } from "./encounter-page.js";
import { keeper } from "./keeper-client.js";
import { wordDifference } from "./word-difference.js";
import { words } from "./words.js";

/**
 * @typedef {{id: string, section: string, text: string, reason: string, author_name?: string}}
 *   Divergence
 */
/** @typedef {"note" | "aside" | "both"} Kept */

/** How long the editor may take to put the chosen text into the outbox. */
export const PUT_WAIT_MS = 5000;
const CHOICES = /** @type {const} */ (["note", "aside", "both"]);

/**
 * @param {string} section
 * @returns {HTMLTextAreaElement | null}
 */
function fieldOf(section) {
  return note?.querySelector(`textarea[data-section="${section}"]`) ?? null;
}

/**
 * @param {HTMLElement} page
 * @param {Divergence[]} divergences
 */
function show(page, divergences) {
  for (const place of page.querySelectorAll("[data-divergences-of]")) {
    const section = /** @type {HTMLElement} */ (place).dataset.divergencesOf;
    const here = divergences.filter((divergence) => divergence.section === section);
    const shown = JSON.stringify([here, fieldOf(section ?? "")?.value]);
    // Unchanged ones stay, so that no button loses the focus.
    if (/** @type {HTMLElement} */ (place).dataset.shown === shown) continue;
    /** @type {HTMLElement} */ (place).dataset.shown = shown;
    place.replaceChildren(...here.map(panel));
  }
}

/**
 * @param {Divergence} divergence
 * @returns {HTMLElement}
 */
function panel(divergence) {
  const { section, text, reason, author_name } = divergence;
  const current = fieldOf(section)?.value ?? "";
  const element = document.createElement("section");
  element.className = "divergence";
  const heading = document.createElement("h3");
  const title = words(`divergence-${reason}`, { section: words(`section-name-${section}`) });
  heading.textContent = title;
  const spans = wordDifference(current, text);
  const other = words("divergence-aside", { name: author_name || words("editor-somebody") });
  const columns = document.createElement("div");
  columns.className = "divergence-texts";
  columns.append(
    column(
      words("divergence-note"),
      spans.filter((span) => span.op !== "added"),
    ),
    column(
      other,
      spans.filter((span) => span.op !== "removed"),
    ),
  );
  const buttons = document.createElement("p");
  buttons.className = "divergence-choices";
  for (const kept of CHOICES) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words(`divergence-keep-${kept}`);
    button.addEventListener("click", () => void decide(element, divergence, kept));
    buttons.append(button);
  }
  element.append(heading, columns, buttons);
  return element;
}

/**
 * @param {string} title
 * @param {import("./word-difference.js").Span[]} spans
 * @returns {HTMLElement}
 */
function column(title, spans) {
  const element = document.createElement("div");
  const heading = document.createElement("h4");
  heading.textContent = title;
  const text = document.createElement("p");
  text.className = "kept-text";
  for (const span of spans) {
    const mark = document.createElement(span.op === "same" ? "span" : "mark");
    mark.className = `words-${span.op}`;
    mark.textContent = span.text;
    text.append(mark);
  }
  element.append(heading, text);
  return element;
}

/**
 * The text that stays.
 * @param {string} current
 * @param {string} aside
 * @param {Kept} kept
 */
export function decided(current, aside, kept) {
  if (kept === "note") return current;
  if (kept === "aside") return aside;
  return [current, aside].filter(Boolean).join("\n");
}

/**
 * Has the editor put a text into a field and the outbox.
 * @param {string} section
 * @param {string} text
 */
function put(section, text) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new DOMException("", "TimeoutError")), PUT_WAIT_MS);
    document.dispatchEvent(
      new CustomEvent("anamnesis:put", { detail: { section, text, done: resolve } }),
    );
  });
}

/**
 * @param {HTMLElement} element
 * @param {Divergence} divergence
 * @param {Kept} kept
 */
async function decide(element, divergence, kept) {
  const { encounter = "", patient = "" } = note?.dataset ?? {};
  const outbox = await pageOutbox();
  for (const button of element.querySelectorAll("button")) button.disabled = true;
  try {
    await started(outbox);
    const current = fieldOf(divergence.section)?.value ?? "";
    const text = decided(current, divergence.text, kept);
    if (text !== current) await put(divergence.section, text);
    await outbox.add({
      kind: "note.resolve",
      patient,
      encounter,
      content: { divergence: divergence.id, kept },
    });
    element.remove();
    say("actions", words("done-note-resolve"));
    fieldOf(divergence.section)?.focus();
  } catch {
    for (const button of element.querySelectorAll("button")) button.disabled = false;
    say("actions", words("action-late"));
  }
}

if (note) {
  const page = note;
  /**
   * Decisions on their way: not offered again before the record has them.
   * @type {Set<string>}
   */
  const decidedHere = new Set();
  const outbox = await pageOutbox();
  const learn = () => {
    for (const row of outbox.of(page.dataset.encounter ?? "")) {
      if (row.entry.kind === "note.resolve") decidedHere.add(String(row.entry.content.divergence));
    }
  };
  document.addEventListener("anamnesis:note", (event) => {
    learn();
    const { divergences = [] } = /** @type {CustomEvent} */ (event).detail;
    show(
      page,
      divergences.filter((/** @type {Divergence} */ one) => !decidedHere.has(one.id)),
    );
  });
  if (Number(page.dataset.divergences) > 0) {
    const { status, body } = await keeper.note(page.dataset.encounter ?? "");
    if (status === 200) document.dispatchEvent(new CustomEvent("anamnesis:note", { detail: body }));
  }
}
