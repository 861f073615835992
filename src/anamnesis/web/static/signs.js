// @ts-check
/** The sign of each state: an outline in a square of 16, so that colour is never alone. */

const CHECK = "M2.5 8.5 6.5 12.5 13.5 4";
const DOTS = "M3 8h.01M8 8h.01M13 8h.01";
const PENCIL = "M3 13l1-3.5L11 2.5 13.5 5 6.5 12z";
const ALARM = "M8 2.5v7M8 13v.01";
const DEVICE = "M2.5 3h11v7.5h-11zM6 13.5h4";
const SERVER = "M2.5 2.5h11v4h-11zM2.5 9.5h11v4h-11zM5 4.5h.01M5 11.5h.01";
const QUESTION = "M5.5 5.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M8 13v.01";
const UNEQUAL = "M3 6h10M3 10h10M10.5 3l-5 10";
const CROSS = "M3.5 3.5l9 9M12.5 3.5l-9 9";
const LOCK = "M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5";

/** @type {Record<import("./judgement.js").Shown, string>} */
export const SIGN = {
  checking: DOTS,
  blank: DOTS,
  typing: PENCIL,
  typed: ALARM,
  held: DEVICE,
  journaled: SERVER,
  recorded: CHECK,
  unverified: QUESTION,
  differs: UNEQUAL,
  unseen: ALARM,
  refused: CROSS,
  outstanding: ALARM,
  "signed-out": LOCK,
};
