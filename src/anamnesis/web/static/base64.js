// @ts-check
/** The bytes in Base64. @param {ArrayBuffer | Uint8Array<ArrayBuffer>} bytes */
export function base64(bytes) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}
