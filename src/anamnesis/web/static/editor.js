// @ts-check
/**
 * The editor: puts what is typed into the outbox soon and often, and brings in what others wrote where it is safe.
 *
 * Each text is saved with its base: the text this screen had when the change began. The record merges from there, so a
 * stale screen can add to a note and never overwrite it.
 */
import { digestOf } from "./canonical.js";
import { note as page, pageOutbox, say, started } from "./encounter-page.js";
import { keeper } from "./keeper-client.js";
import { NOTE_TEXT_KINDS } from "./outbox-store.js";
import { words } from "./words.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Notice} Notice */
/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {Record<string, string>} Sections */
/** @typedef {{digest: string | null, sections: Sections}} Text */
/** @typedef {{encounter: string, status: string, version: number, digest: string, sections: Sections,
 *   divergences: any[]}} Note */

/** A save starts so long after the last keystroke, and at least every SAVE_TYPING_MS while somebody types. */
export const SAVE_IDLE_MS = 300;
export const SAVE_TYPING_MS = 2000;
/** What is being typed goes to the disk at least so often, between two saves. */
export const DRAFT_MS = 300;
/** After the device could not keep the text, how soon to try again. */
export const TRY_AGAIN_MS = 2000;
const ADOPT_SOON_MS = 150;

export class Editor {
  /** @param {HTMLElement} note @param {Outbox} outbox */
  constructor(note, outbox) {
    this.note = note;
    this.outbox = outbox;
    this.encounter = note.dataset.encounter ?? "";
    this.patient = note.dataset.patient ?? "";
    this.kind = note.dataset.status === "draft" ? "note.write" : "note.amend";
    this.fields = Array.from(note.querySelectorAll("textarea"));
    /** @type {Text} */
    this.base = { digest: null, sections: this.#values((field) => field.defaultValue) };
    this.changes = 0;
    this.lastOrder = 0;
    this.faithful = true;
    this.failed = false;
    this.lastAuthor = "";
    /** @type {number | null} */
    this.unsavedSince = null;
    this.draftedAt = 0;
    /** @type {Promise<void> | null} */
    this.saving = null;
    /** @type {Record<string, ReturnType<typeof setTimeout> | undefined>} */
    this.timers = {};
  }

  /** @returns {Promise<void>} */
  async start() {
    const shown = await digestOf({ sections: this.base.sections });
    this.faithful = shown === this.note.dataset.digest;
    const isNew = Number(this.note.dataset.version) === 0 && Object.values(this.base.sections).every((s) => s === "");
    this.base.digest = isNew ? null : shown;
    await this.#resume();
    this.note.addEventListener("input", () => this.changed());
    this.outbox.subscribe((notice) => this.#hear(notice));
    document.addEventListener("anamnesis:record", (event) => (
      this.#recordMoved(/** @type {CustomEvent} */ (event).detail.digest)));
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      void this.save().then(() => this.outbox.flush());
    });
    document.addEventListener("anamnesis:amend", () => this.amend());
    document.addEventListener("anamnesis:save", () => void this.save());
    window.addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#leave());
    window.addEventListener("beforeunload", (event) => {
      this.#leave();
      if (this.failed && this.isUnsaved()) event.preventDefault(); // only then would closing lose something
    });
    this.fields.forEach(grow);
    if (this.isUnsaved()) this.changed(); // typed before this script was there
  }

  /** @param {(field: HTMLTextAreaElement) => string} value @returns {Sections} */
  #values(value) {
    return Object.fromEntries(this.fields.map((field) => [field.name, value(field)]));
  }

  /** @returns {Sections} */
  read() {
    return this.#values((field) => field.value);
  }

  isUnsaved() {
    return this.fields.some((field) => field.value !== this.base.sections[field.name]);
  }

  /** The text on the screen changed: save it soon. */
  changed() {
    const now = Date.now();
    this.changes += 1;
    this.fields.forEach(grow);
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
    if (!this.isUnsaved()) return;
    this.draftedAt = Date.now();
    const { encounter, patient, kind, changes: count } = this;
    this.outbox.draft({ encounter, patient, kind, count, base: this.base.digest, content: { sections: this.read() },
      typed_at: new Date().toISOString() });
  }

  #leave() {
    this.#draft();
    void this.save();
  }

  /** Puts the text on the screen into the outbox; resolves when it is there, or when it could not be kept.
   * @returns {Promise<void>} */
  async save() {
    while (this.saving) await this.saving;
    if (!this.isUnsaved()) return;
    clearTimeout(this.timers.save);
    this.saving = this.#keep().finally(() => { this.saving = null; });
    await this.saving;
  }

  async #keep() {
    const sections = this.read();
    const { kind, patient, encounter, changes: count } = this;
    this.unsavedSince = null;
    try {
      await started(this.outbox);
      const row = await this.outbox.add({ kind, patient, encounter, count, base: this.base.digest,
        content: { sections } });
      this.base = { digest: row.entry.digest || this.base.digest, sections };
      this.lastOrder = row.order;
      this.faithful = true; // from here on the base is a text of ours
      this.failed = false;
    } catch {
      this.failed = true; // the outbox said why, the witness says it in red
      this.unsavedSince ??= Date.now();
      this.timers.save = setTimeout(() => void this.save(), TRY_AGAIN_MS);
    }
  }

  /** What this device wrote and the page that came does not show yet is put back into the fields. */
  async #resume() {
    const text = await this.outbox.text(this.encounter).catch(() => null);
    if (!text || text.state === "recorded" || text.state === "outstanding" || this.isUnsaved()) return;
    const sections = /** @type {Sections} */ (text.content.sections);
    const same = this.fields.every((field) => field.value === sections[field.name]);
    this.base = { digest: text.digest || text.base, sections };
    this.faithful = true;
    this.lastOrder = this.outbox.of(this.encounter).at(-1)?.order ?? 0;
    if (same) return;
    this.#show(sections);
    say("editor", words("editor-resumed"));
  }

  /** @param {Notice} notice */
  #hear(notice) {
    if (notice.type === "event" && notice.data.encounter === this.encounter) {
      if (notice.name === "note") this.lastAuthor = notice.data.author;
      if (notice.name === "divergence" || notice.name === "note") this.#adoptSoon();
    }
    if (notice.type !== "row" || notice.row.entry.encounter !== this.encounter) return;
    if (!NOTE_TEXT_KINDS.has(notice.row.entry.kind)) return;
    if (notice.row.state === "recorded" && notice.digest) this.#recordMoved(notice.digest);
    if (notice.row.state === "held" && notice.row.tab !== this.outbox.tab) this.#follow(notice.row);
  }

  /** Another tab of this browser wrote in this encounter: show it, unless something is unsaved here. @param {Row} row */
  #follow(row) {
    if (this.isUnsaved() || this.saving || row.order <= this.lastOrder || row.entry.digest === "") return;
    const sections = /** @type {Sections} */ (row.entry.content.sections);
    this.lastOrder = row.order;
    this.base = { digest: row.entry.digest, sections };
    this.#show(sections);
  }

  /** @param {string} digest */
  #recordMoved(digest) {
    if (digest !== this.base.digest && this.faithful) this.#adoptSoon();
  }

  #adoptSoon() {
    clearTimeout(this.timers.adopt);
    this.timers.adopt = setTimeout(() => void this.#adopt(), ADOPT_SOON_MS);
  }

  #hasOnItsWay() {
    return this.outbox.of(this.encounter).some((row) => (
      NOTE_TEXT_KINDS.has(row.entry.kind) && (row.state === "held" || row.state === "journaled")));
  }

  /** Brings what the record has into the fields: where nothing of ours is on its way, and nobody is changing it here. */
  async #adopt() {
    const { status, body } = await keeper.note(this.encounter);
    if (status !== 200) return;
    const note = /** @type {Note} */ (body);
    document.dispatchEvent(new CustomEvent("anamnesis:note", { detail: note }));
    // While something of ours is on its way the record is about to move again, and will be heard of.
    if (this.saving || this.#hasOnItsWay() || note.digest === this.base.digest || !this.faithful) return;
    const { sections } = this.base;
    const changedHere = this.fields.filter((field) => field.value !== sections[field.name]);
    if (changedHere.some((field) => note.sections[field.name] !== sections[field.name])) {
      // Both changed it. From our older base the record keeps both; from the newer one ours would replace theirs.
      return this.save();
    }
    const taken = this.fields.filter((field) => !changedHere.includes(field)
      && field.value !== note.sections[field.name]);
    this.base = { digest: note.digest, sections: note.sections };
    this.#show(Object.fromEntries(taken.map((field) => [field.name, note.sections[field.name] ?? ""])));
    if (taken.length > 0) this.#announceOther(taken.map((field) => field.name));
  }

  /** @param {Sections} sections */
  #show(sections) {
    for (const field of this.fields) {
      const text = sections[field.name];
      if (text === undefined || field.value === text) continue;
      const { selectionStart, selectionEnd } = field;
      field.value = text;
      if (document.activeElement === field) field.setSelectionRange(selectionStart, selectionEnd);
      grow(field);
    }
  }

  /** @param {string[]} sections */
  #announceOther(sections) {
    const names = JSON.parse(document.getElementById("practitioners")?.textContent || "{}");
    const name = names[this.lastAuthor] ?? words("editor-somebody");
    const list = sections.map((section) => words(`section-name-${section}`)).join(", ");
    say("editor", words("editor-changed-by", { sections: list, name }));
  }

  /** Opens a signed note to an amendment. */
  amend() {
    this.kind = "note.amend";
    for (const field of this.fields) field.readOnly = false;
    this.fields[0]?.focus();
  }
}

/** @param {HTMLTextAreaElement} field */
function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

if (page) {
  const editor = new Editor(page, await pageOutbox());
  await editor.start();
}
