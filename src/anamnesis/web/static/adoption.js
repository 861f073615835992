// @ts-check
/**
 * Brings into the fields what others wrote: where nothing of ours is on its way, nobody is changing
 * the same section here, and the record has really moved on to a newer version.
 */
import { say } from "./encounter-page.js";
import { broughtIn } from "./fields.js";
import { keeper } from "./keeper-client.js";
import { NOTE_TEXT_KINDS } from "./last-texts.js";
import { words } from "./words.js";

/** @typedef {import("./editor.js").Editor} Editor */
/** @typedef {import("./fields.js").Sections} Sections */
/** @typedef {import("./outbox.js").Notice} Notice */
/** @typedef {import("./outbox-store.js").Row} Row */
/**
 * @typedef {{status: string, version: number, digest: string, sections: Sections, divergences:
 *   any[]}} Note
 */

const ADOPT_SOON_MS = 150;

export class Adoption {
  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    this.outbox = editor.outbox;
    this.encounter = editor.encounter;
    /** The version that the base of this screen is known to be, or to be part of. */
    this.version = Number(editor.note.dataset.version);
    this.lastAuthor = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Starts listening. */
  start() {
    this.outbox.subscribe((notice) => this.#hear(notice));
    document.addEventListener("anamnesis:record", (event) => {
      const { digest, version } = /** @type {CustomEvent} */ (event).detail;
      this.#recordMoved(digest, version);
    });
  }

  /** @param {Notice} notice */
  #hear(notice) {
    if (notice.type === "event" && notice.data.encounter === this.encounter) {
      const { digest, version, device, author } = notice.data;
      if (notice.name === "divergence") this.#soon();
      if (notice.name !== "note") return;
      if (device !== this.outbox.device) this.lastAuthor = author;
      this.#recordMoved(digest, version);
    } else if (notice.type === "row" && notice.row.entry.encounter === this.encounter) {
      if (NOTE_TEXT_KINDS.has(notice.row.entry.kind)) this.#hearOfText(notice);
    }
  }

  /** @param {Extract<Notice, {type: "row"}>} notice */
  #hearOfText({ row, digest, version }) {
    if (row.state === "recorded" && digest && version) {
      const isOurs = digest === row.entry.digest && digest === this.editor.base.digest;
      if (isOurs) this.version = Math.max(this.version, version);
      else this.#recordMoved(digest, version);
    }
    if (row.state === "held" && row.tab !== this.outbox.tab) this.#follow(row);
  }

  /**
   * Another tab of this browser wrote in this encounter: show it, unless something is unsaved here.
   * @param {Row} row
   */
  #follow(row) {
    const { editor } = this;
    const isOlder = row.order <= editor.lastOrder || row.entry.digest === "";
    if (editor.isUnsaved() || editor.saving || isOlder) return;
    const sections = /** @type {Sections} */ (row.entry.content.sections);
    editor.lastOrder = row.order;
    editor.base = { digest: row.entry.digest, sections };
    editor.fields.show(sections);
  }

  /**
   * @param {string} digest
   * @param {number} version
   */
  #recordMoved(digest, version) {
    const { base, faithful } = this.editor;
    if (digest === base.digest) this.version = Math.max(this.version, version);
    else if (faithful && version > this.version) this.#soon();
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#adopt(), ADOPT_SOON_MS);
  }

  /** Whether a text of ours is not in the record yet: then the record is about to move again. */
  #hasOnItsWay() {
    const { saving, lastOrder } = this.editor;
    const pending = this.outbox.of(this.encounter).filter((row) => {
      const isMoving = row.state === "held" || row.state === "journaled";
      return NOTE_TEXT_KINDS.has(row.entry.kind) && (isMoving || row.order >= lastOrder);
    });
    return saving !== null || pending.length > 0;
  }

  async #adopt() {
    const { editor } = this;
    const { base } = editor;
    const wasOnItsWay = this.#hasOnItsWay();
    const { status, body } = await keeper.note(this.encounter);
    if (status !== 200) return;
    const note = /** @type {Note} */ (body);
    document.dispatchEvent(new CustomEvent("anamnesis:note", { detail: note }));
    if (wasOnItsWay || this.#hasOnItsWay() || !editor.faithful) return;
    // What was read before our last text was recorded is an older text than the one on the screen.
    if (editor.base !== base) return this.#soon();
    // The same version with another text is no writing of anybody's: the witness says so.
    if (note.digest === base.digest || note.version <= this.version) return;
    const taken = broughtIn(base.sections, editor.fields.read(), note.sections);
    // Both changed a section: from our older base the record keeps both texts. Taking theirs as the
    // base now would say that ours was meant to replace it.
    if (taken === null) return editor.save();
    editor.base = { digest: note.digest, sections: note.sections };
    this.version = note.version;
    editor.fields.show(taken);
    if (Object.keys(taken).length > 0) this.#announce(Object.keys(taken));
  }

  /** @param {string[]} sections */
  #announce(sections) {
    const names = JSON.parse(document.getElementById("practitioners")?.textContent || "{}");
    const name = names[this.lastAuthor] ?? words("editor-somebody");
    const list = sections.map((section) => words(`section-name-${section}`)).join(", ");
    say("editor", words("editor-changed-by", { sections: list, name }));
  }
}
