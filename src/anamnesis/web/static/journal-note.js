// @ts-check
/**
 * One encounter in journal-only mode: the note as the journal has it, in the fields that the
 * editor and the witness of every encounter page work on. They are loaded once the fields are there.
 */
import { bornOf, heldPerson, moment, nameOf } from "./journal-person.js";
import { keeper } from "./keeper-client.js";
import { words } from "./words.js";

/** @typedef {import("./journal-person.js").Person} Person */

const TRIED_AGAIN_MS = 2000;

/** @param {ParentNode} root @param {string} name @param {string} text */
function fill(root, name, text) {
  const element = root.querySelector(`[data-${name}]`);
  if (element) element.textContent = text;
}

/**
 * Whose encounter it is to be, where the journal has nothing of it yet.
 * @param {string} patient
 * @returns {Promise<Person | null>}
 */
async function personOf(patient) {
  const { status, body } = await keeper.journalPatient(patient);
  return status === 200 ? body : heldPerson(patient);
}

/** @param {string} encounter */
async function noteOf(encounter) {
  for (;;) {
    const answer = await keeper.journalNote(encounter);
    if (answer.status === 200 || answer.status === 404) return answer;
    await new Promise((resolve) => setTimeout(resolve, TRIED_AGAIN_MS));
  }
}

/** @param {HTMLElement} note @param {{section: string, text: string}[]} asides */
function showAsides(note, asides) {
  for (const { section, text } of asides) {
    const title = document.createElement("h3");
    title.append(words("fallback-aside"));
    const quote = document.createElement("blockquote");
    quote.append(text);
    note.querySelector(`[data-asides-of='${section}']`)?.append(title, quote);
  }
}

/**
 * Shows the encounter and has it edited.
 * @param {string} encounter
 * @param {string | null} patient for one that nobody has written in yet
 */
export async function showNote(encounter, patient) {
  const place = /** @type {HTMLElement} */ (document.querySelector("[data-place]"));
  const { status, body } = await noteOf(encounter);
  const whose = status === 200 ? body.patient : patient;
  if (!whose) {
    const sentence = document.createElement("p");
    sentence.className = "notice";
    sentence.append(words("fallback-unknown"));
    place.append(sentence);
    return;
  }
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("encounter"));
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const note = /** @type {HTMLElement} */ (copy.getElementById("note"));
  const { practitioner = "", practice = "", build = "" } = document.body.dataset;
  Object.assign(note.dataset, {
    encounter,
    patient: whose,
    practitioner,
    practice,
    build,
    features: "",
    known: status === 200 ? "yes" : "no",
    version: String(body?.version ?? 0),
    digest: body?.digest ?? (await blankDigest()),
    status: body?.status ?? "draft",
    journaled: body?.digest ?? "",
    holds: (body?.texts ?? []).join(" "),
  });
  for (const field of note.querySelectorAll("textarea"))
    field.defaultValue = body?.sections?.[field.name] ?? "";
  const person = status === 200 ? body.person : await personOf(whose);
  fill(note, "patient-name", nameOf(person, whose));
  const since = body?.started_at ?? null;
  const started = since === null ? "" : words("fallback-started", { at: moment(since) });
  const begun = status === 200 ? started : words("fallback-new");
  fill(note, "facts", [bornOf(person), begun].filter(Boolean).join(" · "));
  fill(note, "status-words", words(`status-${note.dataset.status}`));
  if (note.dataset.status !== "draft")
    for (const field of note.querySelectorAll("textarea")) field.readOnly = true;
  showAsides(note, body?.asides ?? []);
  place.replaceChildren(copy);
  const way = document.querySelector("[data-go]");
  if (way instanceof HTMLAnchorElement) way.href = `/encounters/${encounter}?patient=${whose}`;
  // The witness first, alone: it works when all the others are broken.
  await import("./witness.js");
  await Promise.allSettled([
    import("./sign-in-again.js"),
    import("./editor.js"),
    import("./encounter.js"),
  ]);
}

async function blankDigest() {
  const { digestOf } = await import("./canonical.js");
  const sections = { motif: "", interrogatoire: "", examen: "", conclusion: "" };
  return digestOf({ sections });
}
