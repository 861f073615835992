// @ts-check
/** The lines of a prescription: added, removed and put in another order, by hand or by keyboard. */
import { BLANK, fieldOf, LINES_MAX, readLine, showLine } from "./document-content.js";
import { words } from "./words.js";

export class Lines {
  /**
   * @param {HTMLElement} form
   * @param {() => void} onChange
   */
  constructor(form, onChange) {
    this.form = form;
    this.onChange = onChange;
    this.list = /** @type {HTMLElement | null} */ (form.querySelector("[data-lines]"));
    this.model = /** @type {HTMLTemplateElement | null} */ (
      form.querySelector("template[data-line-model]")
    );
    this.more = /** @type {HTMLButtonElement | null} */ (form.querySelector("[data-add-line]"));
    if (!this.list) return;
    this.more?.addEventListener("click", () => this.add(null));
    form.querySelector("[data-bring-treatments]")?.addEventListener("click", () => this.bring());
    form.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("keydown", (event) => this.#pressed(event));
    this.list.addEventListener("input", () => this.name());
    this.name();
  }

  /** @returns {Element} a blank line, not yet in the list */
  make() {
    const made = this.model?.content.firstElementChild?.cloneNode(true);
    if (!(made instanceof Element)) throw new TypeError("The page has no model of a line.");
    return made;
  }

  /**
   * Adds a blank line after `item`, or at the end, and goes there.
   * @param {Element | null} item
   */
  add(item) {
    if (!this.list || this.list.children.length >= LINES_MAX) return;
    const made = this.make();
    if (item) item.after(made);
    else this.list.append(made);
    this.name();
    fieldOf(made, "drug")?.focus();
  }

  /** Adds a line for each of the patient's current treatments that none names yet. */
  bring() {
    const { list } = this;
    if (!list) return;
    const named = new Set(Array.from(list.children, (item) => readLine(item)?.drug));
    for (const option of this.form.querySelectorAll("#treatments option")) {
      const { value, dataset } = /** @type {HTMLOptionElement} */ (option);
      if (named.has(value) || list.children.length >= LINES_MAX) continue;
      const blank = Array.from(list.children).find((item) => readLine(item) === null);
      const item = blank ?? this.make();
      if (!blank) list.append(item);
      showLine(item, { ...BLANK, drug: value, dose: dataset.dose ?? "" });
    }
    this.name();
    this.onChange();
  }

  /** @param {Element} item */
  remove(item) {
    if (!this.list) return;
    const name = this.#said(item);
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    if (this.list.children.length === 0) this.list.append(this.make());
    this.name();
    fieldOf(next ?? this.list, "drug")?.focus();
    this.#announce(words("document-line-removed", { name }));
    this.onChange();
  }

  /**
   * @param {Element} item
   * @param {-1 | 1} by
   */
  move(item, by) {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    const focused = document.activeElement;
    if (by < 0) other.before(item);
    else other.after(item);
    this.name();
    if (focused instanceof HTMLElement && !focused.hasAttribute("disabled")) focused.focus();
    else fieldOf(item, "drug")?.focus();
    const place = this.#place(item);
    this.#announce(words("document-line-moved", { name: this.#said(item), place }));
    this.onChange();
  }

  /** Each line says which one it is, for whoever listens; what cannot be done is not offered. */
  name() {
    if (!this.list) return;
    const { length } = this.list.children;
    for (const item of this.list.children) {
      const place = this.#place(item);
      const name = this.#said(item);
      item.setAttribute("aria-label", words("document-line", { place, name }));
      for (const button of item.querySelectorAll("button")) {
        const { line = "" } = button.dataset;
        button.setAttribute("aria-label", words(`document-line-${line}`, { place, name }));
        button.disabled = (line === "up" && place === 1) || (line === "down" && place === length);
      }
    }
    if (this.more) this.more.disabled = length >= LINES_MAX;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-line]") : null;
    const item = button?.closest("li");
    if (!(button instanceof HTMLElement) || !item) return;
    const { line } = button.dataset;
    if (line === "remove") this.remove(item);
    else this.move(item, line === "up" ? -1 : 1);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    if (!item || event.isComposing) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      this.move(item, event.key === "ArrowUp" ? -1 : 1);
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      const next = item.nextElementSibling;
      if (next) fieldOf(next, "drug")?.focus();
      else this.add(item);
    }
  }

  /** @param {Element} item */
  #place(item) {
    return Array.from(this.list?.children ?? []).indexOf(item) + 1;
  }

  /** @param {Element} item */
  #said(item) {
    return fieldOf(item, "drug")?.value ?? "";
  }

  /** @param {string} text */
  #announce(text) {
    const place = document.querySelector("[data-announce='lines']");
    if (place) place.textContent = text;
  }
}
