// @ts-check
/**
 * A document's form: what is typed in it goes to the outbox soon and often, as a note's text does,
 * and the badge says where it is.
 */
import { digestOf } from "./canonical.js";
import { isTouched, read, show, textOf } from "./document-content.js";
import { Lines } from "./document-lines.js";
import { Standing } from "./document-standing.js";
import { paintState } from "./document-state.js";
import { note as page, pageOutbox, say, started } from "./encounter-page.js";
import { words } from "./words.js";

/** @typedef {import("./document-content.js").Written} Written */
/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Notice} Notice */
/** @typedef {import("./outbox-store.js").Row} Row */

/** A save starts so long after the last keystroke, and at least every SAVE_TYPING_MS. */
export const SAVE_IDLE_MS = 300;
export const SAVE_TYPING_MS = 2000;
/** What is being typed goes to the disk at least so often, between two saves. */
export const DRAFT_MS = 300;
/** After the device could not keep the text, how soon to try again. */
export const TRY_AGAIN_MS = 2000;
/** A change without an event (made by a script) is seen, and the state painted, so often. */
const LOOK_MS = 200;
/** The receipt of the text on the form is asked for again so often. */
const CONFIRM_MS = 15_000;

export class DocumentForm {
  /**
   * @param {HTMLElement} root
   * @param {HTMLFormElement} form
   * @param {Outbox} outbox
   */
  constructor(root, form, outbox) {
    this.root = root;
    this.form = form;
    this.outbox = outbox;
    const { document: id = "", patient = "", encounter = "" } = root.dataset;
    this.id = id;
    this.patient = patient;
    this.encounter = encounter || null;
    /** @type {Written} */
    this.brought = JSON.parse(root.querySelector("[data-content]")?.textContent ?? "{}");
    this.lines = new Lines(form, () => this.changed());
    this.standing = new Standing(outbox, root.dataset);
    /** What the newest entry, or the page as it came, says. */
    this.base = textOf(isTouched(form) ? this.brought : this.read());
    this.text = textOf(this.read());
    /** @type {string | null} */
    this.shown = null;
    this.changes = 0;
    this.failed = false;
    /** @type {number | null} */
    this.unsavedSince = null;
    this.draftedAt = 0;
    /** @type {Promise<void> | null} */
    this.saving = null;
    /** @type {Record<string, ReturnType<typeof setTimeout> | undefined>} */
    this.timers = {};
  }

  async start() {
    await this.#resume();
    this.outbox.subscribe((notice) => this.#hear(notice));
    this.form.addEventListener("input", () => this.changed());
    document.addEventListener("anamnesis:document-passed-over", () => {
      say("editor", words("document-passed-over"));
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey)
        return;
      event.preventDefault();
      void this.save().then(() => this.outbox.flush());
    });
    window.addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#leave();
      else void this.#confirm();
    });
    window.addEventListener("beforeunload", (event) => {
      this.#leave();
      if (this.failed && this.isUnsaved()) event.preventDefault(); // closing would lose something
    });
    await this.#digest();
    setInterval(() => this.look(), LOOK_MS);
    setInterval(() => void this.#confirm(), CONFIRM_MS);
    // A template that was chosen is a text that somebody wants, before anything is typed.
    if (this.root.dataset.template === "yes" && !this.standing.last) this.base = "";
    if (this.isUnsaved()) this.changed();
    this.root.dataset.editor = "ready";
    await this.#confirm();
  }

  /** @returns {Written} */
  read() {
    return read(this.form, this.brought);
  }

  isUnsaved() {
    return this.text !== this.base;
  }

  /** Something on the form changed: save it soon. */
  changed() {
    const text = textOf(this.read());
    if (text !== this.text) {
      this.text = text;
      this.shown = null;
      void this.#digest();
    }
    if (!this.isUnsaved()) return this.#withdraw();
    const now = Date.now();
    this.changes += 1;
    this.unsavedSince ??= now;
    if (now - this.draftedAt >= DRAFT_MS) this.#draft();
    else this.timers.draft ??= setTimeout(() => this.#draft(), DRAFT_MS);
    clearTimeout(this.timers.save);
    const wait = Math.min(SAVE_IDLE_MS, this.unsavedSince + SAVE_TYPING_MS - now);
    this.timers.save = setTimeout(() => void this.save(), Math.max(0, wait));
    this.look();
  }

  async #digest() {
    const { text } = this;
    const digest = await digestOf(this.read()).catch(() => "");
    if (text === this.text) this.shown = digest;
    this.look();
  }

  #draft() {
    clearTimeout(this.timers.draft);
    this.timers.draft = undefined;
    if (!this.isUnsaved()) return;
    this.draftedAt = Date.now();
    this.outbox.draft({ ...this.#deed(), base: null, typed_at: new Date().toISOString() });
  }

  /** What was typed since the last entry was taken back again: its draft must not come back. */
  #withdraw() {
    clearTimeout(this.timers.save);
    clearTimeout(this.timers.draft);
    this.timers.draft = undefined;
    this.unsavedSince = null;
    if (this.draftedAt > 0) void this.outbox.withdraw(this.id);
    this.draftedAt = 0;
    this.look();
  }

  #deed() {
    const { patient, encounter, changes: count } = this;
    return { kind: "document.write", patient, encounter, count, content: this.read() };
  }

  #leave() {
    if (textOf(this.read()) !== this.text) this.changed();
    this.#draft();
    void this.save();
  }

  /**
   * Puts the form's text into the outbox; resolves when it is there, or when it could not be kept.
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
    const deed = this.#deed();
    const text = textOf(deed.content);
    const since = Date.now();
    try {
      if (this.encounter) await started(this.outbox);
      this.standing.learn(await this.outbox.add(deed));
      this.base = text;
      this.failed = false;
      this.unsavedSince = textOf(this.read()) === text ? null : since;
    } catch {
      this.failed = true; // the outbox said why, the badge says it in red
      this.unsavedSince ??= since;
      this.timers.save = setTimeout(() => void this.save(), TRY_AGAIN_MS);
    }
    this.look();
  }

  /** What this device wrote and the page that came does not show yet is put back on the form. */
  async #resume() {
    const text = await this.outbox.text(this.id).catch(() => null);
    if (!text || textOf(this.read()) !== this.base) return;
    const { digest, version } = { version: 0, ...text };
    // Recorded, and the page may have been made just before it was.
    const isRecorded = text.state === "recorded";
    if (isRecorded && (version ?? 0) <= (this.standing.current?.version ?? 0)) return;
    this.standing.entry = text.entry;
    if (isRecorded) this.standing.learnCurrent({ digest, version: version ?? 0 });
    const content = /** @type {Written} */ (text.content);
    if (textOf(content) === this.base) return;
    this.show(content);
    say("editor", words("editor-resumed"));
  }

  /** @param {Written} content a text that an entry has, shown as it is */
  show(content) {
    show(this.form, content, () => this.lines.make());
    this.lines.name();
    this.text = textOf(this.read());
    this.base = this.text;
    this.shown = null;
    void this.#digest();
  }

  /** @param {Notice} notice */
  #hear(notice) {
    const { standing, outbox } = this;
    if (notice.type === "trouble") this.#trouble(notice.code);
    if (notice.type === "row" && standing.isMine(notice.row)) {
      const { row } = notice;
      const isNew = row.order > (standing.last?.order ?? 0);
      if (isNew && row.tab !== outbox.tab && !this.isUnsaved() && !this.saving) {
        this.show(/** @type {Written} */ (row.entry.content));
        say("editor", words("document-other-tab"));
      }
    }
    standing.hear(notice);
    this.look();
  }

  /** @param {string} code what the outbox cannot do */
  #trouble(code) {
    document.querySelector("[data-announce='outbox']")?.setAttribute("data-code", code);
    say("outbox", words(`trouble-${code}`));
  }

  async #confirm() {
    if (document.visibilityState === "visible") await this.standing.confirm();
    this.look();
  }

  /** Looks at the form itself, then says what is true of it at this moment. */
  look() {
    if (textOf(this.read()) !== this.text) return this.changed();
    const verdict = this.standing.verdict(this.shown, this.isUnsaved(), this.unsavedSince);
    paintState(verdict);
    const { version = null } = this.standing.readBack ?? {};
    const detail = { ...verdict, shown: this.shown, version, text: this.text };
    document.dispatchEvent(new CustomEvent("anamnesis:document-state", { detail }));
  }
}

const form = document.getElementById("document-form");
/** The form of this page, once it runs; null where there is nothing to type in. */
export const documentForm =
  page?.dataset.withdrawn === "no" && form instanceof HTMLFormElement
    ? new DocumentForm(page, form, await pageOutbox())
    : null;
await documentForm?.start();
