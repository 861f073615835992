// @ts-check
/** The list of what this device still holds: each entry, where it is, and why it waits. */
import { pageOutbox } from "./page-outbox.js";
import { words } from "./words.js";

const SHOWN_MAX = 50;
/** @type {Record<string, string>} */
const COLOURS = { held: "amber", journaled: "amber", outstanding: "red", refused: "red" };

const list = document.querySelector("[data-waiting]");
const none = /** @type {HTMLElement | null} */ (document.querySelector("[data-waiting-none]"));

/** @param {import("./outbox-store.js").Row} row */
function line(row) {
  const item = document.createElement("li");
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.dataset.colour = COLOURS[row.state] ?? "quiet";
  badge.textContent = words(`waiting-${row.state}`);
  const time = new Date(row.added_at).toLocaleTimeString(document.documentElement.lang);
  item.append(badge, ` ${words(`kind-${row.entry.kind}`)} · ${time}`);
  if (row.entry.encounter) {
    const link = document.createElement("a");
    link.href = `/encounters/${row.entry.encounter}?patient=${row.entry.patient}`;
    link.textContent = words("encounter-title");
    item.append(" · ", link);
  }
  if (row.message) item.append(` · ${row.message}`);
  return item;
}

if (list) {
  const outbox = await pageOutbox();
  const look = () => {
    const rows = [...outbox.rows.values()].sort((a, b) => b.order - a.order);
    list.replaceChildren(...rows.slice(0, SHOWN_MAX).map(line));
    if (none) none.hidden = rows.length > 0;
  };
  outbox.subscribe(look);
  look();
}
