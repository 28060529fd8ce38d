// What each type of aspect is on a tablet, a paragraph a type, as the bundle format says
// (section "Aspect types"). Values are decimal texts, or true/false. Whoever would ask
// "is it this type or that?" asks here for what follows from it. Its control stands in
// sheet_controls/, and sheet_controls/build.js knows which.

import * as duration from "../shared/duration.js";
import { ZERO, brief, compare, exact, isMultiple, minus, over, size, times } from "../shared/exact.js";
import { _ } from "../shared/words.js";

const WHOLE = exact(1);

const isUpTo = (number, top) =>
  number.n >= 0n && compare(number, exact(top)) <= 0 && isMultiple(number, WHOLE);

const withUnit = (aspect, value) => `${value} ${aspect.unit ?? ""}`.trim();

/**
 * keys: what a file says of this type alone: null for anything, a set of words, or a text
 * that names the keys of each thing in a list. offScale: the sentence that says why a number can't be entered, or null. marks: of a
 * value that may be, before the factor; null where they depend on the other contestants.
 * text: a value in a few words. The rest are facts that most types are without:
 * isYesNo, the values are true and false; inLevels, they are rungs of a ladder;
 * countsFaults, they take from full marks, untouched none; timed, a watch gives them;
 * byTaps, a value is reached tap by tap; againstOthers, marks come from comparing; signed, they may lie below 0;
 * byDifficulty, they are multiplied by what the contestant attempted; asMarks, marks tell colleagues more than the value does.
 */
const PLAIN = { keys: {}, isYesNo: () => false, text: (aspect, value) => value };

const TYPES = {
  score: {
    ...PLAIN,
    keys: { step: null, min: null },
    offScale(aspect, number, value) {
      const max = brief(exact(aspect.max), 6);
      if (compare(number, exact(max)) > 0) {
        return _("最高 %(max)s 分，%(value)s 没有记下", { max, value });
      }
      const min = brief(exact(aspect.min ?? "0"), 6);
      if (compare(number, exact(min)) < 0) {
        return _("最低 %(min)s 分，%(value)s 没有记下", { min, value });
      }
      const step = aspect.step ?? "0.01";
      if (isMultiple(number, exact(step))) return null;
      return _("%(step)s 分一档，%(value)s 没有记下", { step: brief(exact(step), 6), value });
    },
    marks: (aspect, value) => exact(value),
  },

  judgement: {
    ...PLAIN,
    keys: { scale: null },
    inLevels: true,
    offScale(aspect, number, value) {
      const top = aspect.scale ?? 3;
      return isUpTo(number, top) ? null
        : _("只有 0 到 %(top)s 档，%(value)s 没有记下", { top: brief(exact(top)), value });
    },
    marks: (aspect, value) => over(times(exact(aspect.max), exact(value)), exact(aspect.scale ?? 3)),
    text: (aspect, value) => _("%(level)s 档", { level: value }),
  },

  measurement: {
    ...PLAIN,
    keys: { bands: "within marks" },
    signed: true,
    asMarks: true,
    isYesNo: (aspect) => !aspect.bands?.length,
    offScale: () => null,
    marks(aspect, value) {
      if (this.isYesNo(aspect)) return value === true ? exact(aspect.max) : ZERO;
      const band = aspect.bands[bandOf(aspect, exact(value))];
      return band ? exact(band.marks) : ZERO;
    },
    text(aspect, value) {
      if (!this.isYesNo(aspect)) return withUnit(aspect, value);
      return value ? _("合格") : _("不合格");
    },
  },

  checklist: {
    ...PLAIN,
    keys: { checks: null },
    byTaps: true,
    asMarks: true,
    offScale(aspect, number, value) {
      const top = aspect.checks.length;
      return isUpTo(number, top) ? null
        : _("只有 0 到 %(top)s 项，%(value)s 没有记下", { top, value });
    },
    marks: (aspect, value) =>
      over(times(exact(aspect.max), exact(value)), exact(aspect.checks.length)),
    text: (aspect, value) => _("%(count)s 项", { count: value }),
  },

  deduction: {
    ...PLAIN,
    keys: { points: null },
    countsFaults: true,
    byTaps: true,
    asMarks: true,
    offScale(aspect, number, value) {
      if (number.n < 0n) return _("次数最少 0，%(value)s 没有记下", { value });
      return isMultiple(number, WHOLE) ? null : _("次数是整数，%(value)s 没有记下", { value });
    },
    marks(aspect, value) {
      const left = minus(exact(aspect.max), times(exact(value), exact(aspect.points)));
      return left.n < 0n ? ZERO : left;
    },
    text: (aspect, value) => _("%(count)s 次", { count: value }),
  },

  time: {
    ...PLAIN,
    keys: { full_at: null, zero_at: null },
    timed: true,
    asMarks: true,
    offScale: (aspect, number, value) =>
      (number.n < 0n ? _("用时最少 0 秒，%(value)s 没有记下", { value }) : null),
    marks(aspect, value) {
      const [number, full, zero] = [value, aspect.full_at, aspect.zero_at].map(exact);
      if (compare(number, full) <= 0) return exact(aspect.max);
      if (compare(number, zero) >= 0) return ZERO;
      return over(times(exact(aspect.max), minus(zero, number)), minus(zero, full));
    },
    text: (aspect, value) => duration.show(duration.milliseconds(value)),
  },

  relative: {
    ...PLAIN,
    keys: { better: new Set(["lower", "higher"]) },
    againstOthers: true,
    offScale: (aspect, number, value) =>
      (number.n <= 0n ? _("这个数要大于 0，%(value)s 没有记下", { value }) : null),
    marks: () => null,
    text: withUnit,
  },

  factored: {
    ...PLAIN,
    keys: { top: null, difficulties: null },
    byDifficulty: true,
    offScale: (aspect, number, value) =>
      TYPES.score.offScale({ max: aspect.top, step: aspect.step }, number, value),
    marks: () => null,
  },
};

/** The type of an aspect. */
export const typeOf = (aspect) => TYPES[aspect.type];

/** What there are, and the keys that any of them has for itself. */
export const TYPE_NAMES = Object.keys(TYPES);
export const OWN_KEYS = Object.assign({}, ...Object.values(TYPES).map((type) => type.keys));

/** The place in the list of the first band that holds the number; -1 beyond all. */
export function bandOf(aspect, number) {
  return aspect.bands.findIndex((band) => compare(size(number), exact(band.within)) <= 0);
}
