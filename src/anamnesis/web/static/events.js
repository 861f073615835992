// @ts-check
/**
 * The keeper's events, kept open. One tab listens for all, because a browser gives a host few
 * connections.
 */

const NAMES = [
  "recorded",
  "note",
  "divergence",
  "outstanding",
  "application",
  "features",
  "session",
];
export const REOPEN_FIRST_MS = 500;
export const REOPEN_MAX_MS = 10_000;

/**
 * Listens until `close` is called; opens again by itself after each break.
 * @param {(name: string, data: Record<string, any>) => void} onEvent
 * @param {(open: boolean) => void} onLink
 * @returns {{close: () => void}}
 */
export function listen(onEvent, onLink) {
  let wait = REOPEN_FIRST_MS;
  let closed = false;
  /** @type {EventSource | null} */
  let source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const open = () => {
    const stream = new EventSource("/keep/events");
    source = stream;
    stream.onopen = () => {
      wait = REOPEN_FIRST_MS;
      onLink(true);
    };
    stream.onerror = () => {
      // The browser's own way gives up for good on some answers: one way for all of them instead.
      stream.close();
      onLink(false);
      if (closed) return;
      timer = setTimeout(open, wait * (0.5 + Math.random() / 2));
      wait = Math.min(wait * 2, REOPEN_MAX_MS);
    };
    for (const name of NAMES) {
      stream.addEventListener(name, (event) => {
        if (!closed) onEvent(name, JSON.parse(/** @type {MessageEvent} */ (event).data));
      });
    }
  };
  open();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}
