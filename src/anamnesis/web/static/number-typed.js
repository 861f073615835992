// @ts-check
/** The number in what somebody typed. */

/**
 * The number in what was typed, with a comma or a point; NaN when it is something else.
 * @param {string} text
 * @returns {number}
 */
export function numberIn(text) {
  return /^\s*\d+([.,]\d+)?\s*$/.test(text) ? Number(text.trim().replace(",", ".")) : NaN;
}
