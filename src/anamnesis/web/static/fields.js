// @ts-check
/** The note's text fields: their values, showing a text in them, and what may be brought in. */

/** @typedef {Record<string, string>} Sections */

export class Fields {
  /** @param {ParentNode} root */
  constructor(root) {
    this.all = Array.from(root.querySelectorAll("textarea"));
  }

  /**
   * What the page brought, before anybody typed.
   * @returns {Sections}
   */
  brought() {
    return Object.fromEntries(this.all.map((field) => [field.name, field.defaultValue]));
  }

  /**
   * What is on the screen now.
   * @returns {Sections}
   */
  read() {
    return Object.fromEntries(this.all.map((field) => [field.name, field.value]));
  }

  /** @param {Sections} sections */
  differFrom(sections) {
    return this.all.some((field) => field.value !== sections[field.name]);
  }

  /**
   * Shows these texts; the caret stays where it was.
   * @param {Sections} sections
   */
  show(sections) {
    for (const field of this.all) {
      const text = sections[field.name];
      if (text === undefined || field.value === text) continue;
      const { selectionStart, selectionEnd } = field;
      field.value = text;
      if (document.activeElement === field) field.setSelectionRange(selectionStart, selectionEnd);
    }
    this.grow();
  }

  /** Makes each field as tall as its text, where the browser does not do so itself. */
  grow() {
    if (CSS.supports("field-sizing", "content")) return;
    for (const field of this.all) {
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + 2}px`;
    }
  }

  /** Opens the fields to typing. */
  unlock() {
    for (const field of this.all) field.readOnly = false;
    this.all[0]?.focus();
  }
}

/**
 * What a note changed by others brings to a screen that started from `base`: null where both
 * changed the same section, which only the record can settle; else the sections to show.
 * @param {Sections} base
 * @param {Sections} screen
 * @param {Sections} theirs
 * @returns {Sections | null}
 */
export function broughtIn(base, screen, theirs) {
  /** @type {Sections} */
  const taken = {};
  for (const [section, text] of Object.entries(screen)) {
    const other = theirs[section] ?? "";
    if (text === base[section]) {
      if (other !== text) taken[section] = other;
    } else if (other !== base[section]) {
      return null;
    }
  }
  return taken;
}
