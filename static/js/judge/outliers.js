// Values that make one look twice: a zero, or far from this judge's others.
// The act is kept first; the question comes after, once for a value on a sheet, and
// before handing in where nobody said yes to it.

import { ask, isOpen as dialogOpen } from "../shared/dialog.js";
import { brief, compare, exact, minus, over, size } from "../shared/exact.js";
import * as duration from "../shared/duration.js";
import { typeOf } from "./aspect_types.js";
import { marks, standing } from "./marking.js";
import { _ } from "../shared/words.js";

/**
 * Why a value is odd, or null. aspect.typical, where the server gives it, is the
 * mean of this judge's values on the aspect today (with bands the middle one), a decimal text; marks that are
 * off its own by more than a quarter of what the aspect can give are far, and where
 * levels are chosen by more than one level: the next one up is everyday.
 */
export function oddity(aspect, value) {
  if (value === undefined) return null;
  if (isImplausible(aspect, value)) return "implausible";
  const mine = marks(aspect, value);
  // 不合格 is said in words on the button itself.
  if (!mine || typeOf(aspect).isYesNo(aspect)) return null;
  if (mine.n === 0n) return "zero";
  const usual = usualMarks(aspect);
  if (!usual) return null;
  return compare(size(minus(mine, usual)), leeway(aspect)) > 0 ? "far" : null;
}

function leeway(aspect) {
  const quarter = over(exact(aspect.max), exact(4));
  if (!typeOf(aspect).inLevels) return quarter;
  const level = marks(aspect, "1");
  return compare(level, quarter) > 0 ? level : quarter;
}

/** What nobody needs or does: 0.9 seconds for eight minutes' work, 4.6 for 46. */
function isImplausible({ plausible }, value) {
  if (!plausible) return false;
  const time = exact(value);
  return compare(time, exact(plausible.least)) < 0 || compare(time, exact(plausible.most)) > 0;
}

function usualMarks(aspect) {
  return aspect.typical && !typeOf(aspect).isYesNo(aspect) ? marks(aspect, aspect.typical) : null;
}

/** What was said to a question: it was only put (the page may be gone since), or answered with yes. */
const PUT = "put";
const SURE = "sure";

/**
 * Ask about the value that stands now, unless he is sure of it on this sheet.
 * Who was asked and enters the same again is sure; who went back, or whose page
 * went away under the question, is asked once more as he hands in.
 * Resolves with true to keep it, false to go back and change it.
 */
async function askOnce(aspect, desk, tile, handingIn) {
  const value = standing(aspect, desk.now.values);
  const why = desk.now.open ? oddity(aspect, value) : null;
  // On the way to five ticks stand one and two, which nobody means: asked as he hands in.
  if (!why || (why === "far" && typeOf(aspect).byTaps && !handingIn)) return true;
  const key = `odd:${desk.server.id}:${aspect.code}:${why === "zero" ? why : value}`;
  const said = await desk.journal.get(key);
  const sure = () => desk.journal.set(key, SURE);
  if (said && !(handingIn && said === PUT)) {
    await sure();
    return true;
  }
  await desk.journal.set(key, PUT);
  const kept = await ask(question(aspect, why, value, desk, tile));
  if (kept) await sure();
  return kept;
}

function question(aspect, why, value, desk, tile) {
  if (why === "implausible") return aboutPlausible(aspect, tile);
  const got = brief(marks(aspect, value));
  const usual = usualMarks(aspect);
  const mean = !usual ? "" : aspect.bands?.length
    ? _("你今天这一项多半得 %(usual)s。", { usual: brief(usual, 1) })
    : _("你今天这一项平均 %(mean)s。", { mean: brief(usual, 1) });
  return {
    title: why === "zero" ? _("这一项评 0 分，对吗？")
      : _("这一项评 %(got)s 分，对吗？", { got }),
    text: _("%(name)s记的是 %(tile)s，得 %(got)s / %(max)s。%(mean)s", {
      name: aspect.name, tile, got, max: brief(exact(aspect.max)), mean,
    }),
    below: _("点了“对”，这张表这个值不再问。"),
    yes: _("对，就是 %(got)s", { got }),
    no: _("回去改"),
  };
}

function aboutPlausible(aspect, tile) {
  const { name, plausible } = aspect;
  const { timed } = typeOf(aspect);
  const words = (value) =>
    (timed ? duration.show(duration.milliseconds(value)) : typeOf(aspect).text(aspect, value));
  const between = { name, least: words(plausible.least), most: words(plausible.most) };
  return {
    title: timed ? _("用时 %(time)s，对吗？", { time: tile })
      : _("%(name)s %(value)s，对吗？", { name, value: tile }),
    text: timed
      ? _("%(name)s一般在 %(least)s 到 %(most)s 之间。停早了、没停住，点“回去改”。", between)
      : _("照你评的别的表，一般在 %(least)s 到 %(most)s 之间。少按、多按了一位，点“回去改”。", between),
    below: _("点了“对”，这张表这个值不再问。"),
    yes: _("对，就是 %(got)s", { got: tile }),
    no: _("回去改"),
  };
}

/**
 * The questions of one sheet, each in its turn. While a stop-watch runs none opens over
 * the counters, where it would swallow taps: they wait until it is stopped, or until
 * handing in, when every value that stands is looked at.
 * page: {desk, go(aspect, enter)}; controls: Map code → control.
 */
export function oddQuestions(page, controls) {
  const { desk } = page;
  const waiting = new Set();
  let asking = false;
  const running = () => Object.values(desk.now.watch).some(({ kind }) => kind === "watch_start");

  /** Ask what waits; false where the judge goes back to change a value. */
  async function askAll(handingIn = false) {
    if (asking) return true;
    asking = true;
    try {
      for (const aspect of handingIn ? desk.aspects : waiting) {
        await desk.journal.written();
        if (running() && !handingIn) break;
        waiting.delete(aspect);
        if (!(await askAbout(aspect, handingIn))) return false;
      }
      return true;
    } finally {
      asking = false;
    }
  }

  async function askAbout(aspect, handingIn) {
    const value = standing(aspect, desk.now.values);
    if (value === undefined || dialogOpen()) return true;
    if (await askOnce(aspect, desk, controls.get(aspect.code).tile(value), handingIn)) return true;
    // Where he has tapped elsewhere since, the last act is not the one in question.
    if (typeOf(aspect).countsFaults && desk.last?.act.aspect === aspect.code) desk.undo();
    page.go(aspect, true);
    return false;
  }

  let ran = running();
  desk.addEventListener("change", () => {
    const stopped = ran && !running();
    ran = running();
    if (stopped) askAll();
  });
  return {
    ask(aspect) {
      waiting.add(aspect);
      return askAll();
    },
    askAll: () => askAll(true),
  };
}
