// @ts-check
/**
 * What each refusal asks of the device (docs/protocol.md, section 3). None of them loses a text.
 */
import { digestOf } from "./canonical.js";
import { newId } from "./identifiers.js";
import { refuse, retire, rewind } from "./numbering.js";

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {import("./outbox-store.js").OutboxStore} OutboxStore */
/** @typedef {import("./outbox.js").Owner} Owner */
/** @typedef {{code?: string, message?: string, expected?: number}} Refusal */
/** @typedef {{changed: Row[], next: "now" | "later" | "other-owner"}} Reaction */

/** After so many refusals that it cannot mend, an entry is set aside with its text. */
export const MENDS_MAX = 4;

/** The text itself is what cannot be taken. */
const FINAL = new Set([
  "malformed",
  "entry-too-large",
  "unknown-kind",
  "lone-surrogate",
  "nul-character",
  "number-not-exact",
  "too-deep",
]);
const OF_ANOTHER = new Set(["wrong-author", "wrong-practice"]);
const OF_THE_DEVICE = new Set(["sequence-reused", "device-taken"]);

/**
 * Does what the refusal of one entry asks for; says which rows changed, and when to send again.
 * @param {{store: OutboxStore, owner: Owner, tab: string}} here
 * @param {Row} row
 * @param {Refusal} refusal
 * @param {() => Promise<boolean>} isOwner whether the session is that of the outbox's owner
 * @returns {Promise<Reaction>}
 */
export async function react(here, row, refusal, isOwner) {
  const { store } = here;
  const { id, device, sequence } = row.entry;
  const { code = "malformed", message = "", expected } = refusal;
  if (OF_ANOTHER.has(code) && !(await isOwner())) return { changed: [], next: "other-owner" };
  if (code === "sequence-gap" && expected !== undefined) {
    const isHere = await rewind(store, device, expected, sequence);
    return { changed: isHere ? [] : await startAgain(here, expected), next: "later" };
  }
  if (OF_THE_DEVICE.has(code)) return { changed: await startAgain(here, null), next: "later" };
  if (row.attempts < MENDS_MAX) {
    if (code === "id-reused") return mend(store, id, { id: newId() }, "now");
    if (code === "digest-mismatch") {
      return mend(store, id, { digest: await digestOf(row.entry.content) }, "later");
    }
    // Not in the protocol that this page knows: perhaps only for now.
    if (!FINAL.has(code) && !OF_ANOTHER.has(code)) return mend(store, id, {}, "later");
  }
  return { changed: await refuse(store, id, code, message), next: "now" };
}

/**
 * @param {OutboxStore} store
 * @param {string} id
 * @param {{id?: string, digest?: string}} change
 * @param {"now" | "later"} next
 * @returns {Promise<Reaction>}
 */
async function mend(store, id, change, next) {
  const row = await store.remake(id, change);
  return { changed: row ? [row] : [], next };
}

/**
 * @param {{store: OutboxStore, owner: Owner, tab: string}} here
 * @param {number | null} expected
 * @returns {Promise<Row[]>}
 */
function startAgain({ store, owner, tab }, expected) {
  const { practitioner, practice, build, features } = owner;
  const envelope = {
    kind: "device.retire",
    practice,
    author: practitioner,
    patient: null,
    encounter: null,
    base: null,
    build,
    features,
    typed_at: new Date().toISOString(),
  };
  return retire(store, envelope, tab, expected);
}
