// Exact arithmetic: a number is a fraction {n, d} of two BigInts, d > 0.
// Points never pass through a binary float.

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;
// An exponent from the far side is read, but only as far as makes sense for points.
const EXPONENT = /^([+-]?\d+(?:\.\d+)?)[eE]([+-]?\d{1,2})$/;

export const ZERO = { n: 0n, d: 1n };

/** The fraction that a decimal text or a whole number stands for; null if it is neither. */
export function exact(text) {
  if (typeof text === "number" && !Number.isSafeInteger(text)) text = String(text);
  const numeral = String(text ?? "").trim();
  const scientific = EXPONENT.exec(numeral);
  if (scientific) {
    const power = Number(scientific[2]);
    const factor = { n: 10n ** BigInt(Math.abs(power)), d: 1n };
    return (power < 0 ? over : times)(exact(scientific[1]), factor);
  }
  const match = DECIMAL.exec(numeral);
  if (!match) return null;
  const [, sign, whole, rest = ""] = match;
  const n = BigInt(whole + rest);
  return { n: sign === "-" ? -n : n, d: 10n ** BigInt(rest.length) };
}

/** Over one denominator where both have it already: long sums stay short numbers. */
export const plus = (a, b) =>
  (a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d });
export const minus = (a, b) =>
  (a.d === b.d ? { n: a.n - b.n, d: a.d } : { n: a.n * b.d - b.n * a.d, d: a.d * b.d });
export const times = (a, b) => ({ n: a.n * b.n, d: a.d * b.d });

/** a ÷ b; b must not be zero. */
export function over(a, b) {
  const n = a.n * b.d;
  const d = a.d * b.n;
  return d < 0n ? { n: -n, d: -d } : { n, d };
}

/** Below zero, zero, or above: as a is below, equal to or above b. */
export function compare(a, b) {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const size = (a) => (a.n < 0n ? { n: -a.n, d: a.d } : a);

/** Whether a is a whole multiple of b. */
export const isMultiple = (a, b) => (a.n * b.d) % (a.d * b.n) === 0n;

/** Text with exactly so many places, rounded half up away from zero: 1/8 → "0.13". */
export function fixed(a, places = 2) {
  const scale = 10n ** BigInt(places);
  const positive = a.n < 0n ? -a.n : a.n;
  const units = (2n * positive * scale + a.d) / (2n * a.d);
  const digits = String(units).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const text = places ? `${whole}.${digits.slice(-places)}` : whole;
  return a.n < 0n && units > 0n ? `-${text}` : text;
}

/** The same, without zeros at the end: 6.67, 16, 17.5. */
export function brief(a, places = 2) {
  const text = fixed(a, places);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A decimal text as the server wants it: no leading or trailing zeros, no plus sign. */
export function tidy(text) {
  const number = exact(text);
  return number && brief(number, 9);
}
