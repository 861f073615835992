// @ts-check
/** Starts an encounter in journal-only mode: for a patient who is found, or for a new one. */
import { newId } from "./identifiers.js";
import { bornOf, nameOf } from "./journal-person.js";
import { keeper } from "./keeper-client.js";
import { keep } from "./page-outbox.js";
import { words } from "./words.js";

/** @typedef {import("./journal-person.js").Person} Person */

const PAUSE_MS = 250;
const search = /** @type {HTMLInputElement} */ (document.getElementById("search"));
const said = /** @type {HTMLElement} */ (document.querySelector("[data-search-said]"));
const list = /** @type {HTMLElement} */ (document.querySelector("[data-patients]"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("new-patient"));

/** @param {string} patient */
function start(patient) {
  location.assign(`/keep/journal-only?encounter=${newId()}&patient=${patient}`);
}

/** @param {Person} person */
function line(person) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(words("fallback-start"));
  const aloud = document.createElement("span");
  aloud.className = "unseen-aloud";
  aloud.append(` : ${nameOf(person, person.patient)}`);
  button.append(aloud);
  button.addEventListener("click", () => start(person.patient));
  const name = document.createElement("span");
  const strong = document.createElement("strong");
  strong.append(nameOf(person, person.patient));
  const born = document.createElement("span");
  born.className = "quiet";
  born.append(bornOf(person));
  name.append(strong, " ", born);
  const row = document.createElement("li");
  row.append(name, button);
  return row;
}

async function find() {
  const query = search.value.trim();
  const { status, body } = await keeper.journalPatients(query);
  if (query !== search.value.trim()) return; // another question is under way
  if (status !== 200) {
    said.textContent = body?.message ?? words("fallback-unreachable");
    return;
  }
  list.replaceChildren(...body.patients.map(line));
  const none = body.patients.length === 0 && query !== "" ? words("fallback-search-none") : "";
  const partly = body.complete ? "" : words("fallback-search-recent");
  said.textContent = [none, partly].filter(Boolean).join(" ");
}

/** @param {SubmitEvent} event */
async function create(event) {
  event.preventDefault();
  const data = new FormData(form);
  const notice = form.querySelector("[data-notice]");
  const typed = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  if (typed("birth_name") === "") {
    if (notice) notice.textContent = words("patient-name-needed");
    document.getElementById("birth_name")?.focus();
    return;
  }
  const patient = newId();
  const content = {
    birth_name: typed("birth_name"),
    used_name: "",
    first_names: typed("first_names"),
    birth_date: typed("birth_date"),
    sex: typed("sex"),
    birth_place: "",
    telephone: "",
    address: "",
  };
  if (await keep({ kind: "patient.create", patient, content }, notice)) start(patient);
}

/** Makes the search and the form work. */
export function startsEncounters() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  search.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => void find(), PAUSE_MS);
  });
  form.addEventListener("submit", (event) => void create(event));
}
