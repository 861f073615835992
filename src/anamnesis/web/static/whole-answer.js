// @ts-check
/** What a page asks for beside its own text: whole, or not at all. */

/**
 * The text at this address. Null without an answer, with one that refuses, and with one that was
 * cut off in the middle, which would be shown as if it were all.
 * @param {string} address
 * @param {RequestInit} [init]
 * @returns {Promise<string | null>}
 */
export async function textAt(address, init) {
  try {
    const answer = await fetch(address, init);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

/**
 * The page at this address, parsed; null where `textAt` says null.
 * @param {string} address
 * @returns {Promise<Document | null>}
 */
export async function pageAt(address) {
  const text = await textAt(address);
  return text === null ? null : new DOMParser().parseFromString(text, "text/html");
}

/**
 * What the JSON at this address says; null where `textAt` says null, and for what is no JSON.
 * @param {string} address
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
export async function jsonAt(address, init) {
  try {
    return JSON.parse((await textAt(address, init)) ?? "null");
  } catch {
    return null;
  }
}
