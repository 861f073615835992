// @ts-check
/** What an operator writes into the platform's register. An operator's browser has no outbox. */
import { keeper } from "./keeper-client.js";
import { words } from "./words.js";

const SHOWN_WAIT_MS = 4000;
const ASKED_EVERY_MS = 200;

/** Whether the record shows it in time. @param {(answer: Response) => Promise<boolean>} shows @param {string} address */
async function isShown(address, shows) {
  for (let waited = 0; waited < SHOWN_WAIT_MS; waited += ASKED_EVERY_MS) {
    const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
    if (answer?.ok && (await shows(answer))) return true;
    await new Promise((done) => setTimeout(done, ASKED_EVERY_MS));
  }
  return false;
}

/**
 * Has an entry journaled and waits for the record. Nothing is kept here: the reader is told to try
 * again, and the same deed is journaled once.
 * @param {{kind: string, content: Record<string, any>}} deed
 * @param {number} after the version it was made from
 * @param {string} address where it is shown
 * @param {(answer: Response) => Promise<boolean>} shows whether what stands there is it
 * @param {Element | null} notice where the reader is told
 * @returns {Promise<"recorded" | "kept" | "refused">}
 */
export async function ordered(deed, after, address, shows, notice) {
  /** @param {string} text */
  const say = (text) => {
    if (notice) notice.textContent = text;
  };
  const { kind, content } = deed;
  const { status, body } = await keeper.operatorRegister({ kind, content, after });
  if (status !== 200) {
    say(body?.message ?? words("operator-not-journaled"));
    return "refused";
  }
  const recorded = await isShown(address, shows);
  say(words(recorded ? "submitted" : "submitted-journaled"));
  return recorded ? "recorded" : "kept";
}
