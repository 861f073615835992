// @ts-check
/**
 * The outbox: what a practitioner did, kept on the device's disk before it is sent, until the
 * record has it.
 *
 * `add` resolves when the entry is on the disk and not before. From then on nothing this page,
 * another tab, the network or the keeper does can lose it: sender.js sends it until the keeper
 * answers for it.
 */
import { digestOf } from "./canonical.js";
import { Direct } from "./direct.js";
import { holdTab, keepDraft, takeOrphans } from "./drafts.js";
import { makeEntry } from "./entry-making.js";
import { newId } from "./identifiers.js";
import { subjectOf } from "./last-texts.js";
import { OutboxStore } from "./outbox-store.js";
import { reached } from "./progress.js";
import { Sender } from "./sender.js";

export { EntryRefused } from "./progress.js";

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {import("./outbox-store.js").Entry} Entry */
/** @typedef {import("./outbox-store.js").Content} Content */
/** @typedef {import("./outbox-store.js").Draft} Draft */
/** @typedef {{practitioner: string, practice: string, build: string, features: string[]}} Owner */
/** @typedef {import("./entry-making.js").Deed} Deed */
/**
 * @typedef {{type: "row", row: Row, version?: number | null, digest?: string | null, at?: number} |
 *   {type: "event", name: string, data: Record<string, any>, at: number} | {type: "session", state:
 *   "needed" | "other" | "open"} | {type: "link", open: boolean, code?: string} | {type: "trouble",
 *   code: string, message?: string}} Notice
 */

/** A sending tab that has not answered for so long is replaced. */
export const SENDER_SILENCE_MS = 3000;
const RECORDED_REMEMBERED_MAX = 500;

/** @type {Map<string, Promise<Outbox>>} */
const opened = new Map();

/**
 * The outbox of this practitioner on this device: one for a page, whoever asks for it. Resolves
 * even where the browser refuses a database: then each `add` rejects.
 * @param {{practitioner: string, practice: string, build: string, features?: string[]}} owner
 * @returns {Promise<Outbox>}
 */
export function openOutbox({ practitioner, practice, build, features = [] }) {
  let outbox = opened.get(practitioner);
  if (!outbox) {
    outbox = new Outbox({ practitioner, practice, build, features: [...features].sort() }).start();
    opened.set(practitioner, outbox);
  }
  return outbox;
}

export class Outbox {
  /** @param {Owner} owner */
  constructor(owner) {
    this.owner = owner;
    this.tab = newId();
    this.device = "";
    this.sequence = 0;
    this.order = 0;
    this.direct = new Direct();
    this.store = new OutboxStore(owner.practitioner);
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    /** @type {Map<string, Row>} */
    this.recorded = new Map();
    /** @type {Set<(notice: Notice) => void>} */
    this.listeners = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.silence = undefined;
    this.askedToPersist = false;
    this.channel = new BroadcastChannel(this.store.name);
    this.sender = new Sender({
      store: this.store,
      tab: this.tab,
      owner,
      publish: (notice) => this.publish(notice),
    });
  }

  /** @returns {Promise<Outbox>} */
  async start() {
    this.channel.onmessage = ({ data }) => this.#receive(data);
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
    try {
      await holdTab(this.tab);
      ({ device: this.device, last: this.sequence } = await this.store.numbering());
      for (const row of await this.store.rows()) this.rows.set(row.entry.id, row);
      await takeOrphans(this.store, (draft) => this.#takeUp(draft));
      await this.store.tidy();
    } catch (error) {
      this.publish({ type: "trouble", code: "outbox-closed", message: String(error) });
    }
    this.sender.lead();
    return this;
  }

  /**
   * Keeps one entry. Resolves with its row when it is on this device's disk, or, where the disk
   * refuses, when the keeper has journaled it; else rejects: the text is in the page only. A text
   * that can have no receipt is kept as well, as "refused".
   * @param {Deed} deed
   * @param {string} [tab]
   * @returns {Promise<Row>}
   */
  async add(deed, tab = this.tab) {
    const { made, code } = await makeEntry(this.owner, deed);
    const { count } = deed;
    try {
      const row = await this.store.add(made, { tab, count, code });
      this.publish({ type: "row", row });
      this.flush(false);
      void this.#askToPersist();
      return row;
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      const trouble = full ? "outbox-full" : "outbox-closed";
      this.publish({ type: "trouble", code: trouble, message: String(error) });
      if (code !== null) throw error;
      const row = await this.direct.send(made, { tab, order: this.order + 0.5 });
      this.publish({ type: "row", row });
      return row;
    }
  }

  /**
   * Puts on the disk what is being typed, between two entries; a page that closes may call it.
   * @param {Omit<Draft, "key" | "tab">} draft
   * @returns {boolean}
   */
  draft(draft) {
    return keepDraft(this.store, {
      ...draft,
      tab: this.tab,
      key: `${subjectOf(draft)}/${this.tab}`,
    });
  }

  /**
   * Removes this page's draft of an encounter or a document: its text was taken back.
   * @param {string} subject
   */
  withdraw(subject) {
    return this.store.dropDraft(`${subject}/${this.tab}`);
  }

  /**
   * Resolves with the row once it is in this state or a better one; rejects with EntryRefused, or a
   * TimeoutError.
   * @param {string} id
   * @param {"held" | "journaled" | "recorded"} state
   * @param {number} timeoutMs
   * @returns {Promise<Row>}
   */
  reached(id, state, timeoutMs) {
    return reached(this, id, state, timeoutMs);
  }

  /**
   * Calls `listener` with every change, in whichever tab it happened.
   * @param {(notice: Notice) => void} listener
   * @returns {() => void} stops it
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * What is here of one encounter, oldest first.
   * @param {string} encounter
   * @returns {Row[]}
   */
  of(encounter) {
    return [...this.rows.values()]
      .filter((row) => row.entry.encounter === encounter)
      .sort((a, b) => a.order - b.order);
  }

  /**
   * The last text this device wrote in an encounter or of a document.
   * @param {string} subject
   */
  text(subject) {
    return this.store.text(subject);
  }

  /** @param {string} encounter whether this device has started it */
  hasStarted(encounter) {
    return this.store.hasStarted(encounter);
  }

  /**
   * Entries that are not journaled yet, oldest first.
   * @returns {Row[]}
   */
  waiting() {
    return [...this.rows.values()]
      .filter((row) => row.state === "held")
      .sort((a, b) => a.order - b.order);
  }

  /**
   * Sends what can be sent, now; makes sure that some tab does.
   * @param {boolean} [anew] whether there is reason to think that it works again
   */
  flush(anew = true) {
    if (this.sender.isLeading) {
      if (anew) this.sender.soon();
      else this.sender.nudge();
    } else if (document.visibilityState === "visible") {
      this.channel.postMessage({ type: "alive?", anew });
      this.silence ??= setTimeout(() => {
        this.silence = undefined;
        this.sender.lead(true);
      }, SENDER_SILENCE_MS);
    }
  }

  /** The owner signed in again, here or in another tab. */
  signedIn() {
    this.publish({ type: "session", state: "open" });
    this.sender.resume();
  }

  /**
   * Tells this page and the other tabs.
   * @param {Notice} notice
   */
  publish(notice) {
    this.channel.postMessage(notice);
    this.#tell(notice);
  }

  /** @param {Notice | {type: "alive?", anew: boolean} | {type: "alive"}} message */
  #receive(message) {
    if (message.type === "alive") {
      clearTimeout(this.silence);
      this.silence = undefined;
    } else if (message.type === "alive?") {
      if (!this.sender.isLeading) return;
      this.channel.postMessage({ type: "alive" });
      this.flush(message.anew);
    } else {
      if (message.type === "session" && message.state === "open") this.sender.resume();
      this.#tell(message);
    }
  }

  /** @param {Notice} notice */
  #tell(notice) {
    if (notice.type === "row") {
      const { row } = notice;
      const { id, device, sequence } = row.entry;
      if (row.state === "recorded") {
        this.rows.delete(id);
        this.recorded.set(id, row);
        if (this.recorded.size > RECORDED_REMEMBERED_MAX) {
          this.recorded.delete(/** @type {string} */ (this.recorded.keys().next().value));
        }
      } else if (!this.recorded.has(id)) {
        this.rows.set(id, row);
      }
      this.order = Math.max(this.order, row.order);
      this.sequence = device === this.device ? Math.max(this.sequence, sequence) : sequence;
      this.device = device;
    }
    for (const listener of this.listeners) listener(notice);
    const recorded = notice.type === "event" && notice.name === "recorded" ? notice : null;
    const kept = recorded && this.rows.get(recorded.data.entry);
    // One that the disk did not keep: nobody else says that it is recorded.
    if (kept) {
      const { version, digest } = recorded.data;
      const row = { ...kept, state: /** @type {const} */ ("recorded") };
      this.#tell({ type: "row", row, version, digest, at: recorded.at });
    }
  }

  /** @param {Draft} draft */
  async #takeUp(draft) {
    const { tab, ...deed } = draft;
    const known = await this.store.text(subjectOf(draft) ?? "");
    const digest = await digestOf(draft.content).catch(() => "");
    if (known?.digest !== digest) await this.add({ ...deed, count: Infinity }, tab);
    else await this.store.dropDraft(draft.key);
  }

  async #askToPersist() {
    if (this.askedToPersist) return;
    this.askedToPersist = true;
    const kept = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.());
    if (!kept) this.publish({ type: "trouble", code: "outbox-not-persistent" });
  }
}
