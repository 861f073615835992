// @ts-check
/**
 * The way of last resort: a device whose disk keeps nothing sends each entry at once. The page is
 * then the only copy until the keeper has journaled it, and the page says so.
 */
import { answeredWrongly } from "./batch.js";
import { newId } from "./identifiers.js";
import { keeper } from "./keeper-client.js";

/** @typedef {import("./outbox-store.js").Entry} Entry */
/** @typedef {import("./outbox-store.js").Row} Row */

export class Direct {
  constructor() {
    /** An outbox of its own, for as long as this page is open. */
    this.device = newId();
    this.sequence = 0;
    /**
     * Sent, and no answer came: it goes again before any other.
     * @type {Row | null}
     */
    this.unanswered = null;
    /** @type {Promise<unknown>} */
    this.before = Promise.resolve();
  }

  /**
   * Resolves with the row once the keeper has journaled or refused it; rejects when nobody knows.
   * @param {Omit<Entry, "device" | "sequence">} made
   * @param {{tab: string, order: number}} from
   * @returns {Promise<Row>}
   */
  send(made, from) {
    const sent = this.before.then(async () => {
      if (this.unanswered) await this.#post(this.unanswered);
      const entry = { ...made, device: this.device, sequence: this.sequence + 1 };
      return this.#post({
        ...from,
        state: "held",
        added_at: Date.now(),
        entry,
        code: null,
        message: null,
        attempts: 0,
      });
    });
    this.before = sent.catch(() => undefined);
    return sent;
  }

  /**
   * @param {Row} row
   * @returns {Promise<Row>}
   */
  async #post(row) {
    this.unanswered = row;
    const { status, body } = await keeper.send([row.entry]);
    const result = status === 200 ? body?.results?.[0] : undefined;
    const wrong = result ? answeredWrongly(row, result) : { refusal: null };
    if (wrong && !wrong.refusal) throw new DOMException("no answer", "TimeoutError");
    this.unanswered = null;
    if (wrong) {
      const { code = "malformed", message = null } = result;
      return { ...row, state: "refused", code, message };
    }
    this.sequence = row.entry.sequence;
    return { ...row, state: result.receipt.state };
  }
}
