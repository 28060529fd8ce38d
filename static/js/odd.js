// Values that make one look twice: a zero, or far from this judge's others. The
// act is kept first; the question comes after, once for a value on a sheet.

import { ask } from "./dialog.js";
import { brief, compare, exact, minus, over, size } from "./exact.js";
import { isYesNo, marks, standing } from "./marking.js";
import { _ } from "./words.js";

/**
 * Why a value is odd, or null. aspect.typical, where the server gives it, is the
 * mean of this judge's values on the aspect today, a decimal text; marks that are
 * off its own by more than a quarter of what the aspect can give are far.
 */
export function oddity(aspect, value) {
  const mine = value === undefined ? null : marks(aspect, value);
  // 不合格 is said in words on the button itself.
  if (!mine || isYesNo(aspect)) return null;
  if (mine.n === 0n) return "zero";
  const usual = usualMarks(aspect);
  if (!usual) return null;
  return compare(size(minus(mine, usual)), over(exact(aspect.max), exact(4))) > 0 ? "far" : null;
}

function usualMarks(aspect) {
  return aspect.typical && !isYesNo(aspect) ? marks(aspect, aspect.typical) : null;
}

/**
 * Ask about the value that stands now, unless it was asked before on this sheet.
 * Resolves with true to keep it, false to go back and change it.
 */
export async function askOnce(aspect, desk, tile) {
  const value = standing(aspect, desk.now.values);
  const why = desk.now.open ? oddity(aspect, value) : null;
  if (!why) return true;
  const key = `odd:${desk.server.id}:${aspect.code}:${why === "zero" ? why : value}`;
  if (await desk.journal.get(key)) return true;
  await desk.journal.set(key, true);
  const got = brief(marks(aspect, value));
  const usual = usualMarks(aspect);
  const mean = usual ? _("你今天这一项平均 %(mean)s。", { mean: brief(usual, 1) }) : "";
  return ask({
    title: why === "zero" ? _("这一项评 0 分，对吗？")
      : _("这一项评 %(got)s 分，对吗？", { got }),
    text: _("%(name)s记的是 %(tile)s，得 %(got)s / %(max)s。%(mean)s", {
      name: aspect.name, tile, got, max: brief(exact(aspect.max)), mean,
    }),
    below: _("只问一次。同一张表同一个值不再问。"),
    yes: _("对，就是 %(got)s", { got }),
    no: _("回去改"),
  });
}
