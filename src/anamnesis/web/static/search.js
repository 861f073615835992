// @ts-check
/**
 * Search as one types, for patients and for texts: the list is fetched as a piece of page, and only
 * the list is replaced.
 */
import { words } from "./words.js";

const PAUSE_MS = 150;
const search = /** @type {HTMLInputElement} */ (document.querySelector("[data-search]"));
const form = /** @type {HTMLFormElement} */ (search.form);
const results = /** @type {HTMLElement} */ (document.querySelector("[data-results]"));
const status = /** @type {HTMLElement} */ (document.querySelector("[data-search-status]"));
const SAID =
  form.getAttribute("action") === "/search"
    ? { one: "results-found-one", many: "results-found-many", more: "results-found-more" }
    : { one: "search-found-one", many: "search-found-many", more: "search-found-more" };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;
/** @type {AbortController | undefined} */
let asking;

/** @param {string} address @returns {Promise<string | null>} */
async function fetchRows(address) {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(`${address}&part=rows`, { signal: asking.signal });
    if (answer.status === 401) location.reload();
    if (answer.ok) return await answer.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
  }
  status.textContent = words("search-unreachable"); // what is shown stays
  return null;
}

function tell() {
  const count = results.querySelectorAll("[data-found] > li").length;
  const more = results.querySelector("[data-more]") !== null;
  status.textContent = words(more ? SAID.more : count === 1 ? SAID.one : SAID.many, { count });
}

/** What is asked for now, as an address. */
function asked() {
  const data = new FormData(form);
  const given = [...data].flatMap(([name, value]) => {
    const text = String(value).trim();
    return text || name === "q" ? [[name, text]] : [];
  });
  return `${form.getAttribute("action")}?${new URLSearchParams(given)}`;
}

/** @returns {NodeListOf<HTMLAnchorElement>} */
const links = () => results.querySelectorAll("[data-found] a");

form.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(async () => {
    const address = asked();
    const rows = await fetchRows(address);
    if (rows === null) return;
    results.innerHTML = rows;
    history.replaceState(null, "", address);
    tell();
  }, PAUSE_MS);
});

form.addEventListener("submit", (event) => {
  const found = links();
  const settled = new URLSearchParams(location.search).get("q") === search.value.trim();
  if (!search.value || found.length !== 1 || !settled) return; // the page then shows the whole list
  event.preventDefault();
  found[0]?.click();
});

results.addEventListener("click", async (event) => {
  const more = event.target instanceof Element ? event.target.closest("[data-more]") : null;
  if (!(more instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  const rows = await fetchRows(more.getAttribute("href") ?? "");
  if (rows === null) return;
  const before = links().length;
  more.closest(".more")?.remove();
  results.insertAdjacentHTML("beforeend", rows);
  links()[before]?.focus();
  tell();
});

search.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  links()[0]?.focus();
});

results.addEventListener("keydown", (event) => {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  const all = [...links()];
  const place = all.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  if (place < 0) return;
  event.preventDefault();
  if (place + step < 0) search.focus();
  else all[place + step]?.focus();
});
