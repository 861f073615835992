// @ts-check
/**
 * A link and a code for one share, drawn here: only their digests leave the page that made them
 * (docs/protocol.md, section 8).
 */
import { digestOfBytes } from "./canonical.js";

/** @typedef {{token: string, code: string}} Secrets */

export const TOKEN_BYTES = 32;
/** Nothing that is taken for something else when it is read aloud or copied by hand. */
export const CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
export const CODE_CHARACTERS = 8;
/** Bytes from here on are drawn again, so that every character is as likely as every other. */
const FAIR_BELOW = 256 - (256 % CODE_ALPHABET.length);

/** @returns {Secrets} */
export function drawSecrets() {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  const token = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return { token, code: drawCode() };
}

/** @returns {string} */
function drawCode() {
  let code = "";
  while (code.length < CODE_CHARACTERS) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < FAIR_BELOW) code += CODE_ALPHABET[byte % CODE_ALPHABET.length];
  }
  return code;
}

/**
 * @param {Secrets} secrets
 * @returns {Promise<{link: string, secret: string}>}
 */
export async function digestsOf({ token, code }) {
  const bytes = new TextEncoder();
  return {
    link: await digestOfBytes(bytes.encode(token)),
    secret: await digestOfBytes(bytes.encode(`${token}:${code}`)),
  };
}

/**
 * The code as it is read to somebody.
 * @param {string} code
 */
export function shownCode(code) {
  return `${code.slice(0, CODE_CHARACTERS / 2)}-${code.slice(CODE_CHARACTERS / 2)}`;
}

/**
 * @param {string} token
 * @returns {string}
 */
export function addressOf(token) {
  return `${location.origin}/share/${token}`;
}
