// How a judge's value becomes marks, aspect type by aspect type, as the bundle
// format says (section "Aspect types"). Values are decimal texts, or true/false.

import { ZERO, brief, compare, exact, fixed, isMultiple, minus, over, plus, size, times }
  from "../shared/exact.js";
import { _ } from "../shared/words.js";

/** What the tablet can hold of a measured value: six places, nine digits before them. */
const SHAPE = /^-?\d{1,9}(\.\d{1,6})?$/;

/** A yes/no aspect: a measurement without bands. */
export const isYesNo = (aspect) => aspect.type === "measurement" && !aspect.bands?.length;

/** The sentence that says why this value can't be entered, or null when it can. */
export function refusal(aspect, value) {
  if (isYesNo(aspect)) {
    return typeof value === "boolean" ? null : _("这一项只有合格和不合格");
  }
  const number = typeof value === "string" && SHAPE.test(value) ? exact(value) : null;
  if (!number) return _("%(value)s 不是能记的数，没有记下", { value });
  return OFF_SCALE[aspect.type](aspect, number, brief(number, 6));
}

const WHOLE = exact(1);

const OFF_SCALE = {
  score(aspect, number, value) {
    const max = brief(exact(aspect.max), 6);
    if (compare(number, exact(max)) > 0) {
      return _("最高 %(max)s 分，%(value)s 没有记下", { max, value });
    }
    if (number.n < 0n) return _("最低 0 分，%(value)s 没有记下", { value });
    const step = aspect.step ?? "0.01";
    if (isMultiple(number, exact(step))) return null;
    return _("%(step)s 分一档，%(value)s 没有记下", { step: brief(exact(step), 6), value });
  },
  judgement(aspect, number, value) {
    const top = exact(aspect.scale ?? 3);
    const fits = number.n >= 0n && compare(number, top) <= 0 && isMultiple(number, WHOLE);
    return fits ? null : _("只有 0 到 %(top)s 档，%(value)s 没有记下", { top: brief(top), value });
  },
  measurement: () => null,
  deduction(aspect, number, value) {
    if (number.n < 0n) return _("次数最少 0，%(value)s 没有记下", { value });
    return isMultiple(number, WHOLE) ? null : _("次数是整数，%(value)s 没有记下", { value });
  },
  time(aspect, number, value) {
    return number.n < 0n ? _("用时最少 0 秒，%(value)s 没有记下", { value }) : null;
  },
  relative(aspect, number, value) {
    return number.n <= 0n ? _("这个数要大于 0，%(value)s 没有记下", { value }) : null;
  },
};

/**
 * The marks of a value that `refusal` lets through, before the aspect's factor;
 * null for a `relative` aspect, whose marks depend on the other contestants.
 */
export function marks(aspect, value) {
  if (isYesNo(aspect)) return value === true ? exact(aspect.max) : ZERO;
  return MARKS[aspect.type](aspect, exact(value));
}

const MARKS = {
  score: (aspect, number) => number,
  judgement: (aspect, number) => over(times(exact(aspect.max), number), exact(aspect.scale ?? 3)),
  measurement(aspect, number) {
    const band = aspect.bands[bandOf(aspect, number)];
    return band ? exact(band.marks) : ZERO;
  },
  deduction(aspect, number) {
    const left = minus(exact(aspect.max), times(number, exact(aspect.points)));
    return left.n < 0n ? ZERO : left;
  },
  time(aspect, number) {
    const full = exact(aspect.full_at);
    const zero = exact(aspect.zero_at);
    if (compare(number, full) <= 0) return exact(aspect.max);
    if (compare(number, zero) >= 0) return ZERO;
    return over(times(exact(aspect.max), minus(zero, number)), minus(zero, full));
  },
  relative: () => null,
};

/** The place in the list of the first band that holds the number; -1 beyond all. */
export function bandOf(aspect, number) {
  return aspect.bands.findIndex((band) => compare(size(number), exact(band.within)) <= 0);
}

/**
 * Whether a sheet may be handed in without a word on this aspect: no fault seen means
 * none. Not where it is to be marked anew: there the judge says so.
 */
export const startsAtZero = (aspect) => aspect.type === "deduction" && aspect.before === undefined;

/** Note on each aspect what this judge gave in the round before, where it is marked anew. */
export function withBefore(aspects, previous) {
  for (const aspect of aspects) aspect.before = previous?.[aspect.code] ?? undefined;
  return aspects;
}

/** The value that counts now: what was given, or no faults; undefined for none. */
export function standing(aspect, values) {
  return values[aspect.code] ?? (startsAtZero(aspect) ? "0" : undefined);
}

/** The aspects without a value, in the sheet's order. */
export const missing = (aspects, values) =>
  aspects.filter((aspect) => standing(aspect, values) === undefined);

/** The exact sum of marks × factor of all that is marked; untouched fault counters count full. */
export function total(aspects, values) {
  let sum = ZERO;
  for (const aspect of aspects) {
    const value = standing(aspect, values);
    const got = value === undefined ? null : marks(aspect, value);
    if (got) sum = plus(sum, times(got, factor(aspect)));
  }
  return sum;
}

/** The most the sheet can give: Σ max × factor. */
export const fullMarks = (aspects) =>
  aspects.reduce((sum, each) => plus(sum, times(exact(each.max), factor(each))), ZERO);

const factor = (aspect) => exact(aspect.factor ?? 1);

/** The total as it is shown: two places, half up. */
export const totalText = (aspects, values) => fixed(total(aspects, values), 2);
