// @ts-check
/** The switch between the light and the dark theme, on every page, the way in included. */

const root = document.documentElement;
const KEPT = "anamnesis-theme"; // theme.js reads it before anything is painted

const isDark = () =>
  root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    button.setAttribute("aria-pressed", String(isDark()));
    try {
      localStorage.setItem(KEPT, root.dataset.theme);
    } catch {
      // A browser that keeps nothing: the choice holds for this page.
    }
  });
}
