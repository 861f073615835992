// @ts-check
/**
 * Sends what the outbox holds, in order, until there is a receipt for it or a definite refusal. One
 * tab sends for all of them; another takes over when it dies or falls silent. No answer is no
 * answer: the same entry is sent again.
 */
import { BATCH_ENTRIES_MAX, answeredWrongly, fitting } from "./batch.js";
import { listen } from "./events.js";
import { keeper } from "./keeper-client.js";
import { Leadership } from "./leadership.js";
import { react } from "./refusals.js";

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {import("./outbox-store.js").OutboxStore} OutboxStore */
/** @typedef {import("./batch.js").Result} Result */

export const RETRY_FIRST_MS = 250;
export const RETRY_MAX_MS = 8000;
/**
 * How often entries that are journaled and not yet recorded are asked about, besides the events.
 */
export const ASK_FIRST_MS = 1500;
export const ASK_MAX_MS = 20_000;
/** How often a paused outbox looks whether its owner has signed in elsewhere. */
export const SESSION_LOOK_MS = 10_000;
export class Sender {
  /**
   * @param {{store: OutboxStore, tab: string, owner: import("./outbox.js").Owner, publish: (notice:
   *   import("./outbox.js").Notice) => void}} parts
   */
  constructor({ store, tab, owner, publish }) {
    this.store = store;
    this.tab = tab;
    this.owner = owner;
    this.publish = publish;
    this.leadership = new Leadership(`${store.name}-sender`, {
      begin: () => this.#begin(),
      end: () => this.#end(),
    });
    this.paused = false;
    this.working = false;
    this.again = false;
    this.retry = RETRY_FIRST_MS;
    this.askEvery = ASK_FIRST_MS;
    /** @type {number | null} */
    this.askAt = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {{close: () => void} | null} */
    this.events = null;
  }

  get isLeading() {
    return this.leadership.leading;
  }

  /**
   * Waits to become the one tab that sends; `steal` takes over from one that no longer answers.
   * @param {boolean} [steal]
   */
  lead(steal) {
    this.leadership.wait(steal);
  }

  #begin() {
    this.events?.close();
    this.events = listen(
      (name, data) => void this.#hear(name, data),
      (open) => {
        this.publish({ type: "link", open });
        if (open) this.soon();
      },
    );
    this.soon();
  }

  #end() {
    clearTimeout(this.timer);
    this.events?.close();
    this.events = null;
  }

  /** Something may be sendable now: do not wait for the next retry. */
  soon() {
    this.retry = RETRY_FIRST_MS;
    void this.work();
  }

  /** There is more to send: now, unless a retry is already waited for. */
  nudge() {
    if (this.retry === RETRY_FIRST_MS) void this.work();
  }

  /** The owner has signed in again. */
  resume() {
    this.paused = false;
    this.soon();
  }

  async work() {
    if (!this.isLeading) return;
    if (this.working) {
      this.again = true;
      return;
    }
    this.working = true;
    clearTimeout(this.timer);
    let wait = null;
    try {
      do {
        this.again = false;
        wait = await this.#round();
      } while (this.again || wait === 0);
    } catch (error) {
      this.publish({ type: "trouble", code: "outbox-unreadable", message: String(error) });
      wait = this.#backOff();
    } finally {
      this.working = false;
    }
    if (wait !== null && this.isLeading) this.timer = setTimeout(() => void this.work(), wait);
  }

  /**
   * One request at most.
   * @returns {Promise<number | null>} milliseconds until the next; null: nothing left to do
   */
  async #round() {
    if (this.paused && !(await this.#ownerIsBack())) return SESSION_LOOK_MS;
    const held = await this.store.first("held", BATCH_ENTRIES_MAX);
    if (held.length > 0) return this.#send(fitting(held));
    return this.#ask();
  }

  /**
   * Entries that are journaled, or that the record could not take so far, are sent again from time
   * to time: the same way that a lost receipt is asked for.
   * @returns {Promise<number | null>}
   */
  async #ask() {
    const pending = await this.store.first("journaled", BATCH_ENTRIES_MAX);
    const stuck = await this.store.first("outstanding", BATCH_ENTRIES_MAX);
    const asked = [...pending, ...stuck].slice(0, BATCH_ENTRIES_MAX);
    if (asked.length === 0) {
      this.askAt = null;
      return null;
    }
    const now = Date.now();
    this.askAt ??= now + ASK_FIRST_MS; // the event normally comes first
    if (now >= this.askAt || this.askAt > now + ASK_MAX_MS) {
      await this.#learnOutstanding(pending);
      const wait = await this.#send(fitting(asked));
      this.askEvery = Math.min(this.askEvery * 2, ASK_MAX_MS);
      this.askAt = Date.now() + Math.max(wait, this.askEvery);
    }
    return Math.max(1, this.askAt - Date.now());
  }

  #backOff() {
    const wait = this.retry * (0.5 + Math.random() / 2);
    this.retry = Math.min(this.retry * 2, RETRY_MAX_MS);
    return wait;
  }

  /**
   * @param {Row[]} batch
   * @returns {Promise<number>} milliseconds until the next request
   */
  async #send(batch) {
    const at = Date.now();
    const answer = await keeper.send(batch.map((row) => row.entry));
    if (answer.status === 401) {
      this.#pause("needed");
      return SESSION_LOOK_MS;
    }
    const [first] = batch;
    if (first && (answer.status === 400 || answer.status === 413)) {
      if (batch.length > 1) return this.#send(batch.slice(0, Math.ceil(batch.length / 2)));
      return this.#refused(first, answer.body ?? {});
    }
    const results = answer.status === 200 ? answer.body?.results : undefined;
    if (!Array.isArray(results) || results.length !== batch.length) {
      this.publish({ type: "link", open: false, code: answer.body?.code });
      return this.#backOff();
    }
    return this.#take(batch, results, at);
  }

  /**
   * @param {Row[]} batch
   * @param {Result[]} results
   * @param {number} at
   * @returns {Promise<number>}
   */
  async #take(batch, results, at) {
    const known = [];
    let stopped;
    for (const [place, row] of batch.entries()) {
      const result = /** @type {Result} */ (results[place]);
      stopped = answeredWrongly(row, result);
      if (stopped) break; // those behind a refused one are refused because of it
      const { state } = result.receipt;
      const { version = null } = result;
      if (state !== row.state) known.push({ id: row.entry.id, state, version });
    }
    const answered = new Map(results.map((result) => [result.id, result]));
    for (const row of await this.store.settle(known)) {
      const { version = null, digest = null } = answered.get(row.entry.id) ?? {};
      this.publish({ type: "row", row, at, version, digest });
    }
    if (stopped?.refusal) return this.#refused(stopped.row, stopped.refusal);
    if (stopped) {
      this.publish({ type: "trouble", code: "receipt-of-another-text" });
      return this.#backOff();
    }
    this.retry = RETRY_FIRST_MS;
    return 0;
  }

  /**
   * @param {Row} row
   * @param {import("./refusals.js").Refusal} refusal
   * @returns {Promise<number>} milliseconds until the next request
   */
  async #refused(row, refusal) {
    const { changed, next } = await react(this, row, refusal, () => this.#ownerIsBack());
    this.#changed(changed);
    if (next === "other-owner") {
      this.#pause("other");
      return SESSION_LOOK_MS;
    }
    return next === "now" ? 0 : this.#backOff();
  }

  /** @param {Row[]} rows */
  #changed(rows) {
    for (const row of rows) this.publish({ type: "row", row });
  }

  /** @param {"needed" | "other"} state */
  #pause(state) {
    this.paused = true;
    this.publish({ type: "session", state });
  }

  /** Whether the session is, or is again, that of this outbox's owner. */
  async #ownerIsBack() {
    const session = await keeper.session();
    if (
      session?.practitioner !== this.owner.practitioner ||
      session.practice !== this.owner.practice
    )
      return false;
    if (this.paused) {
      this.paused = false;
      this.publish({ type: "session", state: "open" });
    }
    return true;
  }

  /** @param {Row[]} journaled */
  async #learnOutstanding(journaled) {
    const outstanding = new Map((await keeper.outstanding()).map((item) => [item.entry, item]));
    const known = journaled.flatMap((row) => {
      const item = outstanding.get(row.entry.id);
      return item ? [{ ...item, id: item.entry, state: /** @type {const} */ ("outstanding") }] : [];
    });
    if (known.length > 0) this.#changed(await this.store.settle(known));
  }

  /**
   * @param {string} name
   * @param {Record<string, any>} data
   */
  async #hear(name, data) {
    const at = Date.now();
    if (name === "recorded") {
      const rows = await this.store.settle([
        { id: data.entry, state: "recorded", version: data.version },
      ]);
      for (const row of rows)
        this.publish({ type: "row", row, version: data.version, digest: data.digest, at });
    } else if (name === "outstanding") {
      this.#changed(
        await this.store.settle([{ id: data.entry, state: "outstanding", code: data.code }]),
      );
    } else if (name === "session" && data.state === "ended") {
      this.#pause("needed");
    }
    this.publish({ type: "event", name, data, at });
    if (name === "application" && data.state === "up") {
      this.askEvery = ASK_FIRST_MS;
      this.askAt = null;
      this.soon();
    }
  }
}
