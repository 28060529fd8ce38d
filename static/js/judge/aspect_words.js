// What a tablet tells of each type of aspect, a paragraph a type: why a number can't be entered,
// and a value in a few words. What a type is, and its marks, stand in aspect_types.js.

import * as duration from "../shared/duration.js";
import { brief, compare, exact, isMultiple } from "../shared/exact.js";
import { _ } from "../shared/words.js";
import { typeOf } from "./aspect_types.js";

const WHOLE = exact(1);

const isUpTo = (number, top) =>
  number.n >= 0n && compare(number, exact(top)) <= 0 && isMultiple(number, WHOLE);

const withUnit = (aspect, value) => `${value} ${aspect.unit ?? ""}`.trim();

/**
 * offScale: the sentence that says why a number can't be entered, or null.
 * text: a value in a few words.
 */
const PLAIN = { text: (aspect, value) => value };

const WORDS = {
  score: {
    ...PLAIN,
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
  },

  judgement: {
    offScale(aspect, number, value) {
      const top = aspect.scale ?? 3;
      return isUpTo(number, top) ? null
        : _("只有 0 到 %(top)s 档，%(value)s 没有记下", { top: brief(exact(top)), value });
    },
    text: (aspect, value) => _("%(level)s 档", { level: value }),
  },

  measurement: {
    offScale: () => null,
    text(aspect, value) {
      if (!typeOf(aspect).isYesNo(aspect)) return withUnit(aspect, value);
      return value ? _("合格") : _("不合格");
    },
  },

  checklist: {
    offScale(aspect, number, value) {
      const top = aspect.checks.length;
      return isUpTo(number, top) ? null
        : _("只有 0 到 %(top)s 项，%(value)s 没有记下", { top, value });
    },
    text: (aspect, value) => _("%(count)s 项", { count: value }),
  },

  deduction: {
    offScale(aspect, number, value) {
      if (number.n < 0n) return _("次数最少 0，%(value)s 没有记下", { value });
      return isMultiple(number, WHOLE) ? null : _("次数是整数，%(value)s 没有记下", { value });
    },
    text: (aspect, value) => _("%(count)s 次", { count: value }),
  },

  time: {
    offScale: (aspect, number, value) =>
      (number.n < 0n ? _("用时最少 0 秒，%(value)s 没有记下", { value }) : null),
    text: (aspect, value) => duration.show(duration.milliseconds(value)),
  },

  relative: {
    offScale: (aspect, number, value) =>
      (number.n <= 0n ? _("这个数要大于 0，%(value)s 没有记下", { value }) : null),
    text: withUnit,
  },

  factored: {
    ...PLAIN,
    offScale: (aspect, number, value) =>
      WORDS.score.offScale({ max: aspect.top, step: aspect.step }, number, value),
  },
};

/** The words of an aspect's type. */
export const wordsOf = (aspect) => WORDS[aspect.type];
