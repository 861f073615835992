// @ts-check
// Runs before anything is painted, so that a theme chosen by hand never flashes the other one.
(() => {
  try {
    const theme = localStorage.getItem("anamnesis-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // A browser that keeps nothing has no choice to remember.
  }
})();
