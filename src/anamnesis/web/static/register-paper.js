// @ts-check
/** A paper about a breach that somebody sends, or says was sent: kept in the journal as it is. */
import { base64 } from "./base64.js";
import { digestOfBytes } from "./canonical.js";
import { newId } from "./identifiers.js";
import { ordered } from "./operator-deed.js";
import { submit } from "./page-outbox.js";
import { words } from "./words.js";

/** @typedef {{to: string[], mail: string[], reference: string}} Typed */

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("send"));
const id = newId();
const ADDRESS = /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}$/u;
const MAILED_TO_MAX = 20;

/** @param {boolean} yes */
function allow(yes) {
  for (const button of document.querySelectorAll("#send [type='submit']")) {
    /** @type {HTMLButtonElement} */ (button).disabled = !yes;
  }
}

/** The file as it is sent; null when the server does not give it. @param {string} address */
async function printed(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/** What stands in a field, a line each. @param {FormData} typed @param {string} name */
function lines(typed, name) {
  const found = String(typed.get(name) ?? "").split("\n");
  return found.map((line) => line.trim()).filter((line) => line !== "");
}

/** The addresses, or null with the reason shown. @param {HTMLFormElement} sent @param {FormData} typed */
function addresses(sent, typed) {
  const found = lines(typed, "mail");
  const wrong = found.find((line) => !ADDRESS.test(line));
  const problem = /** @type {HTMLElement} */ (sent.querySelector("[data-problem-of=mail]"));
  problem.textContent =
    found.length === 0
      ? words("paper-mail-none")
      : wrong !== undefined
        ? words("paper-mail-wrong", { address: wrong })
        : found.length > MAILED_TO_MAX
          ? words("paper-mail-many", { most: MAILED_TO_MAX })
          : "";
  if (problem.textContent === "") return found;
  /** @type {HTMLElement} */ (sent.querySelector("[name=mail]")).focus();
  return null;
}

/**
 * Has the paper that a form is about journaled; resolves with the best state reached in time.
 * @param {DOMStringMap} about the form's data
 * @param {Typed} typed
 * @param {string} paper its id: the same one is sent once
 * @param {Element | null} notice where the reader is told
 */
export async function deliver(about, typed, paper, notice) {
  const file = await printed(about.pdf ?? "");
  if (file === null) {
    if (notice) notice.textContent = words("paper-not-printed");
    return "refused";
  }
  const content = {
    id: paper,
    breach: about.entry ?? "",
    breach_version: Number(about.version),
    type: about.type,
    language: about.language,
    to: typed.to,
    subject: about.subject,
    text: about.plain ?? "",
    media_type: "application/pdf",
    data: base64(file),
    sha256: await digestOfBytes(file),
    sent_at: new Date().toISOString(),
    sent_by: about.sender ?? "",
    reference: typed.reference,
    mail: typed.mail,
    receiver: about.receiver ?? "",
    sent_by_name: "",
  };
  const deed = { kind: "breach-paper.write", patient: null, content };
  if (about.base !== "/operator/register") return submit(deed, notice);
  const address = `${about.base}/${about.entry}/sent/${paper}`;
  return ordered(deed, 0, address, async () => true, notice);
}

/** @param {HTMLFormElement} sent @param {boolean} byMail */
async function send(sent, byMail) {
  const typed = new FormData(sent);
  const mail = byMail ? addresses(sent, typed) : [];
  if (mail === null) return;
  const to = byMail && lines(typed, "to").length === 0 ? mail : lines(typed, "to");
  if (to.length === 0) {
    /** @type {HTMLElement | null} */ (sent.querySelector("[name=to]"))?.focus();
    return;
  }
  allow(false);
  const reference = String(typed.get("reference") ?? "").trim();
  const notice = sent.querySelector("[data-notice]");
  const outcome = await deliver(sent.dataset, { to, mail, reference }, id, notice);
  if (outcome === "recorded") location.assign(`${sent.dataset.base}/${sent.dataset.entry}`);
  else allow(true);
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  void send(form, button?.value === "mail");
});
allow(true);
