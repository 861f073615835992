// @ts-check
/** Sends every controller that was not told yet its own notice, one after another. */
import { newId } from "./identifiers.js";
import { deliver } from "./register-paper.js";
import { pageAt } from "./whole-answer.js";
import { words } from "./words.js";

const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-tell-all]"));
const notice = /** @type {HTMLElement | null} */ (document.querySelector("[data-tell-notice]"));
const progress = /** @type {HTMLProgressElement | null} */ (document.querySelector("#tell-progress"));

/** The form of a controller's notice, as its page has it; null without an answer. @param {string} address */
async function formAt(address) {
  const page = await pageAt(address);
  return /** @type {HTMLFormElement | null} */ (page?.getElementById("send") ?? null);
}

/** Whether it is journaled. @param {HTMLElement} row */
async function tell(row) {
  const form = await formAt(row.dataset.notice ?? "");
  if (form === null) return false;
  const mail = (row.dataset.mail ?? "").split("\n");
  const typed = { to: [row.dataset.name ?? ""], mail, reference: "" };
  return (await deliver(form.dataset, typed, newId(), notice)) !== "refused";
}

async function tellAll() {
  if (!button || !notice || !progress) return;
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("tr[data-mail]")]);
  button.disabled = true;
  progress.hidden = false;
  progress.max = rows.length;
  for (const [at, row] of rows.entries()) {
    progress.value = at;
    if (!(await tell(row))) {
      notice.textContent = words("operator-tell-stopped", {
        done: at,
        count: rows.length,
        name: row.dataset.name ?? "",
      });
      button.disabled = false;
      return;
    }
    row.removeAttribute("data-mail"); // told: another click begins with the next one
  }
  location.reload();
}

button?.addEventListener("click", () => void tellAll());
if (button) button.disabled = false;
