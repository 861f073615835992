// @ts-check
/** Days of which only a part is known: 2015, 03/2015, 12/03/2015. */

const WRITTEN = /^(?:(?:(\d{1,2})[/. -])?(\d{1,2})[/. -])?(\d{4})$/;
const ISO = /^\d{4}(-\d{2}(-\d{2})?)?$/;

/**
 * The day as the record has it (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`); empty for nothing, null for what
 * the calendar has not.
 * @param {string} text
 * @returns {string | null}
 */
export function partialDay(text) {
  if (text === "" || ISO.test(text)) return isDay(text) ? text : null;
  const parts = WRITTEN.exec(text);
  if (!parts) return null;
  const [, day, month, year = ""] = parts;
  const found = [year, month?.padStart(2, "0"), day?.padStart(2, "0")].filter(Boolean).join("-");
  return isDay(found) ? found : null;
}

/** @param {string} text */
function isDay(text) {
  if (text === "") return true;
  const whole = text + "-01-01".slice(text.length - 4);
  const day = new Date(`${text.length < 10 ? whole : text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
