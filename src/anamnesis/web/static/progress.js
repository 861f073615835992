// @ts-check
/** How far an entry has got: waiting for it to reach a state. */

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {import("./outbox.js").Outbox} Outbox */

const RANK = { refused: -2, outstanding: -1, held: 0, journaled: 1, recorded: 2 };

/** The entry will not get further by itself; `code` says why. */
export class EntryRefused extends Error {
  /**
   * @param {string} code
   * @param {string | null} message
   */
  constructor(code, message) {
    super(message ?? code);
    this.name = "EntryRefused";
    this.code = code;
  }
}

/**
 * Resolves with the row once it is in this state or a better one; rejects with EntryRefused, or a
 * TimeoutError.
 * @param {Outbox} outbox
 * @param {string} id
 * @param {"held" | "journaled" | "recorded"} state
 * @param {number} timeoutMs
 * @returns {Promise<Row>}
 */
export function reached(outbox, id, state, timeoutMs) {
  return new Promise((resolve, reject) => {
    /** @param {() => void} outcome */
    const end = (outcome) => {
      clearTimeout(timer);
      stop();
      outcome();
    };
    const late = () => reject(new DOMException(state, "TimeoutError"));
    const timer = setTimeout(() => end(late), timeoutMs);
    const look = () => {
      const row = outbox.recorded.get(id) ?? outbox.rows.get(id);
      if (!row) return;
      const refused = () => reject(new EntryRefused(row.code ?? "", row.message));
      if (RANK[row.state] >= RANK[state]) end(() => resolve(row));
      else if (RANK[row.state] < 0) end(refused);
    };
    const stop = outbox.subscribe((notice) => {
      if (notice.type === "row") look();
    });
    look();
  });
}
