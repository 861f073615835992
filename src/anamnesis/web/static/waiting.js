// @ts-check
/** The list of what this device still holds: each entry, where it is, and why it waits. */
import { pageOutbox } from "./page-outbox.js";
import { stateBadge } from "./state-badge.js";
import { words } from "./words.js";

const SHOWN_MAX = 50;

const list = document.querySelector("[data-waiting]");
const none = /** @type {HTMLElement | null} */ (document.querySelector("[data-waiting-none]"));

/** @param {import("./outbox-store.js").Row} row */
function line(row) {
  const { kind, encounter, patient } = row.entry;
  const item = document.createElement("li");
  const moment = new Date(row.added_at);
  const style = /** @type {const} */ ({ dateStyle: "short", timeStyle: "medium" });
  const time = new Intl.DateTimeFormat(document.documentElement.lang, style).format(moment);
  const what = document.createElement(encounter || patient ? "a" : "span");
  what.textContent = words(`kind-${kind}`);
  if (what instanceof HTMLAnchorElement) {
    what.href = encounter
      ? `/encounters/${encounter}?patient=${patient}`
      : `/patients/${patient}?new=yes`;
  }
  const when = document.createElement("small");
  when.textContent = time;
  item.append(stateBadge(row.state, words(`waiting-${row.state}`)), what, when);
  if (row.message) {
    const why = document.createElement("small");
    why.className = "problem";
    why.textContent = row.message;
    item.append(why);
  }
  return item;
}

if (list) {
  const outbox = await pageOutbox();
  const look = () => {
    const rows = [...outbox.rows.values()]
      .filter((row) => row.state !== "recorded")
      .sort((a, b) => b.order - a.order);
    list.replaceChildren(...rows.slice(0, SHOWN_MAX).map(line));
    if (none) none.hidden = rows.length > 0;
  };
  outbox.subscribe(look);
  look();
}
