// @ts-check
/**
 * What can be done to an encounter besides typing: sign, amend, enter in error, close. Each is an
 * entry of its own, and the page shows the new status when the record has it.
 */
import { note, pageOutbox, say, started } from "./encounter-page.js";
import { keeper } from "./keeper-client.js";
import { words } from "./words.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */

/**
 * How long the page waits aloud for the record; the entry itself is kept for as long as it takes.
 */
export const RECORDED_WAIT_MS = 8000;

class Actions {
  /**
   * @param {HTMLElement} note
   * @param {Outbox} outbox
   */
  constructor(note, outbox) {
    this.note = note;
    this.outbox = outbox;
    this.encounter = note.dataset.encounter ?? "";
    this.patient = note.dataset.patient ?? "";
    /**
     * Digest of the text on the screen while it is recorded; else null.
     * @type {string | null}
     */
    this.recorded = null;
    this.amending = false;
    this.trouble = "";
    document.addEventListener("anamnesis:state", (event) => {
      const { state, shown } = /** @type {CustomEvent} */ (event).detail;
      this.recorded = state === "recorded" ? shown : null;
      this.arrange();
    });
    document.addEventListener("anamnesis:note", (event) => {
      this.setStatus(/** @type {CustomEvent} */ (event).detail.status);
    });
    outbox.subscribe((notice) => {
      if (
        notice.type === "event" &&
        notice.name === "note" &&
        notice.data.encounter === this.encounter
      ) {
        this.setStatus(notice.data.status);
      } else if (notice.type === "trouble") {
        this.setTrouble(notice.code);
      } else if (notice.type === "row" && notice.row.state === "held") {
        if (this.trouble !== "outbox-not-persistent") this.setTrouble("");
      }
    });
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-do]") : null;
      if (button instanceof HTMLButtonElement && !button.disabled)
        void this.perform(button.dataset.do ?? "");
    });
    document.getElementById("enter-in-error")?.addEventListener("submit", (event) => {
      // Cancelling is left to the dialog: it closes.
      if (/** @type {any} */ (event.submitter)?.value === "cancel") return;
      event.preventDefault();
      void this.enterInError(/** @type {HTMLFormElement} */ (event.target));
    });
  }

  /** @param {string} code empty: the outbox keeps what it is given */
  setTrouble(code) {
    if (this.trouble === code) return;
    this.trouble = code;
    document.querySelector("[data-announce='outbox']")?.setAttribute("data-code", code);
    say("outbox", code && words(`trouble-${code}`));
  }

  /** @param {string} status */
  setStatus(status) {
    if (!status || this.note.dataset.status === status) return;
    this.note.dataset.status = status;
    if (status === "signed") this.amending = false;
    this.arrange();
  }

  /** Which buttons there are, and whether the fields can be typed in, follow from the status. */
  arrange() {
    const status = this.note.dataset.status ?? "draft";
    const locked = status !== "draft" && !this.amending;
    for (const field of this.note.querySelectorAll("textarea")) {
      if (field.readOnly !== locked) field.readOnly = locked;
    }
    for (const button of document.querySelectorAll("[data-do]")) {
      if (!(button instanceof HTMLButtonElement)) continue;
      const when = (button.dataset.when ?? "").split(" ");
      button.hidden = !when.includes(status) || (button.dataset.do === "amend" && this.amending);
      if (button.dataset.do === "sign") button.disabled = this.recorded === null;
    }
    const shown = document.querySelector("[data-status-words]");
    if (shown) shown.textContent = words(`status-${status}`);
  }

  /** @param {string} deed */
  async perform(deed) {
    if (deed === "sign" && this.recorded !== null) {
      await this.enter("note.sign", { digest: this.recorded });
    } else if (deed === "amend") {
      this.amending = true;
      this.arrange();
      document.dispatchEvent(new CustomEvent("anamnesis:amend"));
    } else if (deed === "close") {
      document.dispatchEvent(new CustomEvent("anamnesis:save"));
      await this.enter("encounter.close", { closed_at: new Date().toISOString() });
    } else if (deed === "enter-in-error") {
      const dialog = document.getElementById("enter-in-error-dialog");
      if (dialog instanceof HTMLDialogElement) dialog.showModal();
    }
  }

  /** @param {HTMLFormElement} form */
  async enterInError(form) {
    const reason = String(new FormData(form).get("reason") ?? "").trim();
    if (reason === "") return;
    const dialog = form.closest("dialog");
    dialog?.close();
    await this.enter("note.enter-in-error", { reason });
  }

  /**
   * @param {string} kind
   * @param {Record<string, unknown>} content
   */
  async enter(kind, content) {
    const { encounter, patient } = this;
    try {
      await started(this.outbox);
      const row = await this.outbox.add({ kind, patient, encounter, content });
      say("actions", words("action-held"));
      await this.outbox.reached(row.entry.id, "recorded", RECORDED_WAIT_MS);
      say("actions", words(`done-${kind.replace(".", "-")}`));
      const { status, body } = await keeper.note(encounter);
      if (status === 200)
        document.dispatchEvent(new CustomEvent("anamnesis:note", { detail: body }));
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      const reason = error instanceof Error ? error.message : "";
      say("actions", late ? words("action-late") : words("action-refused", { message: reason }));
    }
  }
}

if (note) {
  new Actions(note, await pageOutbox()).arrange();
}
