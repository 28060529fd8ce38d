// What each type of aspect is, a paragraph a type, as the bundle format says (section "Aspect
// types"). Values are decimal texts, or true/false. Whoever would ask "is it this type or that?"
// asks here for what follows from it. What a judge is told in words stands in aspect_words.js,
// which a second scorer has no use for; its control in sheet_controls/, and
// sheet_controls/build.js knows which.

import { ZERO, compare, exact, minus, over, size, times } from "../shared/exact.js";

/**
 * keys: what a file says of this type alone: null for anything, a set of words, or a text
 * that names the keys of each thing in a list. marks: of a value that may be, before the factor;
 * null where they depend on the other contestants. The rest are facts that most types are without:
 * isYesNo, the values are true and false; inLevels, they are rungs of a ladder;
 * countsFaults, they take from full marks, untouched none; timed, a watch gives them;
 * byTaps, a value is reached tap by tap; againstOthers, marks come from comparing; signed, they may lie below 0;
 * byDifficulty, they are multiplied by what the contestant attempted; asMarks, marks tell colleagues more than the value does.
 */
const PLAIN = { keys: {}, isYesNo: () => false };

const TYPES = {
  score: {
    ...PLAIN,
    keys: { step: null, min: null },
    marks: (aspect, value) => exact(value),
  },

  judgement: {
    ...PLAIN,
    keys: { scale: null },
    inLevels: true,
    marks: (aspect, value) => over(times(exact(aspect.max), exact(value)), exact(aspect.scale ?? 3)),
  },

  measurement: {
    ...PLAIN,
    keys: { bands: "within marks" },
    signed: true,
    asMarks: true,
    isYesNo: (aspect) => !aspect.bands?.length,
    marks(aspect, value) {
      if (this.isYesNo(aspect)) return value === true ? exact(aspect.max) : ZERO;
      const band = aspect.bands[bandOf(aspect, exact(value))];
      return band ? exact(band.marks) : ZERO;
    },
  },

  checklist: {
    ...PLAIN,
    keys: { checks: null },
    byTaps: true,
    asMarks: true,
    marks: (aspect, value) =>
      over(times(exact(aspect.max), exact(value)), exact(aspect.checks.length)),
  },

  deduction: {
    ...PLAIN,
    keys: { points: null },
    countsFaults: true,
    byTaps: true,
    asMarks: true,
    marks(aspect, value) {
      const left = minus(exact(aspect.max), times(exact(value), exact(aspect.points)));
      return left.n < 0n ? ZERO : left;
    },
  },

  time: {
    ...PLAIN,
    keys: { full_at: null, zero_at: null },
    timed: true,
    asMarks: true,
    marks(aspect, value) {
      const [number, full, zero] = [value, aspect.full_at, aspect.zero_at].map(exact);
      if (compare(number, full) <= 0) return exact(aspect.max);
      if (compare(number, zero) >= 0) return ZERO;
      return over(times(exact(aspect.max), minus(zero, number)), minus(zero, full));
    },
  },

  relative: {
    ...PLAIN,
    keys: { better: new Set(["lower", "higher"]) },
    againstOthers: true,
    marks: () => null,
  },

  factored: {
    ...PLAIN,
    keys: { top: null, difficulties: null },
    byDifficulty: true,
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
