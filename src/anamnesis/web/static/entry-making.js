// @ts-check
/** Makes an entry of what somebody did: its id, its digest, and whether it can be sent at all. */
import { digestOf } from "./canonical.js";
import { newId } from "./identifiers.js";

/** @typedef {import("./outbox-store.js").Content} Content */
/** @typedef {import("./outbox-store.js").Entry} Entry */
/**
 * @typedef {object} Deed
 * @property {string} kind
 * @property {string | null} [patient]
 * @property {string | null} [encounter]
 * @property {string | null} [base]
 * @property {Content} content
 * @property {string} [typed_at]
 * @property {number} [count] numbers the changes of the text: a draft of later changes stays
 */

export const ENTRY_BYTES_MAX = 1_048_576;
/** Device and sequence, which are not in it yet, and the digits of the latter. */
const NUMBERING_BYTES = 128;

/**
 * @param {import("./outbox.js").Owner} owner
 * @param {Deed} deed
 * @returns {Promise<{made: Omit<Entry, "device" | "sequence">, code: string | null}>} `code`: why
 *   the keeper would refuse it
 */
export async function makeEntry(owner, deed) {
  const { kind, patient = null, encounter = null, base = null, content } = deed;
  const { practitioner: author, practice, build, features } = owner;
  const typed_at = deed.typed_at ?? new Date().toISOString();
  /** @type {string | null} */
  let code = null;
  const digest = await digestOf(content).catch((error) => {
    code = error.code ?? "malformed";
    return "";
  });
  const about = { kind, practice, author, patient, encounter, base, build, features };
  const made = { id: newId(), ...about, typed_at, content, digest };
  const bytes = new TextEncoder().encode(JSON.stringify(made)).length + NUMBERING_BYTES;
  return { made, code: code ?? (bytes > ENTRY_BYTES_MAX ? "entry-too-large" : null) };
}
