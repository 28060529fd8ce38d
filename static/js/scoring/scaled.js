// Standard scores: how far each total lies from the middle of the field, to the last place.

import { compare, minus, over, plus, times } from "../shared/exact.js";
import { mean, number, numberOr, rounded } from "./points.js";

/** {of: code → standard score, of those ranked in the last stage; places}. */
export function scaledOf(scale, last) {
  const totals = new Map([...last.ranks.keys()].map((code) => [code, last.rows.get(code).total]));
  const places = scale.places ?? 0;
  if (!totals.size) return { of: totals, places };
  const sorted = [...totals.values()].sort(compare);
  const half = sorted.length >> 1;
  const middle = mean(sorted);
  const centre = (scale.centre ?? "median") === "mean"
    ? middle : mean([sorted[half], sorted.at(-1 - half)]);
  const square = (scale.spread ?? "sd") === "none"
    ? number(1) : mean(sorted.map((x) => times(minus(x, middle), minus(x, middle))));
  const at = numberOr(scale.at, number(700));
  const scaled = (x) => rootRounded(at, times(number(scale.of), minus(x, centre)), square, places);
  return { of: new Map([...totals].map(([code, x]) => [code, scaled(x)])), places };
}

/** at + away ÷ √square, half up; whole numbers alone decide where the root has no end. */
function rootRounded(at, away, square, places) {
  if (!square.n || !away.n) return rounded(at, places);
  const unit = 10n ** BigInt(places);
  const ratio = over(times(away, away), square);
  const scaledUp = { n: ratio.n * unit * unit, d: ratio.d };
  // √(n ÷ d) = √(n × d) ÷ d.
  const under = scaledUp.n * scaledUp.d;
  const root = rootOf(under);
  const isUp = away.n > 0n;
  if (root * root === under) {
    const part = { n: root, d: scaledUp.d * unit };
    return rounded((isUp ? plus : minus)(at, part), places);
  }
  const start = plus(times(at, { n: unit, d: 1n }), { n: 1n, d: 2n });
  // (n ± √under × start.d ÷ d) ÷ start.d, over one denominator.
  const inner = rootOf(under * start.d * start.d);
  const top = start.n * scaledUp.d + (isUp ? inner : -inner - 1n);
  return { n: floor(top, start.d * scaledUp.d), d: unit };
}

function floor(top, bottom) {
  const whole = top / bottom;
  return top % bottom < 0n ? whole - 1n : whole;
}

/** The whole part of a square root. */
function rootOf(number) {
  if (number < 2n) return number;
  let guess = 1n << BigInt((number.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + number / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
