// @ts-check
/**
 * The one sequence of characters a JSON value is digested as (RFC 8785), and its digest.
 *
 * The same refusals as the keeper's: what has no canonical form is never guessed at.
 */

/** Arrays and objects inside one another. */
export const DEPTH_MAX = 32;

/** The value has no canonical form; `code` says why, `message` says it to the reader. */
export class NotCanonical extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = "NotCanonical";
    this.code = code;
  }
}

/**
 * `value` as canonical JSON (RFC 8785).
 *
 * Throws NotCanonical: `lone-surrogate`, `nul-character`, `number-not-exact`, `too-deep`,
 * `not-json`.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function canonical(value) {
  return write(value, 0);
}

/**
 * The SHA-256 of the canonical JSON of `value`, in 64 lower-case hexadecimal digits.
 *
 * @param {unknown} value
 * @returns {Promise<string>}
 */
export async function digestOf(value) {
  return digestOfBytes(new TextEncoder().encode(canonical(value)));
}

/**
 * The SHA-256 of `data` as it is, in 64 lower-case hexadecimal digits.
 *
 * @param {Uint8Array<ArrayBuffer>} data
 * @returns {Promise<string>}
 */
export async function digestOfBytes(data) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {unknown} value
 * @param {number} depth
 * @returns {string}
 */
function write(value, depth) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return writeText(value);
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return String(value);
    throw new NotCanonical("number-not-exact", "A number cannot be kept exactly.");
  }
  if (typeof value !== "object" || !(Array.isArray(value) || isPlain(value))) {
    throw new NotCanonical("not-json", "A value is of a kind that JSON does not have.");
  }
  if (depth >= DEPTH_MAX) {
    throw new NotCanonical("too-deep", `More than ${DEPTH_MAX} levels lie inside one another.`);
  }
  if (Array.isArray(value)) {
    return `[${Array.from(value, (member) => write(member, depth + 1)).join(",")}]`;
  }
  const object = /** @type {Record<string, unknown>} */ (value);
  // The order sort() has by itself is by UTF-16 code units, which is the one RFC 8785 asks for.
  const members = Object.keys(object)
    .sort()
    .map((name) => `${writeText(name)}:${write(object[name], depth + 1)}`);
  return `{${members.join(",")}}`;
}

/**
 * @param {string} text
 * @returns {string}
 */
function writeText(text) {
  if (text.includes("\0")) {
    throw new NotCanonical("nul-character", "The text has a NUL character in it.");
  }
  if (/\p{Surrogate}/u.test(text)) {
    throw new NotCanonical("lone-surrogate", "The text has half a character in it.");
  }
  return JSON.stringify(text);
}

/**
 * Whether `value` is an object of members only: not a Date, a Map or anything else with a class.
 *
 * @param {object} value
 * @returns {boolean}
 */
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
