// @ts-check
/**
 * The page's requests to the keeper (docs/protocol.md). No answer within the time-out is status 0:
 * unknown.
 */

/** @typedef {{status: number, body: any}} Answer */
/** @typedef {{practitioner: string, practice: string, name: string, expires_at: string}} Session */

export const REQUEST_MS = 10_000;
/**
 * Browsers let a request outlive its page only when its body is small (64 KiB for all of them
 * together).
 */
const OUTLIVING_CHARACTERS_MAX = 16_000;

/**
 * @param {string} name
 * @returns {string}
 */
function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [content]
 * @returns {Promise<Answer>}
 */
async function request(method, path, content) {
  const body = content === undefined ? null : JSON.stringify(content);
  const keepalive =
    document.visibilityState === "hidden" && (body?.length ?? 0) < OUTLIVING_CHARACTERS_MAX;
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json", "x-csrf-token": cookie("anamnesis_csrf") };
  if (body !== null) headers["content-type"] = "application/json";
  try {
    const response = await fetch(path, {
      method,
      headers,
      body,
      keepalive,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  } catch {
    return { status: 0, body: null };
  }
}

export const keeper = {
  /** @param {unknown[]} entries */
  send: (entries) => request("POST", "/keep/entries", { entries }),
  /** @param {unknown} report */
  witness: (report) => request("POST", "/keep/witness", report),
  /** @param {string} encounter */
  note: (encounter) => request("GET", `/keep/encounters/${encounter}/note`),
  /** @param {string} entry */
  receipt: (entry) => request("GET", `/keep/receipts/${entry}`),
  /** @param {{login: string, password: string}} who */
  signIn: (who) => request("POST", "/keep/session", who),
  signedIn: () => request("GET", "/keep/session"),
  health: () => request("GET", "/keep/health"),
  /** @param {number | null} before */
  journalEncounters: (before) =>
    request("GET", `/keep/journal/encounters${before === null ? "" : `?before=${before}`}`),
  /** @param {string} encounter */
  journalNote: (encounter) => request("GET", `/keep/journal/encounters/${encounter}/note`),
  /** @param {string} query */
  journalPatients: (query) => request("GET", `/keep/journal/patients?q=${encodeURIComponent(query)}`),
  /** @param {string} patient */
  journalPatient: (patient) => request("GET", `/keep/journal/patients/${patient}`),
  devices: () => request("GET", "/keep/devices"),
  operator: () => request("GET", "/keep/operator"),
  /** @param {string} mode */
  operatorMode: (mode) => request("POST", "/keep/operator/mode", { mode }),
  /** @param {string} feature @param {string} act suspend, resume or withdraw */
  operatorFeature: (feature, act) =>
    request("POST", `/keep/operator/features/${encodeURIComponent(feature)}/${act}`),
  /** @param {{kind: string, content: unknown, after: number}} asked */
  operatorRegister: (asked) => request("POST", "/keep/operator/register", asked),
  signOut: () => request("DELETE", "/keep/session"),
  /** @returns {Promise<Session | null>} null when nobody is signed in, or nobody answers */
  async session() {
    const { status, body } = await request("GET", "/keep/session");
    return status === 200 ? body : null;
  },
  /** @returns {Promise<{entry: string, code: string, message: string}[]>} */
  async outstanding() {
    const { status, body } = await request("GET", "/keep/outstanding");
    return status === 200 && Array.isArray(body?.outstanding) ? body.outstanding : [];
  },
};
