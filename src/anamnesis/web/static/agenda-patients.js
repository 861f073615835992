// @ts-check
/** Finding a patient in a field, as one types: a list under it, walked with the arrows. */
import { pageAt } from "./whole-answer.js";
import { words } from "./words.js";

/** @typedef {{patient: string, name: string}} Found */

const PAUSE_MS = 150;
const SHOWN_MAX = 8;
const field = /** @type {HTMLInputElement} */ (document.getElementById("agenda-patient"));
const list = /** @type {HTMLElement} */ (document.getElementById("agenda-found"));
const problem = /** @type {HTMLElement} */ (document.querySelector("[data-problem-patient]"));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;
let asked = 0;
let active = -1;
/** @type {(found: Found) => void} */
let choose = () => undefined;

/** @returns {HTMLElement[]} */
const options = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role='option']")]);

/** @param {number} place */
function point(place) {
  const all = options();
  active = all.length === 0 ? -1 : (place + all.length) % all.length;
  for (const [number, one] of all.entries()) {
    one.setAttribute("aria-selected", String(number === active));
    if (number === active) one.scrollIntoView({ block: "nearest" });
  }
  const id = all[active]?.id;
  if (id) field.setAttribute("aria-activedescendant", id);
  else field.removeAttribute("aria-activedescendant");
}

function fold() {
  clearTimeout(pause);
  asked += 1;
  list.hidden = true;
  list.replaceChildren();
  field.setAttribute("aria-expanded", "false");
  point(-1);
}

/** @param {Element} link @param {number} number */
function option(link, number) {
  const one = document.createElement("li");
  one.id = `agenda-found-${number}`;
  one.setAttribute("role", "option");
  one.dataset.patient = (link.getAttribute("href") ?? "").split("/").pop() ?? "";
  const name = link.querySelector(".patient-name");
  const facts = link.querySelector(".patient-facts");
  const shown = document.createElement("span");
  shown.textContent = name?.textContent?.trim().replace(/\s+/g, " ") ?? "";
  name?.querySelector("small")?.remove();
  one.dataset.name = name?.textContent?.trim().replace(/\s+/g, " ") ?? "";
  const about = document.createElement("small");
  about.textContent = facts?.textContent?.trim().replace(/\s+/g, " ") ?? "";
  one.append(shown, about);
  return one;
}

async function search() {
  asked += 1;
  const mine = asked;
  const query = field.value.trim();
  if (query === "") return fold();
  const page = await pageAt(`/patients?${new URLSearchParams({ q: query, part: "rows" })}`);
  if (mine !== asked) return;
  if (page === null) {
    problem.textContent = words("search-unreachable");
    return;
  }
  const links = [...page.querySelectorAll("[data-found] a")].slice(0, SHOWN_MAX);
  list.replaceChildren(...links.map(option));
  list.hidden = links.length === 0;
  field.setAttribute("aria-expanded", String(links.length > 0));
  problem.textContent = links.length > 0 ? "" : words("agenda-patient-none");
  point(links.length === 1 ? 0 : -1);
}

/** @param {HTMLElement | undefined} one */
function take(one) {
  if (!one) return;
  fold();
  choose({ patient: one.dataset.patient ?? "", name: one.dataset.name ?? "" });
}

field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => void search(), PAUSE_MS);
});

field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    point(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
  } else if (event.key === "Enter") {
    event.preventDefault(); // the form is sent with its button, once somebody is chosen
    take(options()[active]);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    fold();
  }
});

field.addEventListener("blur", () => fold());
// Before the field loses the focus, which folds the list.
list.addEventListener("pointerdown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  take(/** @type {HTMLElement | null} */ (target?.closest("[role='option']")) ?? undefined);
});

/**
 * Calls `take` with whoever is chosen in the field.
 * @param {(found: Found) => void} take_
 */
export function onPatient(take_) {
  choose = take_;
}

/** Empties the field and asks for somebody. */
export function askPatient() {
  fold();
  field.value = "";
  problem.textContent = "";
  field.focus();
}

/** Says that somebody has to be chosen first. */
export function missPatient() {
  problem.textContent = words("agenda-patient-needed");
  field.focus();
}
