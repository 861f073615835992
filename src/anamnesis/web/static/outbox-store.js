// @ts-check
/**
 * The outbox on the device's disk: which entries it holds, and their numbers. Every change is one transaction,
 * so the numbers of a device have no hole whatever is killed, and whichever tab does it.
 */
import { digestOf } from "./canonical.js";
import { answer, openDatabase, transact } from "./idb.js";
import { newId } from "./identifiers.js";

/**
 * @typedef {Record<string, unknown>} Content
 * @typedef {{id: string, kind: string, practice: string, author: string, patient: string | null,
 *   encounter: string | null, device: string, sequence: number, base: string | null, build: string,
 *   features: string[], typed_at: string, content: Content, digest: string}} Entry
 * @typedef {"held" | "journaled" | "outstanding" | "refused" | "recorded"} State
 * @typedef {{order: number, state: State, tab: string, added_at: number, entry: Entry, code: string | null,
 *   message: string | null, attempts: number}} Row
 * @typedef {{encounter: string, entry: string, kind: string, base: string | null, digest: string,
 *   content: Content, state: State, added_at: number}} LastText
 * @typedef {{key: string, tab: string, count: number, patient: string | null, encounter: string, kind: string,
 *   base: string | null, content: Content, typed_at: string}} Draft
 * @typedef {{device: string, last: number}} Numbering
 */

const VERSION = 1;
const STORES = ["meta", "entries", "texts", "drafts"];
/** How long, and for how many encounters, the last text stays here after the record has it. */
export const TEXT_KEPT_MS = 72 * 3600 * 1000;
export const TEXTS_MAX = 200;
const RETIRE_TRIES_MAX = 5;
const STARTED = "started/";

/** @type {ReadonlySet<string>} */
export const NOTE_TEXT_KINDS = new Set(["note.write", "note.rescue", "note.restore", "note.amend"]);

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
      const entries = database.createObjectStore("entries", { keyPath: "order", autoIncrement: true });
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
    const again = () => { this.opening = null; this.database = null; };
    this.database.onclose = again; // the browser took it away: the next use opens it anew
    this.database.onversionchange = () => { this.database?.close(); again(); };
    return this.database;
  }

  /**
   * @template T
   * @param {"readonly" | "readwrite"} mode
   * @param {(s: Record<string, IDBObjectStore>, rows: () => Promise<Row[]>) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async transact(mode, work) {
    const database = await this.open();
    return transact(database, STORES, mode, (transaction) => {
      const s = Object.fromEntries(STORES.map((name) => [name, transaction.objectStore(name)]));
      return work(s, () => answer(s.entries.getAll()));
    });
  }

  /** The device's id and the last number it gave out; made on first use. @returns {Promise<Numbering>} */
  numbering() {
    return this.transact("readwrite", (s) => numbering(s));
  }

  /** Every row, oldest first. @returns {Promise<Row[]>} */
  rows() {
    return this.transact("readonly", (_, rows) => rows());
  }

  /** The first rows in this state: in the order of their numbers, which is the order they were stored in.
   * @param {State} state @param {number} max @returns {Promise<Row[]>} */
  first(state, max) {
    return this.transact("readonly", (s) => answer(s.entries.index("state").getAll(state, max)));
  }

  /**
   * Keeps one entry and gives it the next number of this device. Resolves when it is on the disk.
   * A refusal known beforehand (`code`) keeps the text without a number.
   * @param {Omit<Entry, "device" | "sequence">} made
   * @param {{tab: string, count?: number, code?: string | null}} from
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
      const row = { state: code === null ? "held" : "refused", tab, added_at: Date.now(), entry, code,
        message: null, attempts: 0 };
      const order = Number(await answer(s.entries.add(row)));
      if (entry.kind === "encounter.start") await answer(s.meta.put(row.added_at, `${STARTED}${entry.encounter}`));
      if (NOTE_TEXT_KINDS.has(entry.kind) && entry.encounter !== null) {
        await answer(s.texts.put(lastText(row, entry.encounter)));
        const key = `${entry.encounter}/${tab}`;
        const draft = /** @type {Draft | undefined} */ (await answer(s.drafts.get(key)));
        if (draft && draft.count <= count) await answer(s.drafts.delete(key));
      }
      return { ...row, order };
    });
  }

  /** Sets what is now known of entries; those no longer here are passed over. A recorded entry leaves the outbox.
   * @param {{id: string, state: State, code?: string | null, message?: string | null}[]} known
   * @returns {Promise<Row[]>} the rows as they are now */
  settle(known) {
    return this.transact("readwrite", async (s) => {
      /** @type {Row[]} */
      const changed = [];
      for (const { id, state, code = null, message = null } of known) {
        const row = /** @type {Row | undefined} */ (await answer(s.entries.index("id").get(id)));
        if (!row) continue;
        const now = { ...row, state, code, message };
        if (state === "recorded") await answer(s.entries.delete(row.order));
        else await answer(s.entries.put(now));
        await markText(s, now);
        changed.push(now);
      }
      return changed;
    });
  }

  /** Takes a refused entry out of the numbering and closes the ranks behind it: none of those behind was
   * journaled, because the keeper takes a device's entries in order only.
   * @param {string} id @param {string} code @param {string | null} message @returns {Promise<Row[]>} changed rows */
  refuse(id, code, message) {
    return this.transact("readwrite", async (s, rows) => {
      const all = await rows();
      const bad = all.find((row) => row.entry.id === id);
      if (!bad || bad.state === "refused") return [];
      const numbers = await numbering(s);
      const behind = all.filter((row) => row.state !== "refused" && row.entry.device === bad.entry.device
        && row.entry.sequence > bad.entry.sequence);
      /** @type {Row[]} */
      const changed = behind.map((row) => (
        { ...row, state: "held", entry: { ...row.entry, sequence: row.entry.sequence - 1 } }));
      if (numbers.device === bad.entry.device) numbers.last -= 1;
      changed.push({ ...bad, state: "refused", code, message, entry: { ...bad.entry, sequence: 0 } });
      await answer(s.meta.put(numbers, "device"));
      for (const row of changed) await answer(s.entries.put(row));
      await markText(s, /** @type {Row} */ (changed.at(-1)));
      return changed;
    });
  }

  /** Replaces an entry that was refused before it was journaled, in its place: a new id, or the digest made again.
   * @param {string} id @param {{id?: string, digest?: string}} change @returns {Promise<Row | null>} */
  remake(id, change) {
    return this.transact("readwrite", async (s) => {
      const row = /** @type {Row | undefined} */ (await answer(s.entries.index("id").get(id)));
      if (!row) return null;
      const now = { ...row, attempts: row.attempts + 1, entry: { ...row.entry, ...change } };
      await answer(s.entries.put(now));
      const { encounter } = row.entry;
      const text = encounter && /** @type {LastText | undefined} */ (await answer(s.texts.get(encounter)));
      if (text && text.entry === id) {
        await answer(s.texts.put({ ...text, entry: now.entry.id, digest: now.entry.digest }));
      }
      return now;
    });
  }

  /** The keeper expects number `expected` of this device and got a later one. True when all the numbers between are
   * still here and will be sent (again); false when some are gone and the device has to be retired.
   * @param {string} device @param {number} expected @param {number} got @returns {Promise<boolean>} */
  rewind(device, expected, got) {
    return this.transact("readwrite", async (s, rows) => {
      const between = (await rows()).filter((row) => row.entry.device === device && row.state !== "refused"
        && row.entry.sequence >= expected && row.entry.sequence < got);
      if (expected >= got || between.length !== got - expected) return false;
      for (const row of between) await answer(s.entries.put({ ...row, state: "held" }));
      return true;
    });
  }

  /** Starts again under a new device id: an entry that says so first, then everything not known to be journaled.
   * `expected`: the first number the keeper does not have, where it said so.
   * @param {Omit<Entry, "id" | "device" | "sequence" | "content" | "digest">} envelope
   * @param {string} tab @param {number | null} expected @returns {Promise<Row[]>} */
  async retire(envelope, tab, expected) {
    for (let tries = 0; tries < RETIRE_TRIES_MAX; tries += 1) {
      const { numbers, rows } = await this.transact("readwrite", async (s, all) => (
        { numbers: await numbering(s), rows: await all() }));
      const again = rows.filter((row) => row.entry.device === numbers.device && (row.state === "held"
        || (expected !== null && row.state !== "refused" && row.entry.sequence >= expected)));
      const content = { device: numbers.device, last_sequence: numbers.last,
        missing: holes(again.map((row) => row.entry.sequence), expected, numbers.last) };
      const made = { ...envelope, id: newId(), content, digest: await digestOf(content) };
      const changed = await this.renumber(numbers, made, again, tab);
      if (changed) return changed;
    }
    throw new DOMException("outbox changed under the retirement of its device", "AbortError");
  }

  /** @param {Numbering} seen @param {Omit<Entry, "device" | "sequence">} made @param {Row[]} again
   * @param {string} tab @returns {Promise<Row[] | null>} null when the outbox changed meanwhile */
  renumber(seen, made, again, tab) {
    return this.transact("readwrite", async (s) => {
      const numbers = await numbering(s);
      if (numbers.device !== seen.device || numbers.last !== seen.last) return null;
      const device = newId();
      const first = { state: "held", tab, added_at: Date.now(), code: null, message: null, attempts: 0,
        entry: { ...made, device, sequence: 1 } };
      await answer(s.entries.add(first));
      let last = 1;
      /** @type {Row[]} */
      const changed = [];
      for (const { order, ...row } of again) { // stored anew, so that they stay in the order of their numbers
        last += 1;
        /** @type {Omit<Row, "order">} */
        const moved = { ...row, state: "held", entry: { ...row.entry, device, sequence: last } };
        await answer(s.entries.delete(order));
        changed.push({ ...moved, order: Number(await answer(s.entries.add(moved))) });
      }
      await answer(s.meta.put({ device, last }, "device"));
      return changed;
    });
  }

  /** The last text of this encounter that this device wrote. @param {string} encounter
   * @returns {Promise<LastText | null>} */
  text(encounter) {
    return this.transact("readonly", async (s) => (await answer(s.texts.get(encounter))) ?? null);
  }

  /** Whether this device has started that encounter. @param {string} encounter @returns {Promise<boolean>} */
  hasStarted(encounter) {
    return this.transact("readonly", async (s) => (await answer(s.meta.get(STARTED + encounter))) !== undefined);
  }

  /** Removes a draft whose text an entry already has. @param {string} key @returns {Promise<void>} */
  dropDraft(key) {
    return this.transact("readwrite", async (s) => { await answer(s.drafts.delete(key)); });
  }

  /** Drops last texts that the record has had for long, or that are too many. @returns {Promise<void>} */
  tidy() {
    return this.transact("readwrite", async (s) => {
      const texts = /** @type {LastText[]} */ (await answer(s.texts.getAll()));
      const recorded = texts.filter((text) => text.state === "recorded")
        .sort((a, b) => b.added_at - a.added_at);
      for (const [place, text] of recorded.entries()) {
        const old = Date.now() - text.added_at > TEXT_KEPT_MS;
        if (old || place >= TEXTS_MAX) await answer(s.texts.delete(text.encounter));
      }
    });
  }
}

/** @param {Record<string, IDBObjectStore>} s @returns {Promise<Numbering>} */
async function numbering(s) {
  const known = await answer(s.meta.get("device"));
  if (known) return known;
  const made = { device: newId(), last: 0 };
  await answer(s.meta.put(made, "device"));
  return made;
}

/** @param {Omit<Row, "order">} row @param {string} encounter @returns {LastText} */
function lastText(row, encounter) {
  const { id, kind, base, digest, content } = row.entry;
  return { encounter, entry: id, kind, base, digest, content, state: row.state, added_at: row.added_at };
}

/** @param {Record<string, IDBObjectStore>} s @param {Row} row @returns {Promise<void>} */
async function markText(s, row) {
  if (row.entry.encounter === null) return;
  const text = /** @type {LastText | undefined} */ (await answer(s.texts.get(row.entry.encounter)));
  if (text && text.entry === row.entry.id) await answer(s.texts.put({ ...text, state: row.state }));
}

/** The ranges of numbers from `expected` to `last` that are not among `here`.
 * @param {number[]} here @param {number | null} expected @param {number} last @returns {[number, number][]} */
export function holes(here, expected, last) {
  if (expected === null) return [];
  const present = new Set(here);
  /** @type {[number, number][]} */
  const found = [];
  for (let number = expected; number <= last; number += 1) {
    const open = found.at(-1);
    if (present.has(number)) continue;
    if (open && open[1] === number - 1) open[1] = number;
    else found.push([number, number]);
  }
  return found;
}
