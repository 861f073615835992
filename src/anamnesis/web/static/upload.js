// @ts-check
/**
 * Adds files to a patient's documents: checked before anything is sent, kept on the device, sent in
 * parts through the outbox one at a time, so that a note typed meanwhile waits for one part at most.
 * What was broken off goes on by itself on any page that has this form.
 */
import { base64 } from "./base64.js";
import { digestOfBytes } from "./canonical.js";
import { newId } from "./identifiers.js";
import { EntryRefused } from "./outbox.js";
import { pageOutbox } from "./page-outbox.js";
import { isBomb } from "./unpacking.js";
import { UploadStore } from "./upload-store.js";
import { words } from "./words.js";

/** @typedef {import("./upload-store.js").Upload} Upload */

export const FILE_BYTES_MAX = 20_971_520; // as clinical/files.py has them
export const PART_BYTES = 196_608;
/** How long one wait for an answer lasts before it begins again: offline, for days. */
const WAIT_MS = 60_000;
const AGAIN_MS = 3000;
/** @type {Record<string, number[]>} */
const BEGINNINGS = {
  "application/pdf": [0x25, 0x50, 0x44, 0x46, 0x2d],
  "image/jpeg": [0xff, 0xd8, 0xff],
  "image/png": [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};

const form = /** @type {HTMLFormElement} */ (document.getElementById("upload"));
const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type='file']"));
const bar = /** @type {HTMLProgressElement} */ (form.querySelector("progress"));
const notice = /** @type {HTMLElement} */ (form.querySelector("[data-notice]"));
const { patient = "" } = form.dataset;
const { practitioner = "" } = document.body.dataset;

/** @param {string} text */
function say(text) {
  if (notice.textContent !== text) notice.textContent = text;
}

/**
 * The type of a file by its first bytes; empty if it is none of those that are taken.
 * @param {Blob} blob
 */
async function typeOf(blob) {
  const begins = new Uint8Array(await blob.slice(0, 8).arrayBuffer());
  const found = Object.entries(BEGINNINGS).find(([, bytes]) =>
    bytes.every((byte, place) => begins[place] === byte),
  );
  return found?.[0] ?? "";
}

/** @param {File} file */
async function add(file) {
  if (file.size === 0) return say(words("upload-empty", { name: file.name }));
  if (file.size > FILE_BYTES_MAX) return say(words("upload-too-large", { name: file.name }));
  const media_type = await typeOf(file);
  if (!media_type) return say(words("upload-wrong-type", { name: file.name }));
  say(words("upload-checking", { name: file.name }));
  if (await isBomb(file, media_type)) return say(words("upload-bomb", { name: file.name }));
  const sha256 = await digestOfBytes(new Uint8Array(await file.arrayBuffer()));
  const blob = new Blob([await file.arrayBuffer()], { type: media_type });
  const ids = { id: newId(), document: newId() };
  const about = { practitioner, patient, name: file.name, media_type, blob, sha256 };
  await store.put({ ...ids, ...about, sent: 0, added_at: new Date().toISOString() });
  void run();
}

/**
 * Sends an entry, and waits as long as it takes until the journal has it, or the record.
 * @param {import("./outbox.js").Deed} deed
 * @param {"journaled" | "recorded"} state
 */
async function sent(deed, state) {
  const outbox = await pageOutbox();
  const row = await outbox.add(deed);
  for (;;) {
    try {
      return await outbox.reached(row.entry.id, state, WAIT_MS);
    } catch (error) {
      if (error instanceof EntryRefused) throw error;
    }
  }
}

/** @param {Upload} upload */
async function send(upload) {
  const parts = Math.ceil(upload.blob.size / PART_BYTES);
  const { id: file, media_type, patient: about } = upload;
  for (; upload.sent < parts; upload.sent += 1) {
    show(upload, parts);
    const begin = upload.sent * PART_BYTES;
    const bytes = await upload.blob.slice(begin, begin + PART_BYTES).arrayBuffer();
    const content = { file, index: upload.sent, parts, media_type, data: base64(bytes) };
    await sent({ kind: "file.part", patient: about, content }, "journaled");
    await store.put({ ...upload, sent: upload.sent + 1 });
  }
  show(upload, parts);
  await sent({ kind: "document.write", patient: about, content: content(upload, parts) }, "recorded");
}

/** @param {Upload} upload @param {number} parts */
function content(upload, parts) {
  const { id, name, media_type, sha256, document: made } = upload;
  const file = { id, name, media_type, bytes: upload.blob.size, sha256, parts };
  const date = upload.added_at.slice(0, 10);
  return { id: made, type: "upload", title: "", date, recipient: "", body: "", lines: [], file };
}


/** @param {Upload} upload @param {number} parts */
function show(upload, parts) {
  bar.hidden = false;
  bar.max = parts;
  bar.value = upload.sent;
  const percent = Math.floor((100 * upload.sent) / parts);
  say(words("upload-under-way", { name: upload.name, percent }));
}

/** One tab sends; the others leave it to that one. */
async function run() {
  await navigator.locks.request("anamnesis-upload", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    for (let all = await store.all(practitioner); all[0]; all = await store.all(practitioner)) {
      await finish(all[0]);
    }
  });
}

/** @param {Upload} upload */
async function finish(upload) {
  try {
    await send(upload);
  } catch (error) {
    const code = error instanceof EntryRefused ? error.code : "";
    if (code === "file-incomplete" || code === "file-differs") {
      await store.put({ ...upload, id: newId(), sent: 0 });
      await store.remove(upload.id);
      return;
    }
    if (!(error instanceof EntryRefused)) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      return;
    }
    say(error.message || words(`refusal-${code}`));
    bar.hidden = true;
    await store.remove(upload.id);
    return;
  }
  await store.remove(upload.id);
  bar.hidden = true;
  say(words("upload-done", { name: upload.name }));
  if (upload.patient === patient) location.reload();
}

const store = await UploadStore.open();
input.addEventListener("change", async () => {
  for (const file of input.files ?? []) await add(file);
  input.value = "";
});
form.addEventListener("dragover", (event) => event.preventDefault());
form.addEventListener("drop", async (event) => {
  event.preventDefault();
  for (const file of event.dataTransfer?.files ?? []) await add(file);
});
form.addEventListener("submit", (event) => event.preventDefault());
input.disabled = false;
void run();
