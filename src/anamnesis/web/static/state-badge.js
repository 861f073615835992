// @ts-check
/** A state as lists show it: its sign, its colour and words for it, never colour alone. */
import { SIGN } from "./signs.js";

/** @typedef {"typed" | "held" | "journaled" | "recorded" | "refused" | "outstanding"} Held */

/** @type {Record<Held, "red" | "amber" | "green">} */
const COLOURS = {
  typed: "red",
  held: "amber",
  journaled: "amber",
  recorded: "green",
  refused: "red",
  outstanding: "red",
};
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Held} state
 * @param {string} text
 * @returns {HTMLElement}
 */
export function stateBadge(state, text) {
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.dataset.state = state;
  badge.dataset.colour = COLOURS[state];
  const sign = document.createElementNS(SVG, "svg");
  sign.setAttribute("class", "sign");
  sign.setAttribute("viewBox", "0 0 16 16");
  sign.setAttribute("aria-hidden", "true");
  const outline = document.createElementNS(SVG, "path");
  outline.setAttribute("d", SIGN[state]);
  sign.append(outline);
  badge.append(sign, text);
  return badge;
}
