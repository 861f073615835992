// @ts-check
/** What goes into one request, and whether an answer is one for what was sent. */

/** @typedef {import("./outbox-store.js").Row} Row */
/**
 * @typedef {{id: string, outcome: "receipt" | "refused", receipt?: any, version?: number | null,
 *   digest?: string | null, code?: string, message?: string, expected?: number}} Result
 */

export const BATCH_ENTRIES_MAX = 64;
export const BATCH_BYTES_MAX = 4 * 1024 * 1024 - 65_536;

/**
 * Null when the result is a receipt for exactly what was sent.
 * @param {Row} row
 * @param {Result} result
 * @returns {{row: Row, refusal: import("./refusals.js").Refusal | null} | null}
 */
export function answeredWrongly(row, result) {
  if (result.outcome === "refused") return { row, refusal: result };
  const { header, state } = result.receipt ?? {};
  const same = header?.id === row.entry.id && header.digest === row.entry.digest;
  return same && (state === "journaled" || state === "recorded") ? null : { row, refusal: null };
}

/**
 * As many rows as one request may carry.
 * @param {Row[]} rows
 * @returns {Row[]}
 */
export function fitting(rows) {
  let bytes = 0;
  const count = rows.findIndex((row) => {
    bytes += new TextEncoder().encode(JSON.stringify(row.entry)).length;
    return bytes > BATCH_BYTES_MAX;
  });
  return count === -1 ? rows : rows.slice(0, Math.max(count, 1));
}
