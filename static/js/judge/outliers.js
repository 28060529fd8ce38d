// Values that make one look twice, since hardly anybody means them.
// The act is kept first; the question comes after, once for a value on a sheet, and
// before handing in where nobody said yes to it.

import { ask, isOpen as dialogOpen } from "../shared/dialog.js";
import { brief, compare, exact } from "../shared/exact.js";
import * as duration from "../shared/duration.js";
import { typeOf } from "./aspect_types.js";
import { marks, standing } from "./marking.js";
import { valueText } from "./value_text.js";
import { _ } from "../shared/words.js";

/**
 * Why a value is odd, or null: it lies outside of what is plausible, as the server has worked
 * it out (aspect.plausible), or two tablets measured it together.
 */
export function oddity(aspect, value, isTaken = false) {
  if (value === undefined || typeof value === "boolean") return null;
  const { plausible } = aspect;
  const number = exact(value);
  if (plausible && (compare(number, exact(plausible.least)) < 0 || compare(number, exact(plausible.most)) > 0)) {
    return "implausible";
  }
  return isTaken ? "taken" : null;
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
async function askOnce(aspect, markedSheet, tile, handingIn, reason) {
  const value = standing(aspect, markedSheet.now.values);
  const taken = `taken:${markedSheet.server.id}:${aspect.code}`;
  if (reason) await markedSheet.journal.set(taken, value);
  const why = markedSheet.now.open ? oddity(aspect, value, (await markedSheet.journal.get(taken)) === value) : null;
  // On the way to five ticks stand one and two, which nobody means: asked as he hands in.
  if (!why || (typeOf(aspect).byTaps && !handingIn)) return true;
  const key = `odd:${markedSheet.server.id}:${aspect.code}:${value}`;
  const answer = await markedSheet.journal.get(key);
  const sure = () => markedSheet.journal.set(key, SURE);
  if (answer && !(handingIn && answer === PUT)) {
    await sure();
    return true;
  }
  await markedSheet.journal.set(key, PUT);
  const kept = await ask(why === "taken" ? aboutTaken(tile) : aboutPlausible(aspect, value, tile));
  if (kept) await sure();
  return kept;
}

/** A watch that one tablet started and another stopped. */
function aboutTaken(tile) {
  return {
    title: _("用时 %(time)s，对吗？", { time: tile }),
    text: _("这块表是另一台平板开始的，或者平板的钟中间改过。和手里的表对一下，不对就点“回去改”。"),
    below: _("点了“对”，这张表这个值不再问。"),
    yes: _("对，就是 %(got)s", { got: tile }),
    no: _("回去改"),
  };
}

function aboutPlausible(aspect, value, tile) {
  const { name, plausible } = aspect;
  const { timed } = typeOf(aspect);
  const words = (number) =>
    (timed ? duration.show(duration.milliseconds(number)) : valueText(aspect, brief(exact(number), 6)));
  const between = { name, tile, least: words(plausible.least), most: words(plausible.most) };
  const mine = marks(aspect, value);
  return {
    title: timed ? _("用时 %(time)s，对吗？", { time: tile })
      : mine?.n === 0n ? _("这一项评 0 分，对吗？")
        : _("%(name)s %(value)s，对吗？", { name, value: tile }),
    text: timed
      ? _("%(name)s一般在 %(least)s 到 %(most)s 之间。停早了、没停住，点“回去改”。", between)
      : _("%(name)s记的是 %(tile)s，一般在 %(least)s 到 %(most)s 之间。按错了，点“回去改”。", between),
    below: _("点了“对”，这张表这个值不再问。"),
    yes: _("对，就是 %(got)s", { got: tile }),
    no: _("回去改"),
  };
}

/**
 * The questions of one sheet, each in its turn. While a stop-watch runs none opens over
 * the counters, where it would swallow taps: they wait until it is stopped, or until
 * handing in, when every value that stands is looked at.
 * page: {markedSheet, go(aspect, enter)}; controls: Map code → control.
 */
export function oddQuestions(page, controls) {
  const { markedSheet } = page;
  /** The aspects to ask about, each with why where it is not the value alone. */
  const waiting = new Map();
  let asking = false;
  const running = () => Object.values(markedSheet.now.watch).some(({ kind }) => kind === "watch_start");

  /** Ask what waits; false where the judge goes back to change a value. */
  async function askAll(handingIn = false) {
    if (asking) return true;
    asking = true;
    try {
      // What comes to wait meanwhile is asked in the same round.
      for (const aspect of handingIn ? markedSheet.aspects : waiting.keys()) {
        await markedSheet.journal.written();
        if (running() && !handingIn) break;
        const why = waiting.get(aspect);
        waiting.delete(aspect);
        if (!(await askAbout(aspect, handingIn, why))) return false;
      }
      return true;
    } finally {
      asking = false;
    }
  }

  async function askAbout(aspect, handingIn, why) {
    const value = standing(aspect, markedSheet.now.values);
    if (value === undefined || dialogOpen()) return true;
    if (await askOnce(aspect, markedSheet, controls.get(aspect.code).tile(value), handingIn, why)) return true;
    // Where he has tapped elsewhere since, the last act is not the one in question.
    if (typeOf(aspect).countsFaults && markedSheet.last?.act.aspect === aspect.code) markedSheet.undo();
    page.go(aspect, true);
    return false;
  }

  let ran = running();
  markedSheet.addEventListener("change", () => {
    const stopped = ran && !running();
    ran = running();
    if (stopped) askAll();
  });
  return {
    ask(aspect, why) {
      waiting.set(aspect, why);
      return askAll();
    },
    askAll: () => askAll(true),
  };
}
