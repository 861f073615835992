// @ts-check
/**
 * An encounter that is written again: what this device still holds of it, brought in through the
 * outbox on a click, and the mark that a text was written later.
 */
import { digestOf } from "./canonical.js";
import { newId } from "./identifiers.js";
import { pageOutbox, submit } from "./page-outbox.js";
import { words } from "./words.js";

const SECTIONS = ["motif", "interrogatoire", "examen", "conclusion"];
const form = /** @type {HTMLFormElement} */ (document.getElementById("mark"));
const { breach = "", patient = "", encounter = "", digest = "" } = form.dataset;
const place = /** @type {HTMLElement} */ (document.querySelector("[data-device-text]"));
const id = newId();

/** @param {string} name @param {string} text */
function paragraph(name, text) {
  const line = document.createElement(name);
  line.textContent = text;
  return line;
}

/** @param {Record<string, unknown>} content what this device holds */
function offer(content) {
  const sections = /** @type {Record<string, string>} */ (content.sections ?? {});
  place.replaceChildren(paragraph("p", words("rewriting-device-has")));
  for (const name of SECTIONS) {
    if (!sections[name]) continue;
    const text = paragraph("p", sections[name]);
    text.className = "text";
    place.append(paragraph("h4", words(`section-name-${name}`)), text);
  }
  const button = paragraph("button", words("rewriting-device-bring"));
  const notice = paragraph("span", "");
  notice.className = "notice";
  notice.setAttribute("role", "status");
  place.append(button, notice);
  button.addEventListener("click", async () => {
    const kind = form.dataset.status === "draft" ? "note.restore" : "note.amend";
    const deed = { kind, patient, encounter, base: digest, content };
    if ((await submit(deed, notice)) === "recorded") location.reload();
  });
}

/** Shows what this device holds, if it is another text than the note's. */
async function look() {
  const outbox = await pageOutbox();
  const held = await outbox.text(encounter);
  if (!held) place.replaceChildren(paragraph("p", words("rewriting-device-nothing")));
  else if ((await digestOf(held.content)) === digest)
    place.replaceChildren(paragraph("p", words("rewriting-device-same")));
  else offer(held.content);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const notice = /** @type {HTMLElement} */ (form.querySelector("[data-notice]"));
  const typed = new FormData(form);
  const sources = typed.getAll("sources").map(String);
  if (sources.length === 0) {
    notice.textContent = words("rewriting-sources-needed");
    return;
  }
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type='submit']"));
  button.disabled = true;
  const content = {
    id,
    breach,
    digest,
    occurred_at: form.dataset.occurred ?? "",
    sources,
    remark: String(typed.get("remark") ?? "").trim(),
  };
  const deed = { kind: "provenance.write", patient, encounter, content };
  if ((await submit(deed, notice)) === "recorded") location.reload();
  else button.disabled = false;
});

for (const button of document.querySelectorAll("[type='submit']")) {
  /** @type {HTMLButtonElement} */ (button).disabled = false;
}
void look();
