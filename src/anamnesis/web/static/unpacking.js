// @ts-check
/**
 * What a file unpacks to, found out a piece at a time before anything of it is sent; the limits are
 * those of clinical/unpacking.py, which looks again.
 */

export const UNPACKED_BYTES_MAX = 268_435_456;
export const PIXELS_MAX = 100_000_000;
const STREAM = new TextEncoder().encode("stream");
const END = new TextEncoder().encode("endstream");
const [CR, LF] = [13, 10];

/**
 * Whether opening the file would fill whatever opens it.
 * @param {Blob} blob
 * @param {string} mediaType
 * @returns {Promise<boolean>}
 */
export async function isBomb(blob, mediaType) {
  const data = new Uint8Array(await blob.arrayBuffer());
  if (mediaType === "image/png") {
    const header = new DataView(data.buffer);
    return data.length >= 24 && header.getUint32(16) * header.getUint32(20) > PIXELS_MAX;
  }
  if (mediaType !== "application/pdf") return false;
  let left = UNPACKED_BYTES_MAX;
  for (const stream of streams(data)) {
    left -= await unpacked(stream, left);
    if (left <= 0) return true;
  }
  return false;
}

/**
 * What stands between `stream` and `endstream` in a PDF.
 * @param {Uint8Array} data
 * @returns {Generator<Uint8Array>}
 */
function* streams(data) {
  for (let at = find(data, STREAM, 0); at !== -1; at = find(data, STREAM, at + 1)) {
    const after = at + STREAM.length;
    const begin = data[after] === CR ? after + 2 : after + 1;
    if (data[begin - 1] !== LF) continue;
    const found = find(data, END, begin);
    let end = found === -1 ? data.length : found;
    while (data[end - 1] === LF || data[end - 1] === CR) end -= 1;
    yield data.subarray(begin, end);
  }
}

/**
 * Where a word stands next; -1 if nowhere.
 * @param {Uint8Array} data
 * @param {Uint8Array} word
 * @param {number} from
 */
function find(data, word, from) {
  const first = word[0] ?? 0;
  for (let at = data.indexOf(first, from); at !== -1; at = data.indexOf(first, at + 1)) {
    if (word.every((byte, place) => data[at + place] === byte)) return at;
  }
  return -1;
}

/**
 * How many bytes a stream unpacks to, counted up to `most`.
 * @param {Uint8Array} packed
 * @param {number} most
 */
async function unpacked(packed, most) {
  let size = 0;
  try {
    const bytes = new Blob([/** @type {BlobPart} */ (packed)]).stream();
    const reader = bytes.pipeThrough(new DecompressionStream("deflate")).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return size;
      size += value.length;
      if (size >= most) {
        void reader.cancel();
        return most;
      }
    }
  } catch {
    return size; // its end is not where the file's is, or it is packed in another way
  }
}
