// @ts-check
/** How a document stands: its newest entry, what was read back of it, what the record has. */
import { stateOf } from "./document-state.js";
import { keeper } from "./keeper-client.js";
import { subjectOf } from "./last-texts.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Notice} Notice */
/** @typedef {import("./outbox-store.js").Row} Row */
/** @typedef {{digest: string, version: number}} Text */

export class Standing {
  /**
   * @param {Outbox} outbox
   * @param {DOMStringMap} brought what the page says of the document as it came
   */
  constructor(outbox, brought) {
    const { entry = "", digest = "", version = "0" } = brought;
    this.outbox = outbox;
    /** @type {string} */
    this.id = brought.document ?? "";
    /** The entry whose receipt proves the text on the form. */
    this.entry = entry;
    /** @type {Row | null} */
    this.last = null;
    /** @type {Text & {at: number} | null} */
    this.readBack = null;
    /** @type {Text | null} */
    this.current = Number(version) > 0 ? { digest, version: Number(version) } : null;
    /**
     * Versions that this practitioner's devices wrote, as far as this page heard.
     * @type {Set<number>}
     */
    this.own = new Set();
    this.linked = true;
    /** @type {"open" | "needed" | "other"} */
    this.session = "open";
    for (const row of outbox.rows.values()) if (this.isMine(row)) this.learn(row);
  }

  /** @param {Row} row */
  isMine(row) {
    return subjectOf(row.entry) === this.id;
  }

  /** @param {Row} row */
  learn(row) {
    if (this.last && row.order < this.last.order) return;
    this.last = row;
    this.entry = row.entry.id;
  }

  /** @param {Text} now what the record has, whoever wrote it */
  learnCurrent(now) {
    if (now.version >= (this.current?.version ?? 0)) this.current = now;
  }

  /** @param {Notice} notice */
  hear(notice) {
    if (notice.type === "session") this.session = notice.state;
    else if (notice.type === "link") this.linked = notice.open;
    if (notice.type !== "row" || !this.isMine(notice.row)) return;
    const { row, version, digest, at } = notice;
    this.learn(row);
    if (row.state === "recorded" && version) this.own.add(version);
    if (row.state !== "recorded" || row.entry.id !== this.entry) return;
    if (digest && version) this.#hearRead({ digest, version, at: at ?? Date.now() });
    else void this.confirm();
  }

  /** @param {Text & {at: number}} read */
  #hearRead(read) {
    this.linked = true;
    this.readBack = read;
    for (let between = (this.current?.version ?? 0) + 1; between < read.version; between += 1) {
      if (this.own.has(between) || this.own.size === 0) continue;
      document.dispatchEvent(new CustomEvent("anamnesis:document-passed-over"));
      break;
    }
    this.learnCurrent({ digest: read.digest, version: read.version });
    document.dispatchEvent(new CustomEvent("anamnesis:document-recorded", { detail: read }));
  }

  /** Asks the keeper for the receipt of the newest entry: green can go back. */
  async confirm() {
    const { entry, last } = this;
    if (entry === "" || (last && last.state !== "recorded")) return;
    const { status, body } = await keeper.receipt(entry);
    if (entry !== this.entry) return;
    this.linked = status === 200;
    if (status === 401 && this.session === "open")
      this.outbox.publish({ type: "session", state: "needed" });
    if (status !== 200) return;
    this.readBack = null;
    const statement = body?.state === "recorded" ? body.record?.statement : null;
    if (!statement) return;
    const { digest, version } = statement;
    this.#hearRead({ digest, version, at: Date.now() });
  }

  /**
   * @param {string | null} shown digest of what is on the form; null while it is being computed
   * @param {boolean} isUnsaved
   * @param {number | null} unsavedSince
   */
  verdict(shown, isUnsaved, unsavedSince) {
    const { last, readBack, current, linked, session } = this;
    const waits = last && last.state !== "recorded";
    return stateOf({
      now: Date.now(),
      shown,
      blank: last === null && current === null && !isUnsaved,
      unsavedSince,
      last: last && { ...last, digest: last.entry.digest },
      readBack,
      current: waits ? null : current,
      linked,
      session,
    });
  }
}
