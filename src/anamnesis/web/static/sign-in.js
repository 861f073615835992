// @ts-check
/** Signs in without leaving the page when it fails; without this script the form does it itself. */
import { keeper } from "./keeper-client.js";
import { words } from "./words.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("sign-in"));
const problem = /** @type {HTMLElement} */ (form.querySelector("[data-problem]"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));

/** @param {string} next a path of this host, or something else */
function local(next) {
  const address = new URL(next, location.origin);
  return address.origin === location.origin && next.startsWith("/") ? address.href : "/";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  problem.textContent = "";
  const data = new FormData(form);
  const { status, body } = await keeper.signIn({
    login: String(data.get("login")),
    password: String(data.get("password")),
  });
  button.disabled = false;
  if (status === 200) {
    location.assign(local(String(data.get("next"))));
    return;
  }
  problem.textContent = body?.message ?? words("sign-in-unreachable");
  const password = /** @type {HTMLInputElement} */ (form.elements.namedItem("password"));
  password.select();
});
