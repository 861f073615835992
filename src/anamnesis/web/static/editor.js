// @ts-check
/**
 * The editor: puts what is typed into the outbox soon and often, and brings in what others wrote
 * where it is safe.
 *
 * Each text is saved with its base: the text this screen had when the change began. The record
 * merges from there, so a stale screen can add to a note and never overwrite it.
 */
import { Adoption } from "./adoption.js";
import { digestOf } from "./canonical.js";
import { note as page, pageOutbox, say, started } from "./encounter-page.js";
import { Fields } from "./fields.js";
import { words } from "./words.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {Record<string, string>} Sections */
/** @typedef {{digest: string | null, sections: Sections}} Text */
/**
 * A save starts so long after the last keystroke, and at least every SAVE_TYPING_MS while somebody
 * types.
 */
export const SAVE_IDLE_MS = 300;
export const SAVE_TYPING_MS = 2000;
/** What is being typed goes to the disk at least so often, between two saves. */
export const DRAFT_MS = 300;
/** After the device could not keep the text, how soon to try again. */
export const TRY_AGAIN_MS = 2000;

export class Editor {
  /**
   * @param {HTMLElement} note
   * @param {Outbox} outbox
   */
  constructor(note, outbox) {
    this.note = note;
    this.outbox = outbox;
    this.encounter = note.dataset.encounter ?? "";
    this.patient = note.dataset.patient ?? "";
    /** A text for a signed note that nobody meant as an amendment is kept beside it. */
    this.kind = "note.write";
    this.fields = new Fields(note);
    /** @type {Text} */
    this.base = { digest: null, sections: this.fields.brought() };
    this.changes = 0;
    this.lastOrder = 0;
    this.faithful = true;
    this.failed = false;
    /** @type {number | null} */
    this.unsavedSince = null;
    this.draftedAt = 0;
    this.keptAt = 0;
    /** @type {Promise<void> | null} */
    this.saving = null;
    /** @type {Record<string, ReturnType<typeof setTimeout> | undefined>} */
    this.timers = {};
    this.adoption = new Adoption(this);
  }

  /** @returns {Promise<void>} */
  async start() {
    const shown = await digestOf({ sections: this.base.sections });
    this.faithful = shown === this.note.dataset.digest;
    const isNew =
      Number(this.note.dataset.version) === 0 &&
      Object.values(this.base.sections).every((s) => s === "");
    this.base.digest = isNew ? null : shown;
    await this.#resume();
    this.note.addEventListener("input", () => this.changed());
    this.adoption.start();
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey)
        return;
      event.preventDefault();
      void this.save().then(() => this.outbox.flush());
    });
    document.addEventListener("anamnesis:amend", () => this.amend());
    document.addEventListener(
      "anamnesis:put",
      (event) => void this.put(/** @type {CustomEvent} */ (event).detail),
    );
    document.addEventListener("anamnesis:save", () => void this.save());
    window.addEventListener("pagehide", () => this.#leave());
    document.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "hidden" && this.#leave(),
    );
    window.addEventListener("beforeunload", (event) => {
      this.#leave();
      // Only then would closing lose something.
      if (this.failed && this.isUnsaved()) event.preventDefault();
    });
    this.fields.grow();
    if (this.isUnsaved()) this.changed(); // typed before this script was there
    this.note.dataset.editor = "ready";
  }

  isUnsaved() {
    return this.fields.differFrom(this.base.sections);
  }

  /** The text on the screen changed: save it soon. */
  changed() {
    const now = Date.now();
    this.changes += 1;
    this.fields.grow();
    this.unsavedSince ??= now;
    if (now - this.draftedAt >= DRAFT_MS) this.#draft();
    else this.timers.draft ??= setTimeout(() => this.#draft(), DRAFT_MS);
    clearTimeout(this.timers.save);
    const wait = Math.min(SAVE_IDLE_MS, this.unsavedSince + SAVE_TYPING_MS - now);
    this.timers.save = setTimeout(() => void this.save(), Math.max(0, wait));
  }

  #draft() {
    clearTimeout(this.timers.draft);
    this.timers.draft = undefined;
    const { encounter, patient, kind, changes: count } = this;
    if (!this.isUnsaved()) return this.#withdraw();
    this.draftedAt = Date.now();
    this.outbox.draft({
      encounter,
      patient,
      kind,
      count,
      base: this.base.digest,
      content: { sections: this.fields.read() },
      typed_at: new Date().toISOString(),
    });
  }

  /** What was typed since the last entry was taken back again: its draft must not come back. */
  #withdraw() {
    this.unsavedSince = null;
    if (this.draftedAt > this.keptAt) void this.outbox.withdraw(this.encounter);
    this.draftedAt = 0;
  }

  #leave() {
    this.#draft();
    void this.save();
  }

  /**
   * Puts the text on the screen into the outbox; resolves when it is there, or when it could not be
   * kept.
   * @returns {Promise<void>}
   */
  async save() {
    while (this.saving) await this.saving;
    if (!this.isUnsaved()) return;
    clearTimeout(this.timers.save);
    this.saving = this.#keep().finally(() => {
      this.saving = null;
    });
    await this.saving;
  }

  async #keep() {
    const sections = this.fields.read();
    const { kind, patient, encounter, changes: count } = this;
    this.unsavedSince = null;
    try {
      await started(this.outbox);
      const row = await this.outbox.add({
        kind,
        patient,
        encounter,
        count,
        base: this.base.digest,
        content: { sections },
      });
      this.base = { digest: row.entry.digest || this.base.digest, sections };
      this.lastOrder = row.order;
      this.keptAt = row.added_at;
      this.faithful = true; // from here on the base is a text of ours
      this.failed = false;
    } catch {
      this.failed = true; // the outbox said why, the witness says it in red
      this.unsavedSince ??= Date.now();
      this.timers.save = setTimeout(() => void this.save(), TRY_AGAIN_MS);
    }
  }

  /**
   * What this device wrote and the page that came does not show yet is put back into the fields.
   */
  async #resume() {
    const text = await this.outbox.text(this.encounter).catch(() => null);
    if (!text || text.state === "outstanding" || this.isUnsaved()) return;
    // A page made from the journal has every text that is in it, and may have a later one.
    const holds = (this.note.dataset.holds ?? "").split(" ");
    if (text.state !== "held" && holds.includes(text.digest)) return;
    // Recorded, and the page may have been made just before it was.
    const isInPage = (text.version ?? 0) <= Number(this.note.dataset.version);
    if (text.state === "recorded" && isInPage) return;
    const sections = /** @type {Sections} */ (text.content.sections);
    const isShown = !this.fields.differFrom(sections);
    this.base = { digest: text.digest || text.base, sections };
    this.faithful = true;
    this.lastOrder = this.outbox.of(this.encounter).at(-1)?.order ?? 0;
    if (isShown) return;
    this.fields.show(sections);
    say("editor", words("editor-resumed"));
  }

  /**
   * Puts a text that was chosen into a field, as if it had been typed; in a signed note that is an
   * amendment.
   * @param {{section: string, text: string, done: () => void}} chosen
   */
  async put({ section, text, done }) {
    await this.save();
    if (this.note.dataset.status !== "draft") this.kind = "note.amend";
    this.fields.show({ [section]: text });
    this.changed();
    await this.save();
    if (!this.isUnsaved()) done();
  }

  /** Opens a signed note to an amendment. */
  amend() {
    this.kind = "note.amend";
    this.fields.unlock();
  }
}

if (page) {
  const editor = new Editor(page, await pageOutbox());
  await editor.start();
}
