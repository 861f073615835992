// @ts-check
/** One line at the foot of the agenda: what just happened, aloud as well, and a way back. */

const SHOWN_MS = 12_000;
const bar = /** @type {HTMLElement} */ (document.querySelector("[data-agenda-bar]"));
const line = /** @type {HTMLElement} */ (bar.querySelector("[data-agenda-said]"));
const place = /** @type {HTMLElement} */ (bar.querySelector("[data-agenda-said-acts]"));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * Says `text`; `acts` are offered beside it. Stays a while, or until something else is said, when
 * `stays` for as long as that.
 * @param {string} text
 * @param {{acts?: [string, () => void][], stays?: boolean}} [more]
 */
export function say(text, { acts = [], stays = false } = {}) {
  clearTimeout(timer);
  bar.hidden = text === "";
  line.textContent = text;
  place.replaceChildren(
    ...acts.map(([name, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.addEventListener("click", () => {
        say("");
        act();
      });
      return button;
    }),
  );
  if (!stays && text) timer = setTimeout(() => leave(), SHOWN_MS);
}

/** Goes away, unless somebody is about to press what it offers. */
function leave() {
  if (bar.matches(":focus-within, :hover")) timer = setTimeout(() => leave(), SHOWN_MS);
  else say("");
}
