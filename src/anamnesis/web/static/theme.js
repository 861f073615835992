// @ts-check
// Runs before anything is painted, so that a theme chosen by hand never flashes the other one.
(() => {
  const theme = localStorage.getItem("anamnesis-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
