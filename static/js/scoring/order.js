// Codes in their order, and ranks from what people are ordered by.

import { compare } from "../shared/exact.js";

/** By code point, as the format orders codes; browsers order by half of one. */
export function byCode(code, other) {
  const length = Math.min(code.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const a = code.charCodeAt(at);
    const b = other.charCodeAt(at);
    if (a !== b) return weight(a) - weight(b);
  }
  return code.length - other.length;
}

/** Halves of a code point beyond U+FFFF come behind all others. */
const weight = (unit) => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);

/** Lists of numbers, each smaller first, null last; of lists that begin alike the shorter. */
export function byKeys(keys, other) {
  for (let at = 0; at < keys.length; at += 1) {
    if (at === other.length) return 1;
    const [a, b] = [keys[at], other[at]];
    if (a === null || b === null) {
      if (a !== b) return a === null ? 1 : -1;
    } else {
      const difference = compare(a, b);
      if (difference) return difference;
    }
  }
  return keys.length - other.length;
}

/**
 * The rank of each code by its key, the smallest first: {order, ranks}.
 * 1, 2, 2, 4 is `competition`, 1, 2, 2, 3 `dense`; in `ordinal` nobody shares one.
 */
export function ranksOf(keys, style = "competition") {
  const order = [...keys.keys()].sort((a, b) => byKeys(keys.get(a), keys.get(b)) || byCode(a, b));
  const ranks = new Map();
  let shared = 0;
  let different = 0;
  order.forEach((code, place) => {
    if (!place || byKeys(keys.get(order[place - 1]), keys.get(code))) {
      different += 1;
      shared = place + 1;
    }
    ranks.set(code, { competition: shared, dense: different, ordinal: place + 1 }[style]);
  });
  return { order, ranks };
}

/** Codes by their rank, those who share one by code. */
export const inOrder = (ranks) =>
  [...ranks.keys()].sort((a, b) => ranks.get(a) - ranks.get(b) || byCode(a, b));

/** Compares two by what a function makes of each. */
export const by = (key) => (a, b) => key(a) - key(b);
