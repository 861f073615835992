// @ts-check
/** Search as one types: the list is fetched as a piece of page, and only the list is replaced. */

const PAUSE_MS = 150;
const search = /** @type {HTMLInputElement} */ (document.querySelector("[data-search]"));
const results = /** @type {HTMLElement} */ (document.querySelector("[data-results]"));
const status = /** @type {HTMLElement} */ (document.querySelector("[data-search-status]"));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;
/** @type {AbortController | undefined} */
let asking;

/** @param {string} address @returns {Promise<string | null>} */
async function fetchRows(address) {
  asking?.abort();
  asking = new AbortController();
  const separator = address.includes("?") ? "&" : "?";
  try {
    const answer = await fetch(`${address}${separator}part=rows`, { signal: asking.signal });
    if (answer.status === 401) location.reload();
    return answer.ok ? await answer.text() : null;
  } catch {
    return null; // the next letter asks again; what is shown stays
  }
}

function tell() {
  const count = results.querySelectorAll(".patients > li").length;
  const { one = "", many = "" } = results.dataset;
  status.textContent = (count === 1 ? one : many).replace("{count}", String(count));
}

search.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(async () => {
    const address = `/patients?q=${encodeURIComponent(search.value)}`;
    const rows = await fetchRows(address);
    if (rows === null) return;
    results.innerHTML = rows;
    history.replaceState(null, "", address);
    tell();
  }, PAUSE_MS);
});

search.form?.addEventListener("submit", (event) => {
  const first = /** @type {HTMLAnchorElement | null} */ (results.querySelector(".patients a"));
  if (!first || !search.value) return;
  event.preventDefault();
  first.click();
});

results.addEventListener("click", async (event) => {
  const more = event.target instanceof Element ? event.target.closest("[data-more]") : null;
  if (!(more instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  const rows = await fetchRows(more.getAttribute("href") ?? "");
  if (rows === null) return;
  more.closest(".more")?.remove();
  results.insertAdjacentHTML("beforeend", rows);
});

search.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  /** @type {HTMLElement | null} */ (results.querySelector(".patients a"))?.focus();
});

results.addEventListener("keydown", (event) => {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  const links = [.../** @type {NodeListOf<HTMLElement>} */ (results.querySelectorAll(".patients a"))];
  const place = links.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step;
  event.preventDefault();
  if (place < 0) search.focus();
  else links[place]?.focus();
});
