// @ts-check
/**
 * The witness: compares what is on the screen with what is kept, says so, and keeps it itself when
 * nobody else does.
 *
 * Loaded before the editor and without it, it reads the fields, asks the keeper, trusts no feature.
 */
import { paintNote, paintSection } from "./badge.js";
import { digestOf } from "./canonical.js";
import { note as page, pageOutbox, started } from "./encounter-page.js";
import { judge, judgeSection } from "./judgement.js";
import { keeper } from "./keeper-client.js";
import { NOTE_TEXT_KINDS } from "./last-texts.js";
import { offerRecorded } from "./recorded-text.js";
import { remembered, reportOf, screenOf, standingOf } from "./report.js";
import { Screen } from "./screen.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Notice} Notice */
/** @typedef {import("./outbox-store.js").Row} Row */

export const REPORT_MS = 3000;
/** A change is reported when it has lasted so long; reports are never closer together than this. */
export const REPORT_SOON_MS = 500;
/** A text that nobody has put in the outbox for so long is put there by the witness. */
export const RESCUE_MS = 5000;
const PAINT_MS = 250;

export class Witness {
  /** @param {HTMLElement} note the element that names the encounter and holds the fields */
  constructor(note) {
    this.note = note;
    this.encounter = note.dataset.encounter ?? "";
    this.patient = note.dataset.patient ?? "";
    /** @type {Outbox | null} */
    this.outbox = null;
    /** The newest note text that this device put in its outbox. */
    this.last = /** @type {Row | null} */ (null);
    /** @type {{digest: string, version: number, at: number} | null} */
    this.record = null;
    /** The text that the next one starts from: as loaded, then each own entry or adopted text. */
    this.base = /** @type {string | null} */ (null);
    this.faithful = true;
    /** A text that the record shows, and the keeper says wrongly. */
    this.doubted = /** @type {string | null} */ (null);
    /** A text that the keeper says is in the journal, whoever's entry has it. */
    this.journaled = note.dataset.journaled || null;
    this.linked = false;
    this.reporting = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.soon = undefined;
    this.rescuing = false;
    /** @type {"open" | "needed" | "other"} */
    this.session = "open";
    /** @type {number | null} */
    this.differsSince = null;
    this.blank = "";
    this.screen = new Screen(note, () => {
      this.look();
      this.reportSoon();
    });
  }

  async start() {
    const loaded = await this.screen.start();
    this.blank = await digestOf({
      sections: Object.fromEntries(Object.keys(this.screen.sections).map((s) => [s, ""])),
    });
    // A page that shows another text than it declares is wrong, whatever the record holds.
    this.faithful = loaded === this.note.dataset.digest;
    this.screen.settle(loaded);
    this.base = Number(this.note.dataset.version) > 0 || loaded !== this.blank ? loaded : null;
    setInterval(() => this.look(), PAINT_MS);
    setInterval(() => void this.report(), REPORT_MS);
    document.addEventListener("visibilitychange", () =>
      document.visibilityState === "hidden" ? this.leave() : void this.report(),
    );
    window.addEventListener("online", () => void this.report());
    this.outbox = await pageOutbox();
    for (const row of this.outbox.of(this.encounter)) this.#learn(row);
    this.outbox.subscribe((notice) => this.hear(notice));
    await this.report();
  }

  /** @param {Notice} notice */
  hear(notice) {
    if (notice.type === "row") {
      if (notice.row.entry.encounter !== this.encounter) return;
      this.#learn(notice.row);
      if (typeof notice.digest === "string" && NOTE_TEXT_KINDS.has(notice.row.entry.kind)) {
        this.#hearOf(notice.digest, notice.version ?? 0, notice.at ?? 0);
      }
      if (notice.row.state === "recorded" && !this.linked) this.reportSoon();
    } else if (
      notice.type === "event" &&
      notice.name === "note" &&
      notice.data.encounter === this.encounter
    ) {
      this.#hearOf(notice.data.digest, notice.data.version, notice.at);
    } else if (
      notice.type === "event" &&
      notice.name === "outstanding" &&
      notice.data.encounter === this.encounter
    ) {
      // The record has an entry of this note wrongly, or not at all: until the keeper has read it
      // again, nothing is vouched for.
      this.doubted = this.record?.digest ?? null;
      void this.report();
    } else if (notice.type === "event" && notice.name === "application") {
      void this.report();
    } else if (notice.type === "session") {
      this.session = notice.state;
      if (notice.state === "open") void this.report();
    } else if (notice.type === "link" && !notice.open) {
      this.linked = false;
      this.look();
    }
    this.look();
  }

  /** @param {Row} row */
  #learn(row) {
    if (!NOTE_TEXT_KINDS.has(row.entry.kind)) return;
    if (this.last && row.entry.id !== this.last.entry.id && row.order < this.last.order) return;
    const isNew = this.last?.entry.id !== row.entry.id;
    this.last = row;
    // Faithful or not, the page's own last entry is what the record goes on from: the screen came
    // after it.
    if (isNew && (row.tab === this.outbox?.tab || this.screen.seen.has(row.entry.digest)))
      this.base = row.entry.digest;
  }

  /**
   * An answer or event tells of a text of the note. It may have been under way for long: only a
   * newer version, or the one already known, is believed; for the rest the next report asks.
   * @param {string} digest
   * @param {number} version
   * @param {number} at
   */
  #hearOf(digest, version, at) {
    const { record } = this;
    if (record === null || version > record.version) this.#readBack(digest, version, at);
    else if (digest === record.digest) this.#readBack(digest, version, Math.max(at, record.at));
    else this.reportSoon();
  }

  /**
   * The keeper read this text of the note from the record, not before `at`.
   * @param {string} digest
   * @param {number} version
   * @param {number} at
   */
  #readBack(digest, version, at) {
    this.record = { digest, version, at };
    document.dispatchEvent(new CustomEvent("anamnesis:record", { detail: this.record }));
  }

  /** Sees what is on the screen now, decides what may be said of it, says it. */
  look() {
    const { screen, record, last } = this;
    const row = last && last.entry.digest === screen.shown && this.#isOf(last) ? last : null;
    // A text without a digest is settled by its own row only.
    for (const digest of [last?.entry.digest, record?.digest]) if (digest) screen.settle(digest);
    if (row) screen.settle(row.entry.digest);
    if (screen.shown !== null && screen.shown === record?.digest && screen.unsaved.length === 0)
      this.base = screen.shown;
    const now = Date.now();
    const endangered = screen.endangered();
    const onItsWay = endangered !== null || row?.state === "held" || row?.state === "journaled";
    const differs = record !== null && screen.shown !== record.digest && !onItsWay;
    this.differsSince = differs ? (this.differsSince ?? now) : null;
    if (screen.shown !== null && screen.shown === record?.digest) this.faithful = true;
    /** @type {import("./judgement.js").Facts} */
    const facts = {
      now,
      shown: screen.shown,
      isNew: this.base === null && screen.shown === this.blank && last === null,
      unsavedSince: endangered?.since ?? null,
      row: row && { state: row.state, code: row.code, message: row.message },
      record,
      journaled: screen.shown !== null && screen.shown === this.journaled,
      doubted: screen.shown !== null && screen.shown === this.doubted,
      linked: this.linked,
      session: this.session,
      differsSince: this.differsSince,
      faithful: this.faithful,
    };
    this.#paint(facts);
    void this.#rescue(now);
  }

  /**
   * A text without a digest is told apart by its characters.
   * @param {Row} row
   */
  #isOf(row) {
    return (
      row.entry.digest !== "" ||
      JSON.stringify(row.entry.content.sections) === JSON.stringify(this.screen.sections)
    );
  }

  /** @param {import("./judgement.js").Facts} facts */
  #paint(facts) {
    const verdict = judge(facts);
    if (verdict.state === "recorded" || verdict.state === "blank") {
      // The digest says what the fields held a moment ago: green needs what they hold as it is
      // painted.
      const now = this.screen.read();
      if (JSON.stringify(now) !== JSON.stringify(this.screen.sections))
        return this.screen.look(false);
    }
    paintNote(this.note, verdict);
    const recorded = facts.record ? this.screen.seen.get(facts.record.digest) : undefined;
    for (const [section, text] of Object.entries(this.screen.sections)) {
      const state = judgeSection(verdict.state, facts, text, recorded?.[section]);
      paintSection(this.note, section, { ...verdict, state, at: facts.record?.at });
    }
    const detail = { ...verdict, shown: facts.shown, record: facts.record };
    document.dispatchEvent(new CustomEvent("anamnesis:state", { detail }));
  }

  /**
   * Nobody put the person's text in the outbox: the witness does.
   * @param {number} now
   */
  async #rescue(now) {
    const endangered = this.screen.endangered();
    if (!endangered || !this.outbox || this.rescuing) return;
    // What a script took away is on no screen any more: there is nobody to wait for.
    if (!endangered.snapshot.displaced && now - endangered.since < RESCUE_MS) return;
    this.rescuing = true;
    try {
      await started(this.outbox);
      await this.outbox.add({
        kind: "note.rescue",
        patient: this.patient,
        encounter: this.encounter,
        base: this.base,
        content: { sections: endangered.snapshot.sections },
      });
      this.screen.settle(endangered.snapshot.digest);
    } catch {
      // The outbox said why, and the screen stays red: the text is in the page only, and is tried
      // again.
      await new Promise((resolve) => setTimeout(resolve, RESCUE_MS));
    } finally {
      this.rescuing = false;
    }
  }

  /** Tells the keeper what is on the screen, and obeys its answer: green can go back. */
  async report() {
    const page = screenOf(this, false);
    // Under somebody else's session nothing is said of this one's texts.
    if (this.reporting || !page || this.session === "other" || document.hidden) return;
    const { shown } = page;
    this.reporting = true;
    const at = Date.now();
    const { status, body } = await keeper.witness(reportOf(page, await standingOf(this.outbox)));
    this.reporting = false;
    this.linked = status === 200;
    if (status === 200 && body.features)
      document.dispatchEvent(new CustomEvent("anamnesis:features", { detail: body.features }));
    if (status === 401 && this.session === "open")
      this.outbox?.publish({ type: "session", state: "needed" });
    // Somebody has signed in: the outbox looks who.
    if (status === 200 && this.session === "needed") this.outbox?.flush();
    if (status === 200) {
      this.doubted = body.state === "recorded" ? null : shown;
      this.journaled = body.state === "journaled" ? shown : null;
    }
    const isLast =
      this.record === null || at >= this.record.at || body?.version > this.record.version;
    if (status === 200 && typeof body.digest === "string" && isLast) {
      this.#readBack(body.digest, body.version ?? 0, at);
    } else if (status === 200 && !isLast) {
      this.reportSoon(); // something newer was heard of meanwhile
    }
    this.look();
  }

  /** The page is hidden or closed: this may be the last that is heard of it. */
  leave() {
    const page = screenOf(this, true);
    if (page && this.session === "open")
      void keeper.witness(reportOf(page, remembered(this.outbox)));
  }

  reportSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => void this.report(), REPORT_SOON_MS);
  }
}

if (page) {
  const witness = new Witness(page);
  offerRecorded(page, witness.encounter);
  void witness.start();
}
