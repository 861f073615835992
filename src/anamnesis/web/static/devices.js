// @ts-check
/** What devices hold that has not arrived, and the declaration that one of them never comes back. */
import { keeper } from "./keeper-client.js";
import { pageOutbox, submit } from "./page-outbox.js";
import { words } from "./words.js";

/**
 * @typedef {{sequence: number, kind: string, patient: string | null, encounter: string | null,
 *   typed_at: string | null, sections: string[], person: string, started_at: string}} Held
 * @typedef {{device: string, practitioner: string, name: string, heard_at: string,
 *   last_sequence: number, numbers: Held[]}} Device
 */

const place = /** @type {HTMLElement} */ (document.querySelector("[data-devices]"));
const none = /** @type {HTMLElement} */ (document.querySelector("[data-devices-none]"));
const problem = /** @type {HTMLElement} */ (document.querySelector("[data-devices-problem]"));
const template = /** @type {HTMLTemplateElement} */ (document.getElementById("device"));
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("declaring"));
const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
const { practitioner: me = "" } = document.body.dataset;
/** @type {Device | null} */
let asked = null;

/** @param {ParentNode} from @param {string} name */
function part(from, name) {
  return /** @type {HTMLElement} */ (from.querySelector(name));
}

/** @param {string | null} at */
function moment(at) {
  if (!at) return words("devices-when-unknown");
  const style = /** @type {const} */ ({ dateStyle: "medium", timeStyle: "short" });
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(at));
}

/** @param {"devices-given-up" | "devices-beyond"} what @param {number} count */
function counted(what, count) {
  const one = count === 1;
  if (what === "devices-beyond")
    return words(one ? "devices-beyond-one" : "devices-beyond-many", { count });
  return words(one ? "devices-given-up-one" : "devices-given-up-many", { count });
}

/** @param {Held} held */
function line(held) {
  const made = document.createElement("li");
  const what = held.kind ? words(`kind-${held.kind}`) : words("devices-kind-unknown");
  const whose = [held.person, held.started_at && moment(held.started_at)].filter(Boolean);
  made.append([what, ...whose].join(" · "));
  const small = document.createElement("small");
  const sections = held.sections.map((name) => words(`section-name-${name}`)).join(", ");
  small.textContent = [
    words("devices-number", { number: held.sequence }),
    words("devices-typed", { at: moment(held.typed_at) }),
    sections,
  ]
    .filter(Boolean)
    .join(" · ");
  made.append(small);
  return made;
}

/** @param {Device} device */
function lines({ numbers, last_sequence: last }) {
  const made = numbers.map(line);
  const beyond = last - (numbers.at(-1)?.sequence ?? last);
  if (beyond > 0) {
    const more = document.createElement("li");
    more.textContent = counted("devices-beyond", beyond);
    made.push(more);
  }
  return made;
}

/** @param {Device} device @param {string} here the device of this page */
function card(device, here) {
  const made = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const name = device.name || words("devices-nobody");
  part(made, "section").dataset.device = device.device;
  part(made, "h2").textContent =
    device.device === here ? words("devices-this") : words("devices-of", { name });
  part(made, "[data-heard]").textContent = words("devices-heard", {
    at: moment(device.heard_at),
    count: counted("devices-given-up", device.numbers.length),
  });
  part(made, "[data-numbers]").append(...lines(device));
  const button = part(made, "[data-declare]");
  button.textContent = words("devices-declare");
  button.hidden = device.device === here; // it is here, and sends
  button.addEventListener("click", () => ask(device));
  return made;
}

/** @param {Device} device */
function ask(device) {
  asked = device;
  form.reset();
  part(dialog, "[data-notice]").textContent = "";
  part(dialog, "[data-declaring]").textContent = words("devices-declaring", {
    name: device.name || words("devices-nobody"),
    at: moment(device.heard_at),
    count: counted("devices-given-up", device.numbers.length),
  });
  part(dialog, "[data-declaring-numbers]").replaceChildren(...lines(device));
  dialog.showModal();
}

/** @param {Device} device @param {string} happened */
async function declare(device, happened) {
  const content = {
    id: device.device,
    practitioner: device.practitioner || me,
    happened,
    heard_at: device.heard_at,
    last_sequence: device.last_sequence,
    numbers: device.numbers.map(({ person: _, started_at: __, ...held }) => held),
  };
  const deed = { kind: "device-loss.write", patient: null, content };
  return submit(deed, part(dialog, "[data-notice]"));
}

form.addEventListener("submit", async (event) => {
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (button?.value !== "declare" || !asked) return;
  event.preventDefault();
  button.disabled = true;
  const outcome = await declare(asked, String(new FormData(form).get("happened")));
  button.disabled = false;
  // Kept, and not recorded yet: the sentence that says so stays on the screen.
  if (outcome === "recorded") location.reload();
});

async function load() {
  const { status, body } = await keeper.devices();
  if (status !== 200) {
    problem.textContent = words("devices-unreachable");
    return;
  }
  const here = await pageOutbox().then(
    (outbox) => outbox.device,
    () => "",
  );
  place.replaceChildren(...body.devices.map((/** @type {Device} */ one) => card(one, here)));
  none.hidden = body.devices.length > 0;
}

await load();
