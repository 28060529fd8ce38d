// Whether an answer is right, as the server's scorer says it, and the right one in words. A practice
// set brings its keys, so that a phone says so without the network.

import { compare, exact, minus, size, times, ZERO } from "../shared/exact.js";
import { _ } from "../shared/words.js";
import { optionsOf } from "../exam/answers.js";
import { isEmpty } from "../exam/sitting.js";

const NUMBER = /^([+-]?)(?:(\d{1,18})(?:\.(\d{0,12}))?|\.(\d{1,12}))$/;

/** The folded text: full-width signs as plain ones, single spaces, small letters unless `cased`. */
function folded(text, cased) {
  const plain = text
    .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xFEE0))
    .replace(/[\u3000\u00A0\t\r\n]/g, " ")
    .replace(/\u2212/g, "-")
    .normalize("NFC")
    .replace(/ {2,}/g, " ")
    .replace(/^ | $/g, "");
  return cased ? plain : plain.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The number that a folded text is, or null. */
function numberIn(text) {
  const [whole, sign, before = "0", after = "", alone = ""] = NUMBER.exec(text) ?? [];
  return whole === undefined ? null : exact(`${sign}${before}.${after || alone || "0"}`);
}

function areAlike(text, other, cased) {
  const [a, b] = [folded(text, cased), folded(other, cased)];
  const [first, second] = [numberIn(a), numberIn(b)];
  return first && second ? compare(first, second) === 0 : a === b;
}

function isNear({ key, tolerance, relative }, text) {
  const number = numberIn(folded(text, true));
  if (!number) return false;
  const wanted = exact(key);
  const within = relative == null ? exact(tolerance ?? 0) : times(exact(relative), size(wanted));
  return compare(size(minus(number, wanted)), within) <= 0;
}

/** Whether a value answers the question, all of it. */
export function isRight(question, value) {
  const { kind, key } = question;
  if (isEmpty(value)) return false;
  switch (kind) {
    case "true_false": return value === key;
    case "single": return key.includes(value);
    case "multiple": return value.length === key.length && value.every((id) => key.includes(id));
    case "numeric": return isNear(question, value);
    default: return key.every((accepted, place) =>
      accepted.some((text) => areAlike(text, value[place] ?? "", question.case)));
  }
}

/** The ids of the options that are right; empty where there are none. */
export function rightOptions({ kind, key }) {
  if (kind === "true_false") return new Set([key]);
  return new Set(kind === "single" || kind === "multiple" ? key : []);
}

/** The right answer in words. */
export function rightWords(question) {
  const { kind, key, tolerance, relative } = question;
  if (kind === "blank") return key.map((accepted) => accepted.join(" / ")).join(" · ");
  if (kind !== "numeric") {
    const right = rightOptions(question);
    return optionsOf(question).filter(({ id }) => right.has(id)).map(({ letter }) => letter).join("");
  }
  if (relative != null && compare(exact(relative), ZERO)) {
    return _("%(key)s，差不过它的 %(share)s 倍都对", { key, share: relative });
  }
  if (tolerance != null && compare(exact(tolerance), ZERO)) {
    return _("%(key)s，上下差 %(tolerance)s 以内都对", { key, tolerance });
  }
  return String(key);
}
