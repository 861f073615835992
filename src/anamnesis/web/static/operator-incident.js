// @ts-check
/** One incident as the operator sees it: what it amounts to, and its timeline, drawn. */
import { cohort, exactly, figure, made, moment, pair, stateChip } from "./operator-parts.js";
import { words } from "./words.js";

/** @typedef {{at: string, what: string, detail: string}} Step */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;
const MARGIN = 12;

/** @param {string} name @param {Record<string, string | number>} attributes */
function drawn(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** @param {any} incident @returns {Step[]} from the first entry in danger to the end, in order */
function stepsOf(incident) {
  const first = { at: incident.endangered_at || incident.opened_at, what: "endangered", detail: "" };
  return [first, ...incident.steps].sort((a, b) => a.at.localeCompare(b.at));
}

/**
 * A line from the first instant to the last (or to now), with a mark for each step.
 * @param {any} incident @param {Step[]} steps @param {string} now
 */
function line(incident, steps, now) {
  const begun = Date.parse(steps[0]?.at ?? now);
  const ended = Date.parse(incident.closed_at ?? now);
  const whole = Math.max(ended - begun, 1);
  /** @param {string} at */
  const place = (at) => MARGIN + ((WIDTH - 2 * MARGIN) * (Date.parse(at) - begun)) / whole;
  const label = words("operator-lasted", { seconds: figure(whole / 1000) });
  const image = drawn("svg", { viewBox: `0 0 ${WIDTH} 44`, role: "img", "aria-label": label });
  image.classList.add("incident-line");
  image.append(drawn("line", { x1: MARGIN, x2: WIDTH - MARGIN, y1: 22, y2: 22, class: "rail" }));
  const found = steps.find((one) => one.what === "found")?.at;
  const right = [...steps].reverse().find((one) => one.what === "righted")?.at;
  if (found) {
    const until = right && right > found ? right : (incident.closed_at ?? now);
    const danger = { x: place(steps[0]?.at ?? found), y: 16, height: 12, class: "danger" };
    image.append(drawn("rect", { ...danger, width: Math.max(place(found) - danger.x, 2) }));
    const x = place(found);
    const back = { x, y: 16, height: 12, width: Math.max(place(until) - x, 2), class: "back" };
    image.append(drawn("rect", back));
  }
  for (const step of steps) {
    const mark = drawn("circle", { cx: place(step.at), cy: 22, r: 7, "data-step": step.what });
    const title = drawn("title", {});
    title.textContent = `${words(`step-${step.what}`)} ${exactly(step.at)}`;
    mark.append(title);
    image.append(mark);
  }
  return image;
}

/** @param {Step[]} steps */
function list(steps) {
  const begun = Date.parse(steps[0]?.at ?? "");
  const lines = steps.map((step) => {
    const after = (Date.parse(step.at) - begun) / 1000;
    return made(
      "li",
      { "data-step": step.what },
      made("time", { datetime: step.at }, exactly(step.at)),
      made("span", { class: "incident-after" }, `+ ${figure(after)} s`),
      made("span", {}, words(`step-${step.what}`), " ", made("code", {}, step.detail)),
    );
  });
  return made("ol", { class: "incident-steps" }, ...lines);
}

/** @param {any} incident @param {string} now @returns {HTMLElement} */
export function incidentCard(incident, now) {
  const { counts } = incident;
  const steps = stepsOf(incident);
  const left = counts.entries - counts.righted;
  const sections = Object.entries(counts.sections).map(
    ([name, count]) => `${words(`section-name-${name}`)} (${count})`,
  );
  const people = incident.concerned.map((/** @type {any} */ one) =>
    made("li", {}, made("code", {}, one.author), ` · ${one.righted} / ${one.entries}`),
  );
  const title = words("operator-incident", { number: incident.number });
  return made(
    "article",
    { class: "card incident", "data-incident": String(incident.number) },
    made("h3", {}, title, " ", stateChip(incident.closed_at ? "closed" : "open")),
    made("p", { class: "quiet" }, moment(incident.opened_at)),
    line(incident, steps, now),
    made(
      "dl",
      { class: "incident-figures" },
      pair("operator-entries", figure(counts.entries)),
      ...(counts.synthetic ? [pair("operator-synthetic", figure(counts.synthetic))] : []),
      pair("operator-texts", `${figure(counts.texts_righted)} / ${figure(counts.texts)}`),
      pair("operator-back", figure(counts.righted)),
      pair("operator-left", figure(left)),
      pair("operator-practices", figure(counts.practices)),
      pair("operator-practitioners", figure(counts.practitioners)),
      pair("operator-encounters", figure(counts.encounters)),
      pair("operator-sections", sections.join(", ") || "–"),
      pair("operator-suspects", incident.features.join(", ") || "–"),
      pair("operator-codes", made("code", {}, incident.codes.join(" ") || "–")),
    ),
    ...incident.cohorts.map((/** @type {any} */ one) =>
      made("p", { class: "quiet" }, made("code", {}, one.feature), ` ${cohort(one.cohort)}`),
    ),
    list(steps),
    ...(people.length
      ? [made("details", {}, made("summary", {}, words("operator-whom")), made("ul", {}, ...people))]
      : []),
  );
}
