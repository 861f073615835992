// @ts-check
/**
 * Signing in again in place, when the session ended under an open note. The note stays, typing goes
 * on, and what is typed waits in the outbox for its owner.
 */
import { note, pageOutbox } from "./encounter-page.js";
import { keeper } from "./keeper-client.js";
import { words } from "./words.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */

/**
 * Where the person was before the form.
 * @type {HTMLElement | null}
 */
let before = null;

/**
 * @param {HTMLFormElement} form
 * @param {Outbox} outbox
 */
function follow(form, outbox) {
  const message = /** @type {HTMLElement} */ (form.querySelector("[data-message]"));
  const way = /** @type {HTMLElement | null} */ (document.querySelector("[data-go-sign-in]"));
  way?.addEventListener("click", () => {
    form.querySelector("input[type=password]")?.scrollIntoView({ block: "center" });
    /** @type {HTMLElement | null} */ (form.querySelector("input[type=password]"))?.focus();
  });
  outbox.subscribe((notice) => {
    if (notice.type !== "session") return;
    if (way) way.hidden = notice.state === "open";
    // Not modal and without taking the focus: somebody may be in the middle of a word.
    form.hidden = notice.state === "open";
    if (notice.state === "other") message.textContent = words("sign-in-again-other");
    else if (notice.state === "open") message.textContent = "";
  });
  note?.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLTextAreaElement) before = target;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void signIn(form, message, outbox);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} message
 * @param {Outbox} outbox
 */
async function signIn(form, message, outbox) {
  const fields = new FormData(form);
  const { status, body } = await keeper.signIn({
    login: String(fields.get("login")),
    password: String(fields.get("password")),
  });
  const password = form.querySelector("input[type=password]");
  if (password instanceof HTMLInputElement) password.value = "";
  if (status !== 200) {
    message.textContent = body?.message ?? words("sign-in-again-unreachable");
  } else if (body.practitioner !== outbox.owner.practitioner) {
    outbox.publish({ type: "session", state: "other" });
    message.textContent = words("sign-in-again-other");
  } else {
    // Back to where the person was, unless they are writing again already.
    if (form.contains(document.activeElement)) (before ?? note?.querySelector("textarea"))?.focus();
    outbox.signedIn();
  }
}

const form = document.getElementById("sign-in-again");
if (note && form instanceof HTMLFormElement) follow(form, await pageOutbox());
