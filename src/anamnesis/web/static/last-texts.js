// @ts-check
/**
 * The last text of each thing written here, kept on the device beyond the entries themselves: a
 * page that was made just before the record had it, or opens without the network, goes on from it.
 */
import { answer } from "./idb.js";

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {import("./outbox-store.js").Entry} Entry */
/** @typedef {import("./outbox-store.js").Stores} Stores */
/** @typedef {import("./outbox-store.js").LastText} LastText */

/** How long, and for how many things, the last text stays here after the record has it. */
export const TEXT_KEPT_MS = 72 * 3600 * 1000;
export const TEXTS_MAX = 200;

/** @type {ReadonlySet<string>} */
export const NOTE_TEXT_KINDS = new Set(["note.write", "note.rescue", "note.restore", "note.amend"]);

/**
 * The id of what an entry says the whole text of: an encounter's note or a document; null for one
 * that does not.
 * @param {Pick<Entry, "kind" | "encounter" | "content">} entry
 * @returns {string | null}
 */
export function subjectOf({ kind, encounter, content }) {
  if (NOTE_TEXT_KINDS.has(kind)) return encounter;
  return kind === "document.write" ? String(content.id) : null;
}

/**
 * @param {Omit<Row, "order">} row
 * @param {string} subject
 * @returns {LastText}
 */
export function lastText(row, subject) {
  const { id, kind, base, digest, content } = row.entry;
  // `encounter` is the store's key since before there were documents.
  return {
    encounter: subject,
    entry: id,
    kind,
    base,
    digest,
    content,
    state: row.state,
    added_at: row.added_at,
  };
}

/**
 * @param {Stores} s
 * @param {Row} row
 * @param {number | null} [version] of the text, once the record has it
 * @returns {Promise<void>}
 */
export async function markText(s, row, version = null) {
  const subject = subjectOf(row.entry);
  if (subject === null) return;
  const text = /** @type {LastText | undefined} */ (await answer(s.texts.get(subject)));
  if (text && text.entry === row.entry.id)
    await answer(s.texts.put({ ...text, version, state: row.state }));
}

/**
 * Drops last texts that the record has had for long, or that are too many.
 * @param {Stores} s
 * @returns {Promise<void>}
 */
export async function tidyTexts(s) {
  const texts = /** @type {LastText[]} */ (await answer(s.texts.getAll()));
  const recorded = texts
    .filter((text) => text.state === "recorded")
    .sort((a, b) => b.added_at - a.added_at);
  for (const [place, text] of recorded.entries()) {
    const old = Date.now() - text.added_at > TEXT_KEPT_MS;
    if (old || place >= TEXTS_MAX) await answer(s.texts.delete(text.encounter));
  }
}
