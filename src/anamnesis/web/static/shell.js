// @ts-check
/** What every page has: the theme switch, the keyboard's shortcuts, signing out, the light of what waits. */
import { keeper } from "./keeper-client.js";
import { openOutbox } from "./outbox.js";
import { words } from "./words.js";

const { practitioner = "", practice = "", build = "" } = document.body.dataset;
const root = document.documentElement;

const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("anamnesis-theme", root.dataset.theme);
    button.setAttribute("aria-pressed", String(isDark()));
  });
}

const shortcuts = /** @type {HTMLDialogElement | null} */ (document.getElementById("shortcuts"));
document.querySelector("[data-shortcuts]")?.addEventListener("click", () => shortcuts?.showModal());

/** @type {Record<string, string>} */
const PLACES = { j: "/", d: "/", p: "/patients", r: "/receipts" };
const SEQUENCE_MS = 1200;
let goingSince = 0;

document.addEventListener("keydown", (event) => {
  const target = event.target;
  const typing =
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const place = PLACES[event.key];
  if (event.timeStamp - goingSince < SEQUENCE_MS && place) {
    goingSince = 0;
    location.assign(place);
  } else if (event.key === "g") {
    goingSince = event.timeStamp;
  } else if (event.key === "/") {
    event.preventDefault();
    const search = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-search]"));
    if (search) search.focus();
    else location.assign("/patients");
  } else if (event.key === "n") {
    location.assign("/patients/new");
  } else if (event.key === "?") {
    shortcuts?.showModal();
  }
});

for (const button of document.querySelectorAll("[data-sign-out]")) {
  button.addEventListener("click", async () => {
    await keeper.signOut();
    location.assign("/sign-in");
  });
}

const light = /** @type {HTMLElement | null} */ (document.querySelector("[data-outbox-light]"));
if (light) {
  const outbox = await openOutbox({ practitioner, practice, build });
  const look = () => {
    const waiting = [...outbox.rows.values()].filter((row) => row.state !== "recorded");
    light.hidden = waiting.length === 0;
    light.dataset.colour = waiting.some((row) => row.state === "refused") ? "red" : "amber";
    light.textContent = words("outbox-light", { count: waiting.length });
  };
  outbox.subscribe(look);
  look();
}
