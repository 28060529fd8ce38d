// From a judge's values to the marks of a sheet, and what may be entered at all.
// What each type makes of a value stands in aspect_types.js.

import { typeOf } from "./aspect_types.js";
import { wordsOf } from "./aspect_words.js";
import { ZERO, brief, compare, exact, fixed, plus, times } from "../shared/exact.js";
import { _ } from "../shared/words.js";

/** What the tablet can hold of a measured value: six places, nine digits before them. */
const SHAPE = /^-?\d{1,9}(\.\d{1,6})?$/;

/** The sentence that says why this value can't be entered, or null when it can. */
export function refusal(aspect, value) {
  if (typeOf(aspect).isYesNo(aspect)) {
    return typeof value === "boolean" ? null : _("这一项只有合格和不合格");
  }
  const number = typeof value === "string" && SHAPE.test(value) ? exact(value) : null;
  if (!number) return _("%(value)s 不是能记的数，没有记下", { value });
  return wordsOf(aspect).offScale(aspect, number, brief(number, 6)) ?? beyond(aspect, number);
}

/** What no finger meant: more faults than anybody counts, a deviation of a kilometre. */
function beyond(aspect, number) {
  const seconds = (value) => _("%(n)s 秒", { n: value });
  const words = (size) => (typeOf(aspect).timed ? seconds(brief(size, 6)) : brief(size, 6));
  const value = words(number);
  if (aspect.most && compare(number, exact(aspect.most)) > 0) {
    return _("最多 %(most)s，%(value)s 没有记下", { most: words(exact(aspect.most)), value });
  }
  if (aspect.least && compare(number, exact(aspect.least)) < 0) {
    return _("最少 %(least)s，%(value)s 没有记下", { least: words(exact(aspect.least)), value });
  }
  return null;
}

/**
 * The marks of a value that `refusal` lets through, before the aspect's factor;
 * null where they depend on the other contestants.
 */
export const marks = (aspect, value) => typeOf(aspect).marks(aspect, value);

/**
 * Whether a sheet may be handed in without a word on this aspect: no fault seen means
 * none. Not where it is to be marked anew: there the judge says so.
 */
export const startsAtZero = (aspect) =>
  Boolean(typeOf(aspect).countsFaults) && aspect.before === undefined;

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
  aspects.reduce((sum, aspect) => plus(sum, times(exact(aspect.max), factor(aspect))), ZERO);

const factor = (aspect) => exact(aspect.factor ?? 1);

/** How many aspects no total of a sheet has: compared, or × a difficulty. */
const countApart = (aspects) => aspects.filter((aspect) =>
  typeOf(aspect).againstOthers || typeOf(aspect).byDifficulty).length;

/** Whether a sheet has a total of its own. */
export const hasTotal = (aspects) => countApart(aspects) < aspects.length;

/** What stands behind the word for a total that leaves aspects out. */
export function apartWords(aspects) {
  const n = countApart(aspects);
  return n ? _("，%(n)s 项另算", { n }) : "";
}

/** The total as it is shown: two places, half up; a dash where all marks come from comparing. */
export const totalText = (aspects, values) =>
  (hasTotal(aspects) ? fixed(total(aspects, values), 2) : "—");
