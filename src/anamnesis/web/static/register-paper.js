// @ts-check
/** A paper about a breach that somebody says was sent: kept in the journal as it was sent. */
import { base64 } from "./base64.js";
import { digestOfBytes } from "./canonical.js";
import { newId } from "./identifiers.js";
import { submit } from "./page-outbox.js";
import { words } from "./words.js";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("send"));
const id = newId();

/** The file as it is sent; null when the server does not give it. @param {string} address */
async function printed(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/** @param {HTMLFormElement} sent */
async function send(sent) {
  const typed = new FormData(sent);
  const lines = String(typed.get("to") ?? "").split("\n");
  const to = lines.map((line) => line.trim()).filter((line) => line !== "");
  const notice = /** @type {HTMLElement} */ (sent.querySelector("[data-notice]"));
  if (to.length === 0) {
    /** @type {HTMLElement | null} */ (sent.querySelector("[name=to]"))?.focus();
    return;
  }
  const button = /** @type {HTMLButtonElement} */ (sent.querySelector("[type='submit']"));
  button.disabled = true;
  const { entry = "", version = "1", type, language, subject, pdf = "", plain = "" } = sent.dataset;
  const file = await printed(pdf);
  if (file === null) {
    notice.textContent = words("paper-not-printed");
    button.disabled = false;
    return;
  }
  const content = {
    id,
    breach: entry,
    breach_version: Number(version),
    type,
    language,
    to,
    subject,
    text: plain,
    media_type: "application/pdf",
    data: base64(file),
    sha256: await digestOfBytes(file),
    sent_at: new Date().toISOString(),
    sent_by: document.body.dataset.practitioner ?? "",
    reference: String(typed.get("reference") ?? "").trim(),
  };
  const outcome = await submit({ kind: "breach-paper.write", patient: null, content }, notice);
  if (outcome === "recorded") location.assign(`/register/${entry}`);
  else button.disabled = false;
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void send(form);
});
for (const button of document.querySelectorAll("[type='submit']")) {
  /** @type {HTMLButtonElement} */ (button).disabled = false;
}
