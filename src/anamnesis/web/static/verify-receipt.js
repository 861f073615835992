// @ts-check
/**
 * Verifies a receipt in the page, by WebCrypto and nothing else: the same checks in the same
 * order, and the same codes, as the keeper's own verifier.
 */

import { canonical, digestOfBytes, NotCanonical } from "./canonical.js";

/**
 * @typedef {{digest: string, entry: string, position: number, read_at: string,
 *   typed_digest: string, version: number}} Statement
 *
 * @typedef {{digest: string, id: string, position: number, received_at: string}
 *   & Record<string, unknown>} Header
 *
 * @typedef {{format: string, state: "journaled" | "recorded", header: Header, proof: string,
 *   record: {statement: Statement, proof: string} | null}} Receipt
 *
 * @typedef {{state: "journaled" | "recorded", entry: string, position: number, digest: string,
 *   received_at: string, size: number, content_checked: boolean, record: Statement | null}} Verified
 *
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 * @typedef {{name: string, id: Bytes, publicKey: Bytes}} Key
 */

const FORMAT = "anamnesis-receipt/1";
const NOTE_BYTES_MAX = 131_072;
const SIGNATURES_MAX = 16;
const HASHES_MAX = 64;

/** @type {Record<string, string>} */
const SENTENCES = {
  "key-malformed": "The key is not a verification key for Ed25519.",
  "unknown-format": "The receipt is of a kind not known here.",
  malformed: "This is not a receipt, or a part of it is missing.",
  "proof-malformed": "The proof is not in the form of tlog-proof@v1.",
  "note-malformed": "The checkpoint is not a signed note.",
  "wrong-key": "The checkpoint is not signed by this key.",
  "signature-invalid": "The checkpoint is not what this key signed.",
  "checkpoint-malformed": "The signed text is not a checkpoint.",
  "wrong-origin": "The checkpoint is of another tree.",
  "position-differs": "The proof is for another place in the journal.",
  "not-included": "The proof does not lead to the signed root.",
  "another-entry": "The record's statement is about another entry.",
  "another-position": "The record's statement is of another position.",
  "another-text": "The record's statement is about another text.",
  "content-differs": "The content is not the one this is a receipt of.",
};

/** The receipt does not prove what it says; `code` is stable, `message` is a sentence. */
export class ReceiptRefused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(SENTENCES[code] ?? code);
    this.name = "ReceiptRefused";
    this.code = code;
  }
}

/**
 * What `receipt` (decoded JSON) proves under the verification key `vkey`.
 *
 * `content` is the entry's content as canonical JSON. Throws ReceiptRefused.
 *
 * @param {unknown} receipt
 * @param {string} vkey
 * @param {string} [content]
 * @returns {Promise<Verified>}
 */
export async function verifyReceipt(receipt, vkey, content) {
  const key = await readKey(vkey);
  const { state, header, proof, record } = readForm(receipt);
  const size = await prove(header, proof, key, key.name, header.position);
  if (record !== null) {
    await prove(record.statement, record.proof, key, `${key.name}/recorded`, null);
    checkSameEntry(header, record.statement);
  }
  if (content !== undefined && (await digestOfBytes(utf8(content))) !== header.digest) {
    throw new ReceiptRefused("content-differs");
  }
  return {
    state,
    entry: header.id,
    position: header.position,
    digest: header.digest,
    received_at: header.received_at,
    size,
    content_checked: content !== undefined,
    record: record === null ? null : record.statement,
  };
}

// The form

/** @type {(value: unknown) => boolean} */
const isText = (value) => typeof value === "string";
/** @type {(value: unknown) => boolean} */
const isTextOrNull = (value) => value === null || isText(value);
/** @type {(value: unknown) => boolean} */
const isTexts = (value) => Array.isArray(value) && value.every(isText);
/** @type {(value: unknown) => boolean} */
const isCount = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** @type {(value: unknown) => boolean} */
const isDigest = (value) => isText(value) && /^[0-9a-f]{64}$/.test(String(value));
/** @type {(value: unknown) => boolean} */
const isHeader = (value) => hasMembers(value, HEADER);
/** @type {(value: unknown) => boolean} */
const isStatement = (value) => hasMembers(value, STATEMENT);
/** @type {(value: unknown) => boolean} */
const isRecordOrNull = (value) => value === null || hasMembers(value, RECORD);

/** @type {Record<string, (value: unknown) => boolean>} */
const HEADER = {
  author: isTextOrNull,
  base: isTextOrNull,
  build: isTextOrNull,
  device: isTextOrNull,
  digest: isDigest,
  encounter: isTextOrNull,
  features: isTexts,
  id: isText,
  kind: isText,
  patient: isTextOrNull,
  position: isCount,
  practice: isTextOrNull,
  received_at: isText,
  sequence: isCount,
  session: isTextOrNull,
  typed_at: isTextOrNull,
};

/** @type {Record<string, (value: unknown) => boolean>} */
const STATEMENT = {
  digest: isDigest,
  entry: isText,
  position: isCount,
  read_at: isText,
  typed_digest: isDigest,
  version: isCount,
};

/** @type {Record<string, (value: unknown) => boolean>} */
const RECORD = { statement: isStatement, proof: isText };

/** @type {Record<string, (value: unknown) => boolean>} */
const RECEIPT = {
  format: (value) => value === FORMAT,
  state: (value) => value === "journaled" || value === "recorded",
  header: isHeader,
  proof: isText,
  record: isRecordOrNull,
};

/**
 * Whether `value` is an object with exactly these members, each as it should be.
 *
 * @param {unknown} value
 * @param {Record<string, (value: unknown) => boolean>} members
 * @returns {boolean}
 */
function hasMembers(value, members) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const object = /** @type {Record<string, unknown>} */ (value);
  return (
    Object.keys(object).length === Object.keys(members).length &&
    Object.entries(members).every(
      ([name, fits]) => Object.hasOwn(object, name) && fits(object[name]),
    )
  );
}

/**
 * @param {unknown} value
 * @returns {Receipt}
 */
function readForm(value) {
  const format = /** @type {{format?: unknown} | null | undefined} */ (value)?.format;
  if (typeof format === "string" && format !== FORMAT) throw new ReceiptRefused("unknown-format");
  try {
    canonical(value);
  } catch (error) {
    if (error instanceof NotCanonical) throw new ReceiptRefused("malformed");
    throw error;
  }
  if (!hasMembers(value, RECEIPT)) throw new ReceiptRefused("malformed");
  const receipt = /** @type {Receipt} */ (value);
  if ((receipt.state === "recorded") !== (receipt.record !== null)) {
    throw new ReceiptRefused("malformed");
  }
  return receipt;
}

/**
 * @param {Header} header
 * @param {Statement} statement
 */
function checkSameEntry(header, statement) {
  if (statement.entry !== header.id) throw new ReceiptRefused("another-entry");
  if (statement.position !== header.position) throw new ReceiptRefused("another-position");
  if (statement.typed_digest !== header.digest) throw new ReceiptRefused("another-text");
}

// The place in the tree (RFC 9162, C2SP tlog-proof and tlog-checkpoint)

/**
 * Checks that `leaf` is in the tree that `key` signed for `origin`; resolves to the tree's size.
 *
 * @param {unknown} leaf
 * @param {string} proof
 * @param {Key} key
 * @param {string} origin
 * @param {number | null} position
 * @returns {Promise<number>}
 */
async function prove(leaf, proof, key, origin, position) {
  const { index, hashes, note } = readProof(proof);
  const { size, root } = readCheckpoint(await openNote(note, key), origin);
  if (position !== null && index !== position) throw new ReceiptRefused("position-differs");
  const leafHash = await sha256([0], utf8(canonical(leaf)));
  await verifyInclusion(leafHash, index, size, hashes, root);
  return size;
}

/**
 * Checks that a leaf hash is number `index` in the tree of `size` leaves under `root`.
 *
 * RFC 9162, 2.1.3.2. Throws ReceiptRefused `not-included`.
 *
 * @param {Bytes} leafHash
 * @param {number} index
 * @param {number} size
 * @param {Bytes[]} hashes
 * @param {Bytes} root
 */
export async function verifyInclusion(leafHash, index, size, hashes, root) {
  if (index >= size) throw new ReceiptRefused("not-included");
  let node = leafHash;
  // BigInt, because >> and & on numbers stop at 32 bits.
  let [first, last] = [BigInt(index), BigInt(size - 1)];
  for (const sibling of hashes) {
    if (last === 0n) throw new ReceiptRefused("not-included");
    if ((first & 1n) === 1n || first === last) {
      node = await sha256([1], sibling, node);
      while ((first & 1n) === 0n && first !== 0n) [first, last] = [first >> 1n, last >> 1n];
    } else {
      node = await sha256([1], node, sibling);
    }
    [first, last] = [first >> 1n, last >> 1n];
  }
  if (last !== 0n || !sameBytes(node, root)) throw new ReceiptRefused("not-included");
}

/**
 * @param {string} text
 * @returns {{index: number, hashes: Bytes[], note: string}}
 */
function readProof(text) {
  const blank = text.indexOf("\n\n");
  const [title, place, ...lines] = text.slice(0, Math.max(blank, 0)).split("\n");
  const index = place?.startsWith("index ") ? readCount(place.slice(6)) : null;
  const hashes = lines.map(fromBase64);
  const sound = title === "c2sp.org/tlog-proof@v1" && hashes.length <= HASHES_MAX;
  if (!sound || index === null || !hashes.every((hash) => hash.length === 32)) {
    throw new ReceiptRefused("proof-malformed");
  }
  return { index, hashes, note: text.slice(blank + 2) };
}

/**
 * @param {string} text
 * @param {string} origin
 * @returns {{size: number, root: Bytes}}
 */
function readCheckpoint(text, origin) {
  const lines = text.split("\n");
  const size = readCount(lines[1] ?? "");
  const root = fromBase64(lines[2] ?? "");
  if (lines.length !== 4 || !lines[0] || size === null || root.length !== 32) {
    throw new ReceiptRefused("checkpoint-malformed");
  }
  if (lines[0] !== origin) throw new ReceiptRefused("wrong-origin");
  return { size, root };
}

// The signature (C2SP signed-note, Ed25519)

/**
 * @param {string} vkey
 * @returns {Promise<Key>}
 */
async function readKey(vkey) {
  const match = /^([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey);
  const [, name = "", givenId, encoded = ""] = match ?? [];
  const typed = fromBase64(encoded);
  if (!match || typed.length !== 33 || typed[0] !== 1) throw new ReceiptRefused("key-malformed");
  const id = (await sha256(utf8(`${name}\n`), typed)).slice(0, 4);
  const hex = Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== givenId) throw new ReceiptRefused("key-malformed");
  return { name, id, publicKey: typed.slice(1) };
}

/**
 * The text of a signed note, if `key` signed it; what other keys signed is passed over.
 *
 * @param {string} note
 * @param {Key} key
 * @returns {Promise<string>}
 */
async function openNote(note, key) {
  const blank = note.lastIndexOf("\n\n");
  const lines = note.slice(blank + 2).split("\n");
  const sound = blank > 0 && lines.pop() === "" && lines.length >= 1;
  const small = lines.length <= SIGNATURES_MAX && utf8(note).length <= NOTE_BYTES_MAX;
  if (!sound || !small || /[\x00-\x09\x0b-\x1f]/.test(note)) {
    throw new ReceiptRefused("note-malformed");
  }
  const signatures = lines
    .map(readSignature)
    .filter(({ name, signed }) => name === key.name && sameBytes(signed.slice(0, 4), key.id));
  if (signatures.length === 0) throw new ReceiptRefused("wrong-key");
  const text = note.slice(0, blank + 1);
  const usage = await crypto.subtle.importKey("raw", key.publicKey, "Ed25519", false, ["verify"]);
  for (const { signed } of signatures) {
    if (!(await crypto.subtle.verify("Ed25519", usage, signed.slice(4), utf8(text)))) {
      throw new ReceiptRefused("signature-invalid");
    }
  }
  return text;
}

/**
 * @param {string} line
 * @returns {{name: string, signed: Bytes}}
 */
function readSignature(line) {
  const match = /^— ([^+\p{White_Space}]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
  const signed = fromBase64(match?.[2] ?? "");
  if (!match || signed.length < 5) throw new ReceiptRefused("note-malformed");
  return { name: match[1] ?? "", signed };
}

// Small things

/**
 * @param {string} text
 * @returns {number | null} The number that `text` is the one decimal writing of, up to 2^53 - 1.
 */
function readCount(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null;
  return Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

/**
 * @param {string} text
 * @returns {Bytes} What `text` is the one standard Base64 writing of; no bytes if it is none.
 */
function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return new Uint8Array();
  const binary = atob(text);
  if (btoa(binary) !== text) return new Uint8Array();
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/**
 * @param {(Bytes | number[])[]} parts
 * @returns {Promise<Bytes>}
 */
async function sha256(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
}

/**
 * @param {string} text
 * @returns {Bytes}
 */
function utf8(text) {
  return new TextEncoder().encode(text);
}

/**
 * @param {Bytes} one
 * @param {Bytes} other
 * @returns {boolean}
 */
function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
