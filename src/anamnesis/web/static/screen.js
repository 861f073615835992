// @ts-check
/**
 * What is on the screen: the values of the note's fields themselves, whoever put them there, with
 * their digest.
 */
import { digestOf } from "./canonical.js";

/** @typedef {Record<string, string>} Sections */
/**
 * @typedef {object} Snapshot
 * @property {Sections} sections
 * @property {string | null} digest "" where the text has no canonical form; null while it is computed
 * @property {number} at
 * @property {boolean} person whether the change came from a person's hand
 * @property {boolean} displaced whether a script took something of it away: no later text has it
 */

/** A change without an event (made by a script), in a field nobody is in, is seen within this time. */
export const LOOK_MS = 100;
/** More unsaved snapshots than this are thinned: the first and the newest stay. */
export const SNAPSHOTS_MAX = 200;

export class Screen {
  /**
   * @param {ParentNode} root
   * @param {() => void} onChange called at each change, and when its digest is known
   */
  constructor(root, onChange) {
    this.root = root;
    /** @type {HTMLTextAreaElement[]} */
    this.fields = Array.from(root.querySelectorAll("textarea[data-section]"));
    this.onChange = onChange;
    /**
     * What the page brought: a person may already have typed by the time a script runs.
     * @type {Sections}
     */
    this.sections = Object.fromEntries(
      this.fields.map((field) => [field.dataset.section ?? "", field.defaultValue]),
    );
    /**
     * The digest of what is on the screen now; null while it is being computed.
     * @type {string | null}
     */
    this.shown = null;
    /**
     * Changes that no entry holds yet, oldest first.
     * @type {Snapshot[]}
     */
    this.unsaved = [];
    /** The last text that is kept elsewhere, as far as is known. */
    this.kept = this.sections;
    this.follows = false;
    /**
     * Digests of texts that were on this screen.
     * @type {Map<string, Sections>}
     */
    this.seen = new Map();
  }

  /**
   * Starts watching; the digest of what the page brought.
   * @returns {Promise<string>}
   */
  async start() {
    // On the window, and before anything is waited for: nobody can stop an event before it is here.
    window.addEventListener("input", (event) => this.look(event.isTrusted), true);
    const brought = await this.digest(this.sections, false, Date.now());
    setInterval(() => {
      this.look(false);
      this.#followFrames();
    }, LOOK_MS);
    this.look(true);
    return brought;
  }

  /** @returns {Sections} */
  read() {
    return Object.fromEntries(
      this.fields.map((field) => [field.dataset.section ?? "", field.value]),
    );
  }

  /**
   * Compares the fields with what was last seen.
   * @param {boolean} person
   */
  look(person) {
    const changed = this.fields.filter(
      (field) => field.value !== this.sections[field.dataset.section ?? ""],
    );
    if (changed.length === 0) return;
    this.sections = this.read();
    this.shown = null;
    void this.digest(this.sections, person || isByHand(changed), Date.now());
    this.onChange();
  }

  /** While somebody is in a field, looks before each frame is painted: events can be kept back. */
  #followFrames() {
    if (this.follows || !this.#isEntered()) return;
    this.follows = true;
    const frame = () => {
      this.follows = this.#isEntered();
      if (this.follows) requestAnimationFrame(frame);
      this.look(false);
    };
    requestAnimationFrame(frame);
  }

  #isEntered() {
    return this.fields.some((field) => field === document.activeElement);
  }

  /**
   * @param {Sections} sections
   * @param {boolean} person
   * @param {number} at
   * @returns {Promise<string>}
   */
  async digest(sections, person, at) {
    /** @type {Snapshot} */
    const snapshot = { sections, digest: null, at, person, displaced: false };
    const typed = this.unsaved.findLast((one) => one.person);
    if (typed && !person) typed.displaced ||= takesAway(this.kept, typed.sections, sections);
    this.unsaved.push(snapshot);
    if (this.unsaved.length > SNAPSHOTS_MAX) this.#thin();
    const digest = await digestOf({ sections }).catch(() => "");
    snapshot.digest = digest;
    this.seen.set(digest, sections);
    this.#forgetSome(this.seen);
    if (sections === this.sections) this.shown = digest;
    this.onChange();
    return digest;
  }

  /**
   * The text with this digest is kept elsewhere: it and what was typed before it is no longer
   * unsaved, but for what a script took away meanwhile.
   * @param {string | null} digest
   */
  settle(digest) {
    if (digest === null) return;
    const place = this.unsaved.findLastIndex((snapshot) => snapshot.digest === digest);
    if (place === -1) return;
    this.kept = this.unsaved[place]?.sections ?? this.kept;
    this.unsaved = this.unsaved.filter(
      (one, index) => index > place || (one.displaced && one.digest !== digest),
    );
  }

  /**
   * The text from a person's hand that nothing holds, and since when there is such a text: one that
   * a script took away, or else the newest.
   * @returns {{snapshot: Snapshot, since: number} | null}
   */
  endangered() {
    const typed = this.unsaved.filter((snapshot) => snapshot.person);
    const snapshot = typed.find((one) => one.displaced) ?? typed.at(-1);
    return snapshot ? { snapshot, since: typed[0]?.at ?? snapshot.at } : null;
  }

  /** The first, the newest, and what a script took away stay. */
  #thin() {
    this.unsaved = this.unsaved.filter(
      (one, index, all) => index === 0 || index > all.length / 2 || one.displaced,
    );
  }

  /** @param {Map<string, Sections>} seen */
  #forgetSome(seen) {
    if (seen.size > SNAPSHOTS_MAX) seen.delete(/** @type {string} */ (seen.keys().next().value));
  }
}

/**
 * Whether somebody is at work in one of these fields, though no event told of it: a script may have
 * kept it to itself, and a text that might be typed is kept like one. An emptied field is no text.
 * @param {HTMLTextAreaElement[]} changed
 */
function isByHand(changed) {
  const written = changed.find((field) => field === document.activeElement && field.value !== "");
  return written !== undefined && (navigator.userActivation?.isActive ?? true);
}

/**
 * Whether a text that came after a person's no longer has all that they typed since the last kept
 * one.
 * @param {Sections} kept
 * @param {Sections} typed
 * @param {Sections} after
 */
export function takesAway(kept, typed, after) {
  return Object.entries(typed).some(
    ([section, text]) => text !== kept[section] && !after[section]?.includes(text),
  );
}
