// What working a competition out takes besides the arithmetic of shared/exact.js: long sums,
// rounding that goes on being a number, and texts as the results file has them.

import { ZERO, brief, compare, exact, fixed, over, plus } from "../shared/exact.js";

/** A number that the file must have; throws where it is none. */
export function number(text) {
  const value = exact(text);
  if (!value) throw new TypeError(`not a number: ${text}`);
  return value;
}

/** The number, or null where the file has none. */
export const numberOr = (text, other = null) => (text == null ? other : number(text));

/** The sum of many. Those over the same denominator come first: so the numbers stay short. */
export function sum(numbers) {
  const tops = new Map();
  for (const { n, d } of numbers) tops.set(d, (tops.get(d) ?? 0n) + n);
  let whole = ZERO;
  for (const [d, n] of tops) whole = plus(whole, { n, d });
  return whole;
}

/** Their sum by their number. */
export const mean = (numbers) => over(sum(numbers), { n: BigInt(numbers.length), d: 1n });

/** So many decimal places, a half away from zero; still a number. */
export function rounded(number, places) {
  const d = 10n ** BigInt(places);
  const twice = 2n * (number.n < 0n ? -number.n : number.n) * d;
  const n = (twice + number.d) / (2n * number.d);
  return { n: number.n < 0n ? -n : n, d };
}

/** How an event rounds: a function of a number and its places. */
export const rounderOf = (event) => ROUNDERS[event.rounding?.mode ?? "half_up"];

/** So many decimal places, what is beyond them left out; still a number. */
function cut({ n, d }, places) {
  const unit = 10n ** BigInt(places);
  return { n: (n * unit) / d, d: unit };
}

/** The same, but away from zero wherever anything is left out. */
function raised(number, places) {
  const { n, d } = cut(number, places);
  if (n * number.d === number.n * d) return { n, d };
  return { n: number.n < 0n ? n - 1n : n + 1n, d };
}

const ROUNDERS = { half_up: rounded, down: cut, up: raised };

/** As the results write it: exactly so many places, or null. */
export const shown = (number, places) => (number === null ? null : fixed(number, places));

/** The shortest decimal of a number that has an end within the format's twelve places. */
export const shortest = (number) => brief(number, 12);

/** The shortest decimal of any number, or so many places where it has no end. */
export function shortestOr(number, places) {
  const twelve = brief(number, 12);
  if (compare(exact(twelve), number) === 0) return twelve;
  let rest = number.d / divisor(number.n < 0n ? -number.n : number.n, number.d);
  let most = 0;
  for (const prime of [2n, 5n]) {
    let power = 0;
    for (; rest % prime === 0n; rest /= prime) power += 1;
    most = Math.max(most, power);
  }
  return rest === 1n ? brief(number, most) : fixed(number, places);
}

const divisor = (a, b) => (b ? divisor(b, a % b) : a);

/** For people: at most four places, and a mark where there would be more. */
export function readable(number) {
  const four = rounded(number, 4);
  return compare(four, number) === 0 ? brief(number, 4) : `${fixed(number, 4)}…`;
}

export const least = (a, b) => (compare(a, b) <= 0 ? a : b);
export const greatest = (a, b) => (compare(a, b) >= 0 ? a : b);
export const negative = ({ n, d }) => ({ n: -n, d });
