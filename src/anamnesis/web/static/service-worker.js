// @ts-check
/**
 * Lets a page that was visited open again without the network or the application. The network comes
 * first, and what is typed never passes through here: the keeper's own routes are left alone. What
 * it holds goes when somebody signs out.
 */

const PAGES = "anamnesis-pages-1";
const STATIC = "anamnesis-static-1";
/** How long a page may take before the one kept here is shown instead. */
const NETWORK_MS = 4000;
const PAGES_MAX = 60;
/** The keeper's own routes, and what others shared: that may be shown only while it stands. */
const LEFT_ALONE = /^\/(?:keep|shared?|received)(?:\/|$)/;

const worker = /** @type {any} */ (self);

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(
    caches
      .open(STATIC)
      .then((cache) => cache.add("/offline"))
      .catch(() => undefined),
  );
  worker.skipWaiting();
});

// The first page of all was there before this worker: it asks to be kept, with what it loaded.
worker.addEventListener("message", (/** @type {any} */ event) => {
  const { keep: addresses = [] } = event.data ?? {};
  event.waitUntil(
    Promise.all(
      addresses.map(async (/** @type {string} */ address) => {
        const { origin, pathname } = new URL(address);
        if (origin !== worker.location.origin || LEFT_ALONE.test(pathname)) return;
        const response = await fetch(address).catch(() => null);
        if (!response?.ok || response.redirected) return;
        await keep(pathname.startsWith("/static/") ? STATIC : PAGES, address, response);
      }),
    ),
  );
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("anamnesis-") && name !== PAGES && name !== STATIC)
          await caches.delete(name);
      }
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== worker.location.origin) return;
  if (url.pathname === "/keep/session" && request.method !== "GET") {
    event.waitUntil(caches.delete(PAGES)); // another person may be next at this screen
    return;
  }
  if (LEFT_ALONE.test(url.pathname) || request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
});

/**
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function page(request) {
  const kept = () => caches.open(PAGES).then((cache) => cache.match(request.url));
  try {
    const response = await Promise.race([fetch(request), tooLate()]);
    if (response.ok && !response.redirected) await keep(PAGES, request.url, response.clone());
    // 502 to 504: the application is away; a page kept here goes on working with the keeper alone.
    if (response.status >= 502 && response.status <= 504) return (await kept()) ?? response;
    return response;
  } catch {
    return (await kept()) ?? (await caches.match("/offline")) ?? Response.error();
  }
}

/** @returns {Promise<never>} */
function tooLate() {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new DOMException("", "TimeoutError")), NETWORK_MS);
  });
}

/**
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function asset(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await keep(STATIC, request.url, response.clone());
    return response.ok ? response : ((await caches.match(request.url)) ?? response);
  } catch {
    return (await caches.match(request.url)) ?? Response.error();
  }
}

/**
 * @param {string} name
 * @param {string} url
 * @param {Response} response
 */
async function keep(name, url, response) {
  const cache = await caches.open(name);
  await cache.put(url, response);
  if (name !== PAGES) return;
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - PAGES_MAX))) await cache.delete(old);
}
