// @ts-check
/** The words a page needs, in the reader's language: the page carries them, no script does. */

/** @type {Record<string, string> | undefined} */
let catalogue;

/**
 * The message called `id` with its {places} filled in.
 * @param {string} id
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function words(id, values = {}) {
  catalogue ??= JSON.parse(document.getElementById("messages")?.textContent || "{}");
  const message = catalogue?.[id] ?? id;
  return message.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/**
 * The time of day, to the second, as the reader writes it.
 * @param {number} at
 * @returns {string}
 */
export function timeOfDay(at) {
  const style = /** @type {const} */ ({
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  });
  return new Intl.DateTimeFormat(document.documentElement.lang || "fr", style).format(at);
}
