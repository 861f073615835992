// @ts-check
/**
 * Has the service worker keep this page and its scripts, so that it opens again without the
 * network.
 */

async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/service-worker.js");
  const isFirst = navigator.serviceWorker.controller === null;
  const { active } = await navigator.serviceWorker.ready;
  if (!isFirst) return; // the worker saw this page come
  const loaded = performance
    .getEntriesByType("resource")
    .map((entry) => entry.name)
    .filter((address) => new URL(address).pathname.startsWith("/static/"));
  active?.postMessage({ keep: [location.href, ...loaded] });
}

window.addEventListener("load", () => {
  keepPage().catch(() => undefined); // a browser without one works all the same, with the network
});
