// @ts-check
/** Signs in without leaving the page when it fails; without this script the form does it by itself. */
import { keeper } from "./keeper-client.js";
import { words } from "./words.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("sign-in"));
const problem = /** @type {HTMLElement} */ (form.querySelector("[data-problem]"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));

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
    const next = String(data.get("next"));
    location.assign(next.startsWith("/") && !next.startsWith("//") ? next : "/");
    return;
  }
  problem.textContent = body?.message ?? words("sign-in-unreachable");
  const password = /** @type {HTMLInputElement} */ (form.elements.namedItem("password"));
  password.select();
});
