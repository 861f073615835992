// @ts-check
/**
 * The clock on the practice's wall, whatever the device's own zone is: days are YYYY-MM-DD, times
 * are minutes since midnight, instants are RFC 3339 in UTC.
 */

/** @typedef {{day: string, minute: number}} WallTime */

export const DAY_MINUTES = 1440;
const MINUTE_MS = 60_000;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** @type {Map<string, Intl.DateTimeFormat>} */
const clocks = new Map();

/** @param {string} zone @returns {Intl.DateTimeFormat} */
function clockIn(zone) {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/**
 * How far the clock of `zone` is ahead of UTC at this instant.
 * @param {number} at
 * @param {string} zone
 */
function aheadMs(at, zone) {
  /** @type {Record<string, number>} */
  const read = {};
  for (const { type, value } of clockIn(zone).formatToParts(at)) read[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/**
 * What the clock in `zone` reads at this instant.
 * @param {string} instant
 * @param {string} zone
 * @returns {WallTime}
 */
export function wallTime(instant, zone) {
  const at = Date.parse(instant);
  const read = new Date(at + aheadMs(at, zone));
  const minute = read.getUTCHours() * 60 + read.getUTCMinutes();
  return { day: read.toISOString().slice(0, 10), minute };
}

/**
 * The instant at which the clock in `zone` reads this: the first one of two, and for a time that
 * the clock leaps over as much later as it leaps. `minute` may lie outside the day.
 * @param {WallTime} wall
 * @param {string} zone
 * @returns {string}
 */
export function instantOf({ day, minute }, zone) {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE_MS;
  const before = aheadMs(wanted - DAY_MS, zone);
  const after = aheadMs(wanted + DAY_MS, zone);
  const found = [before, after].map((ahead) => wanted - ahead).sort((a, b) => a - b);
  const right = found.find((at) => at + aheadMs(at, zone) === wanted);
  return new Date(right ?? wanted - before).toISOString();
}

/**
 * The day that many days later.
 * @param {string} day
 * @param {number} days
 */
export function laterDay(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * `10:15`.
 * @param {number} minute
 */
export function clockOf(minute) {
  const inDay = ((minute % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  const [hours, minutes] = [Math.floor(inDay / 60), inDay % 60];
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

/**
 * `mardi 24 novembre`, in the page's language.
 * @param {string} day
 */
export function dayInWords(day) {
  const style = /** @type {const} */ ({
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  });
  const language = document.documentElement.lang || "fr";
  return new Intl.DateTimeFormat(language, style).format(Date.parse(`${day}T00:00:00Z`));
}
