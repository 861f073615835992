// @ts-check
/**
 * The outbox on the device's disk: which entries it holds, and their numbers. Every change is one
 * transaction, so the numbers of a device have no hole whatever is killed, and whichever tab does
 * it.
 */
import { answer, lastOf, openDatabase, transact } from "./idb.js";
import { newId } from "./identifiers.js";
import { lastText, markText, subjectOf, tidyTexts } from "./last-texts.js";
import { HELD_TOLD_MAX } from "./report.js";

/**
 * @typedef {Record<string, unknown>} Content
 * @typedef {{id: string, kind: string, practice: string, author: string, patient: string | null,
 *   encounter: string | null, device: string, sequence: number, base: string | null, build: string,
 *   features: string[], typed_at: string, content: Content, digest: string}} Entry
 * @typedef {"held" | "journaled" | "outstanding" | "refused" | "recorded"} State
 * @typedef {{order: number, state: State, tab: string, added_at: number, entry: Entry, code: string
 *   | null, message: string | null, attempts: number}} Row
 * @typedef {{encounter: string, entry: string, kind: string, base: string | null, digest: string,
 *   content: Content, state: State, added_at: number, version?: number | null}} LastText
 * @typedef {{id: string, state: State, code?: string | null, message?: string | null, version?:
 *   number | null}} Known
 * @typedef {{key: string, tab: string, count: number, patient: string | null, encounter: string |
 *   null, kind: string, base: string | null, content: Content, typed_at: string}} Draft
 * @typedef {{device: string, last: number}} Numbering
 * @typedef {{meta: IDBObjectStore, entries: IDBObjectStore, texts: IDBObjectStore, drafts:
 *   IDBObjectStore}} Stores
 */

const VERSION = 1;
const STORES = ["meta", "entries", "texts", "drafts"];
const STARTED = "started/";

export class OutboxStore {
  /** @param {string} practitioner */
  constructor(practitioner) {
    this.name = `anamnesis-${practitioner}`;
    /** @type {Promise<IDBDatabase> | null} */
    this.opening = null;
    /** @type {IDBDatabase | null} */
    this.database = null;
  }

  /** @returns {Promise<IDBDatabase>} */
  async open() {
    this.opening ??= openDatabase(this.name, VERSION, (database) => {
      database.createObjectStore("meta");
      const entries = database.createObjectStore("entries", {
        keyPath: "order",
        autoIncrement: true,
      });
      entries.createIndex("id", "entry.id", { unique: true });
      entries.createIndex("state", "state");
      database.createObjectStore("texts", { keyPath: "encounter" });
      database.createObjectStore("drafts", { keyPath: "key" });
    });
    try {
      this.database = await this.opening;
    } catch (error) {
      this.opening = null;
      throw error;
    }
    const again = () => {
      this.opening = null;
      this.database = null;
    };
    this.database.onclose = again; // the browser took it away: the next use opens it anew
    this.database.onversionchange = () => {
      this.database?.close();
      again();
    };
    return this.database;
  }

  /**
   * @template T
   * @param {"readonly" | "readwrite"} mode
   * @param {(s: Stores, rows: () => Promise<Row[]>) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async transact(mode, work) {
    const database = await this.open();
    return transact(database, STORES, mode, (transaction) => {
      const [meta, entries, texts, drafts] = STORES.map((name) => transaction.objectStore(name));
      const s = /** @type {Stores} */ ({ meta, entries, texts, drafts });
      return work(s, () => answer(s.entries.getAll()));
    });
  }

  /**
   * The device's id and the last number it gave out; made on first use.
   * @returns {Promise<Numbering>}
   */
  numbering() {
    return this.transact("readwrite", (s) => numbering(s));
  }

  /**
   * What the disk holds now that is not journaled, and the last number given out: one transaction,
   * so that neither is of another moment. No device where there is none on the disk.
   * @returns {Promise<import("./report.js").Standing>}
   */
  standing() {
    return this.transact("readonly", async (s) => {
      const held = s.entries.index("state");
      /** @type {Numbering | undefined} */
      const known = await answer(s.meta.get("device"));
      const waiting = await answer(held.count("held"));
      /** @type {Row | undefined} */
      const oldest = await answer(held.get("held"));
      const { device = "", last = 0 } = known ?? {};
      const newest = waiting > 0 ? await lastOf(held, "held", HELD_TOLD_MAX) : [];
      return { device, sequence: last, waiting, since: oldest?.added_at ?? null, held: newest };
    });
  }

  /**
   * Every row, oldest first.
   * @returns {Promise<Row[]>}
   */
  rows() {
    return this.transact("readonly", (_, rows) => rows());
  }

  /**
   * The first rows in this state: in the order of their numbers, which is the order they were
   * stored in.
   * @param {State} state
   * @param {number} max
   * @returns {Promise<Row[]>}
   */
  first(state, max) {
    return this.transact("readonly", (s) => answer(s.entries.index("state").getAll(state, max)));
  }

  /**
   * Keeps one entry and gives it the next number of this device. Resolves when it is on the disk. A
   * refusal known beforehand (`code`) keeps the text without a number.
   * @param {Omit<Entry, "device" | "sequence">} made
   * @param {{tab: string, count?: number | undefined, code?: string | null}} from
   * @returns {Promise<Row>}
   */
  add(made, { tab, count = Infinity, code = null }) {
    return this.transact("readwrite", async (s) => {
      const numbers = await numbering(s);
      if (code === null) {
        numbers.last += 1;
        await answer(s.meta.put(numbers, "device"));
      }
      const entry = { ...made, device: numbers.device, sequence: code === null ? numbers.last : 0 };
      /** @type {Omit<Row, "order">} */
      const row = {
        state: code === null ? "held" : "refused",
        tab,
        added_at: Date.now(),
        entry,
        code,
        message: null,
        attempts: 0,
      };
      const order = Number(await answer(s.entries.add(row)));
      if (entry.kind === "encounter.start")
        await answer(s.meta.put(row.added_at, `${STARTED}${entry.encounter}`));
      const subject = subjectOf(entry);
      if (subject !== null) {
        await answer(s.texts.put(lastText(row, subject)));
        const key = `${subject}/${tab}`;
        const draft = /** @type {Draft | undefined} */ (await answer(s.drafts.get(key)));
        if (draft && draft.count <= count) await answer(s.drafts.delete(key));
      }
      return { ...row, order };
    });
  }

  /**
   * Sets what is now known of entries; those no longer here are passed over. A recorded entry
   * leaves the outbox.
   * @param {Known[]} known
   * @returns {Promise<Row[]>} the rows as they are now
   */
  settle(known) {
    return this.transact("readwrite", async (s) => {
      /** @type {Row[]} */
      const changed = [];
      for (const { id, state, code = null, message = null, version = null } of known) {
        const row = /** @type {Row | undefined} */ (await answer(s.entries.index("id").get(id)));
        if (!row) continue;
        // That it is journaled is no news of one the record has not taken.
        if (row.state === "outstanding" && state === "journaled") continue;
        const now = { ...row, state, code, message };
        if (state === "recorded") await answer(s.entries.delete(row.order));
        else await answer(s.entries.put(now));
        await markText(s, now, version);
        changed.push(now);
      }
      return changed;
    });
  }

  /**
   * Replaces an entry that was refused before it was journaled, in its place: a new id, or the
   * digest made again.
   * @param {string} id
   * @param {{id?: string, digest?: string}} change
   * @returns {Promise<Row | null>}
   */
  remake(id, change) {
    return this.transact("readwrite", async (s) => {
      const row = /** @type {Row | undefined} */ (await answer(s.entries.index("id").get(id)));
      if (!row) return null;
      const now = { ...row, attempts: row.attempts + 1, entry: { ...row.entry, ...change } };
      await answer(s.entries.put(now));
      const subject = subjectOf(row.entry);
      const text =
        subject && /** @type {LastText | undefined} */ (await answer(s.texts.get(subject)));
      if (text && text.entry === id) {
        await answer(s.texts.put({ ...text, entry: now.entry.id, digest: now.entry.digest }));
      }
      return now;
    });
  }

  /**
   * The last text of this encounter or document that this device wrote.
   * @param {string} subject
   * @returns {Promise<LastText | null>}
   */
  text(subject) {
    return this.transact("readonly", async (s) => (await answer(s.texts.get(subject))) ?? null);
  }

  /**
   * Whether this device has started that encounter.
   * @param {string} encounter
   * @returns {Promise<boolean>}
   */
  hasStarted(encounter) {
    return this.transact(
      "readonly",
      async (s) => (await answer(s.meta.get(STARTED + encounter))) !== undefined,
    );
  }

  /**
   * Removes a draft whose text an entry already has.
   * @param {string} key
   * @returns {Promise<void>}
   */
  dropDraft(key) {
    return this.transact("readwrite", async (s) => {
      await answer(s.drafts.delete(key));
    });
  }

  /**
   * Drops last texts that nobody goes on from any more.
   * @returns {Promise<void>}
   */
  tidy() {
    return this.transact("readwrite", (s) => tidyTexts(s));
  }
}

/**
 * @param {Stores} s
 * @returns {Promise<Numbering>}
 */
export async function numbering(s) {
  const known = await answer(s.meta.get("device"));
  if (known) return known;
  const made = { device: newId(), last: 0 };
  await answer(s.meta.put(made, "device"));
  return made;
}
