// @ts-check
/** What two texts have in common, word by word. */

/** @typedef {{op: "same" | "added" | "removed", text: string}} Span */

/** Longer texts are shown whole, without marks: the table below grows with the product of both. */
export const WORDS_MAX = 1500;

/**
 * The spans that make `after` from `before`: "same" and "removed" joined give `before`, "same" and
 * "added" give `after`.
 * @param {string} before
 * @param {string} after
 * @returns {Span[]}
 */
export function wordDifference(before, after) {
  const old = before.split(/(\s+)/).filter(Boolean);
  const now = after.split(/(\s+)/).filter(Boolean);
  if (old.length > WORDS_MAX || now.length > WORDS_MAX) return whole(before, after);
  const common = commonAfter(old, now);
  /** @type {Span[]} */
  const spans = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const [was, is] = [old[i], now[j]];
    if (was === undefined && is === undefined) return spans;
    if (was !== undefined && was === is) {
      append(spans, "same", was);
      i += 1;
      j += 1;
    } else if (was !== undefined && (is === undefined || common(i + 1, j) >= common(i, j + 1))) {
      append(spans, "removed", was);
      i += 1;
    } else if (is !== undefined) {
      append(spans, "added", is);
      j += 1;
    }
  }
}

/**
 * How many words both have in common, in order, from two places on.
 * @param {string[]} old
 * @param {string[]} now
 * @returns {(i: number, j: number) => number}
 */
function commonAfter(old, now) {
  const width = now.length + 1;
  const table = new Uint16Array((old.length + 1) * width);
  /** @type {(i: number, j: number) => number} */
  const common = (i, j) => table[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      table[i * width + j] =
        old[i] === now[j] ? common(i + 1, j + 1) + 1 : Math.max(common(i + 1, j), common(i, j + 1));
    }
  }
  return common;
}

/**
 * @param {string} before
 * @param {string} after
 * @returns {Span[]}
 */
function whole(before, after) {
  if (before === after) return [{ op: "same", text: before }];
  return [
    { op: "removed", text: before },
    { op: "added", text: after },
  ];
}

/**
 * @param {Span[]} spans
 * @param {Span["op"]} op
 * @param {string} text
 */
function append(spans, op, text) {
  const last = spans.at(-1);
  if (last?.op === op) last.text += text;
  else spans.push({ op, text });
}
