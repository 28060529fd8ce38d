// Texts as the draw wants them: UTF-8, NFC, in the order of their code points.

import { sha256 } from "./sha256.js";

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;
// Control characters, and the two line breaks that are none.
const UNTIDY = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** A sentence that the page shows through its catalogue: the text with holes, and their values. */
export const msg = (text, holes) => ({ text, holes });

const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);

export const hex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The bytes that hexadecimal digits stand for. */
export const bytesOf = (digits) =>
  Uint8Array.from(digits.match(/../g) || [], (pair) => parseInt(pair, 16));

/** SHA-256 of a text, as hexadecimal digits. */
export const hashOf = (text) => hex(sha256(utf8(text)));

/** Why a text may not stand in a draw file, or null; a plain one has no control characters. */
export function textFault(text, plain) {
  if (!text) return msg("这里不能是空的");
  if (LONE.test(text)) return msg("这段文字里有残缺的字符");
  if (text.normalize("NFC") !== text) return msg("这段文字不是 NFC 形式");
  if (plain && UNTIDY.test(text)) return msg("这里不能有换行和控制字符");
  return null;
}

// UTF-16 puts what lies beyond U+FFFF before U+E000; code points have it last.
const rank = (unit) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Below zero, zero or above, as `a` stands before `b` by code points. */
export function byCodePoint(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const unit = a.charCodeAt(i);
    const other = b.charCodeAt(i);
    if (unit !== other) return rank(unit) - rank(other);
  }
  return a.length - b.length;
}

const LONGEST = 40;
const UNSEEN = /(?! )[\p{C}\p{Z}]/gu;

function escaped(sign) {
  const code = sign.codePointAt(0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}

/** The text or its beginning, for a sentence; what can't be seen is written as an escape. */
export function clipped(text) {
  const signs = Array.from(text.slice(0, 2 * LONGEST + 2));
  const shown = signs.length > LONGEST ? `${signs.slice(0, LONGEST).join("")}…` : text;
  return shown.replace(UNSEEN, escaped);
}
