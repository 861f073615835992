// @ts-check
/**
 * Sends what the outbox holds, in order, until there is a receipt for it or a definite refusal. One tab sends for all
 * of them; another takes over when it dies or falls silent. No answer is no answer: the same entry is sent again.
 */
import { digestOf } from "./canonical.js";
import { listen } from "./events.js";
import { newId } from "./identifiers.js";
import { keeper } from "./keeper-client.js";

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {import("./outbox-store.js").OutboxStore} OutboxStore */
/** @typedef {{id: string, outcome: "receipt" | "refused", receipt?: any, version?: number | null,
 *   digest?: string | null, code?: string, message?: string, expected?: number}} Result */

export const BATCH_ENTRIES_MAX = 64;
export const BATCH_BYTES_MAX = 4 * 1024 * 1024 - 65_536;
export const RETRY_FIRST_MS = 250;
export const RETRY_MAX_MS = 8000;
/** How often entries that are journaled and not yet recorded are asked about, besides the events. */
export const ASK_FIRST_MS = 1500;
export const ASK_MAX_MS = 20_000;
/** How often a paused outbox looks whether its owner has signed in elsewhere. */
export const SESSION_LOOK_MS = 10_000;
/** After so many refusals that it does not understand, or cannot mend, an entry is set aside with its text. */
export const MENDS_MAX = 4;

const FINAL = new Set(["malformed", "entry-too-large", "unknown-kind", "lone-surrogate", "nul-character",
  "number-not-exact", "too-deep"]);
const RETIRING = new Set(["sequence-reused", "device-taken"]);

export class Sender {
  /**
   * @param {{store: OutboxStore, tab: string, owner: import("./outbox.js").Owner,
   *   publish: (notice: import("./outbox.js").Notice) => void}} parts
   */
  constructor({ store, tab, owner, publish }) {
    this.store = store;
    this.tab = tab;
    this.owner = owner;
    this.publish = publish;
    this.leading = false;
    this.asked = false;
    this.paused = false;
    this.working = false;
    this.again = false;
    this.retry = RETRY_FIRST_MS;
    this.ask = ASK_FIRST_MS;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {{close: () => void} | null} */
    this.events = null;
  }

  /** Waits to become the one tab that sends; `steal` takes over from one that no longer answers.
   * @param {boolean} [steal] */
  lead(steal = false) {
    if (this.leading) return;
    const work = () => new Promise((release) => { this.release = release; this.#begin(); });
    navigator.locks.request(`${this.store.name}-sender`, { steal }, work).catch(() => {
      this.#end(); // stolen: wait for our turn again
      this.lead();
    });
  }

  #begin() {
    this.leading = true;
    this.events?.close();
    this.events = listen((name, data) => void this.#hear(name, data), (open) => {
      this.publish({ type: "link", open });
      if (open) this.soon();
    });
    this.soon();
  }

  #end() {
    this.leading = false;
    clearTimeout(this.timer);
    this.events?.close();
    this.events = null;
  }

  /** Something may be sendable now: do not wait for the next retry. */
  soon() {
    this.retry = RETRY_FIRST_MS;
    this.ask = ASK_FIRST_MS;
    void this.work();
  }

  /** The owner has signed in again. */
  resume() {
    this.paused = false;
    this.soon();
  }

  async work() {
    if (!this.leading) return;
    if (this.working) { this.again = true; return; }
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
    if (wait !== null && this.leading) this.timer = setTimeout(() => void this.work(), wait);
  }

  /** One request at most. @returns {Promise<number | null>} milliseconds until the next; null: nothing left to do */
  async #round() {
    if (this.paused && !(await this.#ownerIsBack())) return SESSION_LOOK_MS;
    const held = await this.store.first("held", BATCH_ENTRIES_MAX);
    if (held.length > 0) return this.#send(fitting(held));
    const journaled = await this.store.first("journaled", BATCH_ENTRIES_MAX);
    if (journaled.length === 0) return null;
    if (this.asked) {
      this.asked = false;
      await this.#learnOutstanding(journaled);
      await this.#send(fitting(journaled));
    } else {
      this.asked = true; // the first time round only wait: the event normally comes first
    }
    const wait = this.ask;
    this.ask = Math.min(this.ask * 2, ASK_MAX_MS);
    return wait;
  }

  #backOff() {
    const wait = this.retry * (0.5 + Math.random() / 2);
    this.retry = Math.min(this.retry * 2, RETRY_MAX_MS);
    return wait;
  }

  /** @param {Row[]} batch @returns {Promise<number>} milliseconds until the next request */
  async #send(batch) {
    const at = Date.now();
    const answer = await keeper.send(batch.map((row) => row.entry));
    if (answer.status === 401) {
      this.#pause("needed");
      return SESSION_LOOK_MS;
    }
    if (answer.status === 400 || answer.status === 413) {
      if (batch.length > 1) return this.#send(batch.slice(0, Math.ceil(batch.length / 2)));
      return this.#react(batch[0], { id: batch[0].entry.id, outcome: "refused",
        code: answer.body?.code ?? "malformed", message: answer.body?.message });
    }
    const results = answer.status === 200 ? answer.body?.results : undefined;
    if (!Array.isArray(results) || results.length !== batch.length) {
      this.publish({ type: "link", open: false, code: answer.body?.code });
      return this.#backOff();
    }
    return this.#take(batch, results, at);
  }

  /** @param {Row[]} batch @param {Result[]} results @param {number} at @returns {Promise<number>} */
  async #take(batch, results, at) {
    const known = [];
    for (const [place, row] of batch.entries()) {
      const result = results[place];
      if (result.outcome !== "receipt") break; // those behind it are refused because of it
      const { header, state } = result.receipt;
      const same = header.id === row.entry.id && header.digest === row.entry.digest;
      if (!same || (state !== "journaled" && state !== "recorded")) {
        this.publish({ type: "trouble", code: "receipt-of-another-text" });
        break;
      }
      known.push({ id: row.entry.id, state });
    }
    const changed = await this.store.settle(known);
    const answered = new Map(results.map((result) => [result.id, result]));
    for (const row of changed) {
      const { version = null, digest = null } = answered.get(row.entry.id) ?? {};
      this.publish({ type: "row", row, at, version, digest });
    }
    const stopped = results[known.length];
    if (stopped?.outcome === "refused") return this.#react(batch[known.length], stopped);
    if (stopped) return this.#backOff();
    this.retry = RETRY_FIRST_MS;
    return 0;
  }

  /** What each refusal asks of the device (docs/protocol.md, section 3).
   * @param {Row} row @param {Result} result @returns {Promise<number>} */
  async #react(row, { code = "malformed", message = "", expected }) {
    const { id, device, sequence } = row.entry;
    const mendable = row.attempts < MENDS_MAX;
    if (code === "wrong-author" || code === "wrong-practice") {
      if (!(await this.#ownerIsBack())) {
        this.#pause("other");
        return SESSION_LOOK_MS;
      }
    } else if (code === "sequence-gap" && expected !== undefined) {
      if (await this.store.rewind(device, expected, sequence)) return this.#backOff();
      return this.#retire(expected);
    } else if (RETIRING.has(code)) {
      return this.#retire(null);
    } else if (mendable && code === "id-reused") {
      this.#changed([await this.store.remake(id, { id: newId() })]);
      return 0;
    } else if (mendable && code === "digest-mismatch") {
      this.#changed([await this.store.remake(id, { digest: await digestOf(row.entry.content) })]);
      return this.#backOff();
    } else if (mendable && !FINAL.has(code)) {
      await this.store.remake(id, {}); // not in the protocol this page knows: perhaps only for now
      return this.#backOff();
    }
    this.#changed(await this.store.refuse(id, code, message));
    return 0;
  }

  /** @param {number | null} expected */
  async #retire(expected) {
    const { practitioner, practice, build, features } = this.owner;
    const envelope = { kind: "device.retire", practice, author: practitioner, patient: null, encounter: null,
      base: null, build, features, typed_at: new Date().toISOString() };
    this.#changed(await this.store.retire(envelope, this.tab, expected));
    return this.#backOff();
  }

  /** @param {(Row | null)[]} rows */
  #changed(rows) {
    for (const row of rows) if (row) this.publish({ type: "row", row });
  }

  /** @param {"needed" | "other"} state */
  #pause(state) {
    this.paused = true;
    this.publish({ type: "session", state });
  }

  /** Whether the session is, or is again, that of this outbox's owner. */
  async #ownerIsBack() {
    const session = await keeper.session();
    if (session?.practitioner !== this.owner.practitioner || session.practice !== this.owner.practice) return false;
    if (this.paused) {
      this.paused = false;
      this.publish({ type: "session", state: "open" });
    }
    return true;
  }

  /** @param {Row[]} journaled */
  async #learnOutstanding(journaled) {
    const outstanding = new Map((await keeper.outstanding()).map((item) => [item.entry, item]));
    const known = journaled.filter((row) => outstanding.has(row.entry.id)).map((row) => {
      const { code, message } = outstanding.get(row.entry.id);
      return { id: row.entry.id, state: /** @type {const} */ ("outstanding"), code, message };
    });
    if (known.length > 0) this.#changed(await this.store.settle(known));
  }

  /** @param {string} name @param {Record<string, any>} data */
  async #hear(name, data) {
    const at = Date.now();
    if (name === "recorded") {
      const rows = await this.store.settle([{ id: data.entry, state: "recorded" }]);
      for (const row of rows) this.publish({ type: "row", row, version: data.version, digest: data.digest, at });
    } else if (name === "outstanding") {
      this.#changed(await this.store.settle([{ id: data.entry, state: "outstanding", code: data.code }]));
    } else if (name === "session" && data.state === "ended") {
      this.#pause("needed");
    }
    this.publish({ type: "event", name, data, at });
    if (name === "application" && data.state === "up") this.soon();
  }
}

/** As many rows as one request may carry. @param {Row[]} rows @returns {Row[]} */
function fitting(rows) {
  let bytes = 0;
  const count = rows.findIndex((row) => {
    bytes += new TextEncoder().encode(JSON.stringify(row.entry)).length;
    return bytes > BATCH_BYTES_MAX;
  });
  return count === -1 ? rows : rows.slice(0, Math.max(count, 1));
}
