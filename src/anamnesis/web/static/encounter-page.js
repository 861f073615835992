// @ts-check
/**
 * What the encounter page says about itself, for each of the scripts that work on it apart from one
 * another.
 */
import { openOutbox } from "./outbox.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */

/** The element that names the encounter and holds the fields; null on any other page. */
export const note = document.getElementById("note");

/**
 * The outbox of the practitioner this page was made for.
 * @returns {Promise<Outbox>}
 */
export function pageOutbox() {
  const { practitioner = "", practice = "", build = "", features = "" } = note?.dataset ?? {};
  return openOutbox({
    practitioner,
    practice,
    build,
    features: features.split(" ").filter(Boolean),
  });
}

/** @type {Promise<void> | null} */
let starting = null;

/**
 * Makes sure that the encounter's start goes before anything written in it, when the page was
 * opened for a new one.
 * @param {Outbox} outbox
 * @returns {Promise<void>}
 */
export function started(outbox) {
  const { encounter = "", patient = "", known } = note?.dataset ?? {};
  if (known === "yes") return Promise.resolve();
  starting ??= (async () => {
    if (await outbox.hasStarted(encounter)) return;
    await outbox.add({
      kind: "encounter.start",
      patient,
      encounter,
      content: {
        started_at: new Date().toISOString(),
        appointment: note?.dataset.appointment || null,
      },
    });
  })().catch((error) => {
    starting = null; // the next text tries again
    throw error;
  });
  return starting;
}

/**
 * Says something aloud and in the page, once.
 * @param {string} place
 * @param {string} text
 */
export function say(place, text) {
  const element = document.querySelector(`[data-announce='${place}']`);
  if (element) element.textContent = text;
}
