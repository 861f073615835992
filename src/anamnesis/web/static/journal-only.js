// @ts-check
/**
 * The page of journal-only mode: practitioners go on writing, and read what they wrote, while the
 * application is away. It asks the keeper only. What is typed goes through the editor, the outbox
 * and the witness of every encounter page, as they are.
 */
import { keeper } from "./keeper-client.js";
import { words } from "./words.js";

/** How often the page looks whether the full record is back. */
export const LOOK_MS = 5000;
const LANGUAGE_SECONDS = 365 * 24 * 3600;

/**
 * @param {string} name
 * @returns {HTMLElement}
 */
const part = (name) => /** @type {HTMLElement} */ (document.querySelector(`[data-${name}]`));

/** The encounter that is asked for, by the page's own address or by that which led here. */
function asked() {
  const query = new URLSearchParams(location.search);
  const from = new URL(query.get("from") ?? "/", location.origin);
  const named = /^\/encounters\/([0-9a-f-]{36})(?:\/|$)/.exec(from.pathname)?.[1];
  return {
    encounter: query.get("encounter") ?? named ?? null,
    patient: query.get("patient") ?? from.searchParams.get("patient"),
  };
}

/** Shows whether the application is back; never by itself leaves what is being typed. */
async function look() {
  const { status, body } = await keeper.health();
  part("unreachable").textContent = status === 0 ? words("fallback-unreachable") : "";
  if (status !== 200) return;
  const isBack = body.mode !== "journal-only" && body.application === "up";
  part("back").hidden = !isBack;
  part("away").hidden = isBack;
}

/** @param {HTMLFormElement} form */
function offerSignIn(form) {
  form.hidden = false;
  /** @type {HTMLElement | null} */ (form.querySelector("#login"))?.focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const { status, body } = await keeper.signIn({
      login: String(data.get("login")),
      password: String(data.get("password")),
    });
    if (status === 200) return location.reload();
    part("problem").textContent = body?.message ?? words("sign-in-unreachable");
  });
}

/** @param {import("./keeper-client.js").Session} session */
async function begin(session) {
  const { encounter, patient } = asked();
  const { body } = await keeper.health();
  // The modules of a page read who it is for as they are loaded.
  Object.assign(document.body.dataset, {
    practitioner: session.practitioner,
    practice: session.practice,
    build: body?.build ?? "",
  });
  part("who").textContent = session.name;
  const out = part("sign-out");
  out.hidden = false;
  out.addEventListener("click", async () => {
    const { status } = await keeper.signOut();
    if (status === 204 || status === 401) location.assign("/keep/journal-only");
    else part("unreachable").textContent = words("sign-out-unreachable");
  });
  if (encounter === null) {
    const { showDesk } = await import("./journal-desk.js");
    return showDesk();
  }
  const { showNote } = await import("./journal-note.js");
  return showNote(encounter, patient);
}

part("language-switch").addEventListener("click", (event) => {
  const language = /** @type {HTMLElement} */ (event.currentTarget).dataset.languageSwitch;
  document.cookie = `anamnesis_language=${language}; path=/; max-age=${LANGUAGE_SECONDS}; samesite=lax`;
  location.reload();
});

setInterval(() => void look(), LOOK_MS);
void look();

/** Until the keeper answers: somebody is signed in, or has to be. */
async function whoever() {
  for (;;) {
    const answer = await keeper.signedIn();
    if (answer.status === 200) return begin(answer.body);
    if (answer.status === 401)
      return offerSignIn(/** @type {HTMLFormElement} */ (document.getElementById("sign-in")));
    part("unreachable").textContent = words("fallback-unreachable");
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

void whoever();
