// @ts-check
/** The operator's page: asks the keeper each second, draws what it says, sends decisions. */
import { keeper } from "./keeper-client.js";
import { incidentCard } from "./operator-incident.js";
import { cohort, exactly, figure, made, moment, pair, stateChip } from "./operator-parts.js";
import { words } from "./words.js";

const ASKED_EVERY_MS = 1000;
const MEBIBYTE = 1_048_576;

/** @param {string} name @returns {HTMLElement} */
const place = (name) =>
  /** @type {HTMLElement} */ (document.querySelector(`[data-${name}]`));
const problem = place("problem");
/** What was drawn last in each place: what stands still keeps its focus and its opened details. */
/** @type {Map<string, string>} */
const shown = new Map();

/** @param {string} name @param {unknown} told @param {() => (Node | string)[]} draw */
function redraw(name, told, draw) {
  const text = JSON.stringify(told);
  if (shown.get(name) === text) return;
  shown.set(name, text);
  place(name).replaceChildren(...draw());
}

/** @param {any} told @param {string} state */
function features(told, state) {
  if (told.deployments.length === 0) return [made("p", {}, words("operator-no-feature"))];
  return told.deployments.map((/** @type {any} */ one) => {
    const now = one.suspended ? "suspended" : one.trying ? "trying" : state;
    const why = one.suspended ? made("code", {}, one.suspended.why) : "";
    const since = one.suspended ? ` ${exactly(one.suspended.at)} ` : "";
    const acts = one.suspended ? ["resume", "withdraw"] : ["suspend", "withdraw"];
    const buttons = acts.map((act) =>
      made(
        "button",
        { type: "button", "data-act": act, "data-feature": one.feature },
        words(`operator-act-${act}`),
        made("span", { class: "unseen-aloud" }, ` ${one.feature}`),
      ),
    );
    return made(
      "div",
      { class: "operator-feature", "data-deployed": one.feature },
      made("strong", {}, one.feature),
      made("span", {}, stateChip(now), since, why),
      made("span", { class: "quiet" }, cohort(one.cohort)),
      made("span", { class: "operator-acts" }, ...buttons),
    );
  });
}

/** @type {Record<string, (told: any, all: any) => HTMLElement[]>} */
const SECTIONS = {
  reconciliation: (told, all) => [
    pair("operator-journaled", figure(told.journaled)),
    pair("operator-recorded", figure(told.recorded)),
    pair("operator-lag", `${figure(told.oldest_seconds)} s`),
    pair("operator-disagreements", figure(all.disagreements.count)),
    pair("operator-findings", figure(all.findings.open.length)),
    pair("operator-swept", moment(all.sweep.completed_at)),
  ],
  guard: (told) => [
    pair("operator-state", stateChip(told.state)),
    pair("operator-saves", figure(told.lateness.saves)),
    pair("operator-saves-late", figure(told.lateness.late)),
    ...[...told.races, ...told.occasions].map((/** @type {any} */ one) =>
      made(
        "div",
        {},
        made("dt", {}, `${one.feature} · ${one.sign ?? one.code}`),
        made("dd", {}, `${figure(one.evidence)} / ${figure(one.threshold)}`),
      ),
    ),
  ],
  sentinels: (told) => [
    pair("operator-state", stateChip(told.state)),
    ...told.paths.map((/** @type {any} */ one) =>
      made(
        "div",
        {},
        made("dt", {}, [one.feature, words(`path-${one.path}`)].filter(Boolean).join(" · ")),
        made("dd", {}, exactly(one.at), " ", made("code", {}, one.codes.join(" ") || one.result)),
      ),
    ),
  ],
  outboxes: (told) => [
    pair("operator-devices", figure(told.devices)),
    pair("operator-waiting", figure(told.waiting)),
    pair("operator-silent", `${figure(told.silent)} (${figure(told.silent_waiting)})`),
  ],
  backups: (told) =>
    told?.to
      ? [
          pair("operator-taken", moment(told.taken_at)),
          pair("operator-compared", moment(told.compared_at)),
          pair("operator-result", made("code", {}, told.failure || told.result || "–")),
        ]
      : [pair("operator-state", words("operator-no-backup"))],
  dispatches: (told) =>
    told?.mail || told?.webhook
      ? [
          pair("operator-told", figure(told.mail)),
          pair("operator-webhook", figure(told.webhook ? 1 : 0)),
          pair("operator-unsent", figure(told.waiting)),
          pair("operator-given-up", figure(told.given_up)),
          pair("operator-result", made("code", {}, told.failure || told.unread || "–")),
          pair("operator-failing-since", moment(told.failing_since)),
        ]
      : [pair("operator-state", words("operator-no-dispatch"))],
  processes: (told, all) => [
    pair("operator-application", stateChip(told.application)),
    pair("operator-journal", stateChip(told.journal)),
    pair("operator-streams", figure(told.streams)),
    pair("operator-free", `${figure(Math.round(all.disk.free_bytes / MEBIBYTE))} Mio`),
    pair("operator-build", made("code", {}, told.build)),
  ],
};

/** @param {any} all @returns {"broken" | "mended" | "holds"} */
function verdictOf(all) {
  const bad = all.checks.some((/** @type {any} */ one) =>
    ["broken", "late", "failed"].includes(one.state),
  );
  const open = all.incidents.some((/** @type {any} */ one) => !one.closed_at);
  return bad ? "broken" : open ? "mended" : "holds";
}

/** @param {any} all */
function draw(all) {
  const { rollout } = all;
  place("asked-at").textContent = words("operator-as-of", { at: exactly(all.at) });
  place("mode").textContent = words(`operator-mode-${rollout.mode}`);
  for (const button of document.querySelectorAll('[data-act="mode"]'))
    /** @type {HTMLElement} */ (button).hidden =
      /** @type {HTMLElement} */ (button).dataset.to === rollout.mode;
  const verdict = verdictOf(all);
  place("verdict").dataset.verdict = verdict;
  if (place("verdict").textContent !== words(`operator-verdict-${verdict}`))
    place("verdict").textContent = words(`operator-verdict-${verdict}`);
  redraw("features", [rollout], () =>
    features(rollout, rollout.mode === "features" ? "running" : "stopped"),
  );
  const open = all.incidents.some((/** @type {any} */ one) => !one.closed_at);
  redraw("incidents", [all.incidents, open && all.at], () =>
    all.incidents.length
      ? all.incidents.map((/** @type {any} */ one) => incidentCard(one, all.at))
      : [made("p", {}, words("operator-no-incident"))],
  );
  redraw("invariants", all.invariants, () =>
    all.invariants.map((/** @type {any} */ one) =>
      made(
        "li",
        {},
        stateChip(one.state),
        made("span", {}, `${one.invariant} · ${words(`invariant-${one.invariant.toLowerCase()}`)}`),
      ),
    ),
  );
  redraw("checks", all.checks, () =>
    all.checks.map((/** @type {any} */ one) =>
      made(
        "tr",
        {},
        made("th", { scope: "row" }, made("code", {}, one.check)),
        made("td", {}, stateChip(one.state)),
        made("td", {}, exactly(one.checked_at)),
        made("td", {}, figure(one.wrong)),
      ),
    ),
  );
  for (const [name, lines] of Object.entries(SECTIONS)) {
    const dl = /** @type {HTMLElement} */ (document.querySelector(`[data-section="${name}"]`));
    const failed = all[name]?.failed;
    const told = failed ? [pair("operator-state", stateChip("failed"))] : lines(all[name], all);
    dl.replaceChildren(...told);
  }
}

async function look() {
  const { status, body } = await keeper.operator();
  if (status === 401) return location.assign("/sign-in?next=/operator");
  if (status === 200) {
    problem.textContent = "";
    draw(body);
  } else problem.textContent = words("operator-unreachable");
}

/** @param {string} question @returns {Promise<boolean>} */
async function sure(question) {
  const dialog = /** @type {HTMLDialogElement} */ (place("sure"));
  place("question").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "yes";
}

document.addEventListener("click", async (event) => {
  const button = /** @type {HTMLElement | null} */ (
    event.target instanceof Element ? event.target.closest("[data-act]") : null
  );
  const { act, to = "", feature = "" } = button?.dataset ?? {};
  if (!act) return;
  const what = act === "mode" ? `operator-mode-${to}` : `operator-act-${act}`;
  if (!(await sure(words("operator-sure", { what: words(what), feature })))) return;
  const { status } =
    act === "mode" ? await keeper.operatorMode(to) : await keeper.operatorFeature(feature, act);
  await look();
  if (status !== 200) problem.textContent = words("operator-refused");
});
place("operator-sign-out").addEventListener("click", async () => {
  const { status } = await keeper.signOut();
  if (status === 204 || status === 401) location.assign("/sign-in");
  else problem.textContent = words("operator-unreachable");
});

/** One question at a time: a slow keeper is not asked twice. */
async function goOn() {
  await look();
  setTimeout(() => void goOn(), ASKED_EVERY_MS);
}
void goOn();
