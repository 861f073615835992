// @ts-check
/**
 * How the numbers of a device stay without a hole when the keeper refuses: by closing the ranks, by
 * sending earlier entries again, or, where some are gone, by saying so and starting again under a
 * new device id.
 */
import { digestOf } from "./canonical.js";
import { answer } from "./idb.js";
import { newId } from "./identifiers.js";
import { markText } from "./last-texts.js";
import { numbering } from "./outbox-store.js";

/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {import("./outbox-store.js").Entry} Entry */
/** @typedef {import("./outbox-store.js").Numbering} Numbering */
/** @typedef {import("./outbox-store.js").OutboxStore} OutboxStore */

const RETIRE_TRIES_MAX = 5;

/**
 * Takes a refused entry out of the numbering and closes the ranks behind it: none of those behind
 * was journaled, because the keeper takes a device's entries in order only.
 * @param {OutboxStore} store
 * @param {string} id
 * @param {string} code
 * @param {string | null} message
 * @returns {Promise<Row[]>} changed rows
 */
export function refuse(store, id, code, message) {
  return store.transact("readwrite", async (s, rows) => {
    const all = await rows();
    const bad = all.find((row) => row.entry.id === id);
    if (!bad || bad.state === "refused") return [];
    const numbers = await numbering(s);
    const behind = all.filter(
      (row) =>
        row.state !== "refused" &&
        row.entry.device === bad.entry.device &&
        row.entry.sequence > bad.entry.sequence,
    );
    /** @type {Row[]} */
    const changed = behind.map((row) => ({
      ...row,
      state: "held",
      entry: { ...row.entry, sequence: row.entry.sequence - 1 },
    }));
    if (numbers.device === bad.entry.device) numbers.last -= 1;
    changed.push({ ...bad, state: "refused", code, message, entry: { ...bad.entry, sequence: 0 } });
    await answer(s.meta.put(numbers, "device"));
    for (const row of changed) await answer(s.entries.put(row));
    await markText(s, /** @type {Row} */ (changed.at(-1)));
    return changed;
  });
}

/**
 * The keeper expects number `expected` of this device and got a later one. True when all the
 * numbers between are still here and will be sent (again); false when some are gone and the device
 * has to be retired.
 * @param {OutboxStore} store
 * @param {string} device
 * @param {number} expected
 * @param {number} got
 * @returns {Promise<boolean>}
 */
export function rewind(store, device, expected, got) {
  return store.transact("readwrite", async (s, rows) => {
    const between = (await rows()).filter(
      (row) =>
        row.entry.device === device &&
        row.state !== "refused" &&
        row.entry.sequence >= expected &&
        row.entry.sequence < got,
    );
    if (expected >= got || between.length !== got - expected) return false;
    for (const row of between) await answer(s.entries.put({ ...row, state: "held" }));
    return true;
  });
}

/**
 * Starts again under a new device id: an entry that says so first, then everything not known to be
 * journaled. `expected`: the first number the keeper does not have, where it said so.
 * @param {OutboxStore} store
 * @param {Omit<Entry, "id" | "device" | "sequence" | "content" | "digest">} envelope
 * @param {string} tab
 * @param {number | null} expected
 * @returns {Promise<Row[]>}
 */
export async function retire(store, envelope, tab, expected) {
  for (let tries = 0; tries < RETIRE_TRIES_MAX; tries += 1) {
    /** @type {{numbers: Numbering, rows: Row[]}} */
    const { numbers, rows } = await store.transact("readwrite", async (s, all) => ({
      numbers: await numbering(s),
      rows: await all(),
    }));
    const again = rows.filter(
      (row) =>
        row.entry.device === numbers.device &&
        (row.state === "held" ||
          (expected !== null && row.state !== "refused" && row.entry.sequence >= expected)),
    );
    const content = {
      device: numbers.device,
      last_sequence: numbers.last,
      missing: holes(
        again.map((row) => row.entry.sequence),
        expected,
        numbers.last,
      ),
    };
    const made = { ...envelope, id: newId(), content, digest: await digestOf(content) };
    const changed = await renumber(store, numbers, made, again, tab);
    if (changed) return changed;
  }
  throw new DOMException("outbox changed under the retirement of its device", "AbortError");
}

/**
 * @param {OutboxStore} store
 * @param {Numbering} seen
 * @param {Omit<Entry, "device" | "sequence">} made
 * @param {Row[]} again
 * @param {string} tab
 * @returns {Promise<Row[] | null>} null when the outbox changed meanwhile
 */
function renumber(store, seen, made, again, tab) {
  return store.transact("readwrite", async (s) => {
    const numbers = await numbering(s);
    if (numbers.device !== seen.device || numbers.last !== seen.last) return null;
    const device = newId();
    /** @type {Omit<Row, "order">} */
    const first = {
      state: "held",
      tab,
      added_at: Date.now(),
      code: null,
      message: null,
      attempts: 0,
      entry: { ...made, device, sequence: 1 },
    };
    let last = 1;
    /** @type {Row[]} */
    const changed = [{ ...first, order: Number(await answer(s.entries.add(first))) }];
    for (const { order, ...row } of again) {
      // stored anew, so that they stay in the order of their numbers
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

/**
 * The ranges of numbers from `expected` to `last` that are not among `here`.
 * @param {number[]} here
 * @param {number | null} expected
 * @param {number} last
 * @returns {[number, number][]}
 */
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
