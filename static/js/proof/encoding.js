// Bytes as text and back, each in the one right way: anything else is null.

const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The UTF-8 of a text. */
export const textBytes = (text) => utf8.encode(text);

/** The text of UTF-8, or null. */
export function bytesText(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** Base64 (RFC 4648, section 4). */
export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The bytes of base64, or null. */
export function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) return null;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return base64(bytes) === text ? bytes : null;
}

/** The bytes of base64 as addresses carry it, without padding; or null. */
export function fromBase64Url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(standard + "=".repeat(-standard.length & 3));
}

/** Lower-case hexadecimal. */
export const hex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** One behind the other. */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether both are the same bytes. */
export const equal = (bytes, other) =>
  bytes.length === other.length && bytes.every((byte, at) => byte === other[at]);
