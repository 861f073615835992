// @ts-check
/**
 * What a witness tells the keeper of its page: the text on it, and what its device still holds
 * (docs/protocol.md, section 5).
 */

/** @typedef {import("./outbox.js").Outbox} Outbox */
/**
 * @typedef {{device: string, sequence: number, waiting: number, since: number | null,
 *   held: import("./outbox-store.js").Row[]}} Standing
 */

/**
 * @typedef {{encounter: string, shown: string, unsavedSince: number | null, leaving: boolean,
 *   faithful: boolean}} Page
 */

/** A disk that does not answer for so long is not waited for: the page remembers as well. */
export const STANDING_MS = 1000;

/** Entries that wait, named in one report: the newest; earlier reports named the others. */
export const HELD_TOLD_MAX = 20;

/**
 * What the device's disk holds now. A page may remember what the browser, or somebody's script, has
 * taken from the disk meanwhile.
 * @param {Outbox | null} outbox
 * @returns {Promise<Standing>}
 */
export async function standingOf(outbox) {
  if (!outbox) return remembered(outbox);
  /** @type {Promise<Standing>} */
  const late = new Promise((resolve) => setTimeout(resolve, STANDING_MS, remembered(outbox)));
  const asked = outbox.store.standing().catch(() => remembered(outbox));
  const standing = await Promise.race([asked, late]);
  return standing.device === "" ? remembered(outbox) : standing;
}

/**
 * What this page remembers of its outbox: all there is time for when it closes.
 * @param {Outbox | null} outbox
 * @returns {Standing}
 */
export function remembered(outbox) {
  const waiting = outbox?.waiting() ?? [];
  return {
    device: outbox?.device ?? "",
    sequence: outbox?.sequence ?? 0,
    waiting: waiting.length,
    since: waiting[0]?.added_at ?? null,
    held: waiting.slice(-HELD_TOLD_MAX),
  };
}

/**
 * What is on the screen now; null while that is being computed.
 * @param {{encounter: string, screen: import("./screen.js").Screen, faithful: boolean}} witness
 * @param {boolean} leaving
 * @returns {Page | null}
 */
export function screenOf({ encounter, screen, faithful }, leaving) {
  const unsavedSince = screen.endangered()?.since ?? null;
  return screen.shown
    ? { encounter, shown: screen.shown, unsavedSince, leaving, faithful }
    : null;
}

/**
 * The report itself.
 * @param {Page} page
 * @param {Standing} standing
 */
export function reportOf({ encounter, shown, unsavedSince, leaving, faithful }, standing) {
  const { device, sequence, waiting, since, held } = standing;
  return {
    device,
    encounter,
    shown,
    sequence,
    waiting,
    oldest_ms: since === null ? null : age(since),
    unsaved_ms: unsavedSince === null ? null : age(unsavedSince),
    leaving,
    faithful,
    held: held.map(({ entry }) => told(entry)),
  };
}

/**
 * What is said of an entry that waits: where it belongs, and nothing of what was typed.
 * @param {import("./outbox-store.js").Entry} entry
 */
function told({ sequence, kind, patient, encounter, typed_at, content }) {
  const texts = /** @type {Record<string, string>} */ (content?.sections ?? {});
  const sections = Object.keys(texts).filter((name) => texts[name]);
  return { sequence, kind, patient, encounter, typed_at, sections };
}

/** @param {number} since */
function age(since) {
  return Math.max(0, Date.now() - since);
}
