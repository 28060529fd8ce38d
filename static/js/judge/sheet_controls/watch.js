// The strip with a time aspect's stop-watch and its buttons, and that aspect's row.

import { block, clock, clone, parts, press, show, write } from "../../shared/dom.js";
import { ask, isOpen } from "../../shared/dialog.js";
import * as duration from "../../shared/duration.js";
import { brief, exact, isMultiple, minus, over } from "../../shared/exact.js";
import { marks } from "../marking.js";
import { Stopwatch } from "../stopwatch.js";
import { valueText } from "../value_text.js";
import { _ } from "../../shared/words.js";
import { got, head, most, showMarks } from "./common.js";
import { correct } from "./correct.js";

/** After a stop the judge can go on with the same run for so long. */
const REGRET = 5000;
/** Start, stop and going on lie under one finger: a second tap so soon is a bounce. */
const BOUNCE = 500;

export function watch(aspect, page) {
  const root = clone("t-watch");
  const part = parts(root);
  const timer = new Stopwatch(
    (at) => page.markedSheet.since(aspect.code, at), () => performance.now(), () => page.markedSheet.line.heard,
  );
  const standard = duration.milliseconds(aspect.full_at);
  let regret = null;
  let ticking = null;
  for (const element of [root, part.clock]) element.setAttribute("aria-label", aspect.name);
  write(part.label, _("%(name)s（标准 %(time)s）", { name: aspect.name, time: inWords(standard) }));

  /** Start, or go on, as if it had been started at this instant. */
  const run = (started, before) => page.markedSheet.startWatch(aspect.code, started, before);
  /** Stand still at a time, which is the aspect's value. */
  const stand = (kind, ms, note) => {
    const value = duration.seconds(ms);
    return page.markedSheet.together([
      { kind, aspect: aspect.code, value, note },
      { kind: "mark", aspect: aspect.code, value, note },
    ]);
  };
  const go = () => run(page.markedSheet.line.now());
  /** Marked anew: the time of the round before stands until another is confirmed. */
  const before = () => {
    const anew = page.markedSheet.now.open && page.markedSheet.intended.values[aspect.code] === undefined;
    return anew ? aspect.before : undefined;
  };
  const same = () => stand("watch_correct", duration.milliseconds(aspect.before), _("重评，时间不变"));
  const goAnew = async () => {
    const sure = await ask({
      title: _("重新计时？"),
      text: _("原来的 %(time)s 先留着。停表以后再问一次，答了才换。", { time: shown(before()) }),
      yes: _("重新计时"),
      no: _("不用"),
    });
    if (sure) go();
  };
  const haltAnew = async () => {
    const { elapsed } = timer;
    const why = oddness();
    const old = shown(before());
    const answer = await ask({
      title: _("用 %(time)s 换掉 %(old)s？", { time: duration.show(elapsed), old }),
      text: _("两次的时间都留底。"),
      yes: _("用 %(time)s", { time: duration.show(elapsed) }),
      no: _("还是 %(old)s", { old }),
    });
    if (answer) stand("watch_stop", elapsed).then(() => page.askOdd(aspect, why));
    else if (answer === false) same();
  };
  /** What clocks alone measured is asked about: one may be off. */
  const oddness = () => (timer.isTakenOver || timer.other !== null ? "taken" : null);
  const halt = () => {
    const { elapsed, other, startedAt } = timer;
    const why = oddness();
    stand("watch_stop", elapsed).then(() => (other === null ? page.askOdd(aspect, why) : choose(elapsed, other)));
    regret = { started: startedAt };
    wait();
  };
  /** The clocks say different things: the judge, who has one in the hand, decides. */
  const choose = async (elapsed, other) => {
    const [first, second] = [duration.show(elapsed), duration.show(other)];
    const answer = await ask({
      title: _("用时 %(first)s，还是 %(second)s？", { first, second }),
      text: _("计时当中平板的钟跳过，或者平板睡过。现在记的是 %(first)s；另一个钟走了 %(second)s。和手里的表对一下。", { first, second }),
      yes: _("用 %(time)s", { time: first }),
      no: _("用 %(time)s", { time: second }),
    });
    if (answer === false) await stand("watch_correct", other, _("平板的钟跳过，按另一个钟"));
    page.askOdd(aspect, answer === true || answer === false ? null : "taken");
  };
  const wait = () => {
    regret.until = performance.now() + REGRET;
    setTimeout(lapse, REGRET + 20);
  };
  // A question that follows the stop lies over the button: the time counts from its answer.
  const waiting = () => Boolean(regret) && (isOpen() || performance.now() < regret.until);
  const lapse = () => {
    if (waiting()) return;
    regret = null;
    draw(page.markedSheet.now);
  };
  document.addEventListener("dialog-closed", () => {
    if (regret) wait();
  });
  const goOn = () => {
    run(regret.started);
    regret = null;
  };
  let tapped = -BOUNCE;
  const tap = (button, act) => press(button, () => {
    const bounced = performance.now() - tapped < BOUNCE;
    tapped = performance.now();
    if (!bounced) act();
  });
  tap(part.start, () => (before() === undefined ? go() : goAnew()));
  tap(part.stop, () => (before() === undefined ? halt() : haltAnew()));
  tap(part.same, same);
  tap(part.goon, goOn);
  press(part.correct, () => correct(aspect, timer.elapsed, (ms, reason) => {
    regret = null;
    const note = { kind: "watch_correct", aspect: aspect.code, value: duration.seconds(ms), note: reason };
    // A running watch goes on from the corrected time; a stopped one keeps it.
    if (timer.running) run(page.markedSheet.line.now() - ms, [note]);
    else stand("watch_correct", ms, reason).then(() => page.askOdd(aspect));
  }));

  const face = () => {
    const [main, tenth] = duration.split(timer.elapsed);
    write(part.time, main);
    write(part.tenth, tenth);
    show(part.doubt, timer.isDoubtful);
    // Lost time that was given back is time left; the reading stays what the watch says.
    const given = givenBack();
    const allowed = standard + given;
    const share = allowed > 0 ? Math.min(100, (timer.elapsed / allowed) * 100) : 100;
    part.bar?.setAttribute("width", `${share.toFixed(1)}%`);
    const left = allowed - timer.elapsed;
    root.classList.toggle("over", left < 0);
    write(part.left, left < 0 ? overtime(-left)
      : given ? _("含补时还有 %(time)s", { time: inWords(left) }) : _("还有 %(time)s", { time: inWords(left) }));
    const late = left < 0 && (timer.running || page.markedSheet.now.values[aspect.code] !== undefined);
    show(part.late, late);
    if (late) write(part.latewords, overtime(-left));
    ticking = timer.running ? setTimeout(face, 100 - (timer.elapsed % 100)) : null;
  };
  const givenBack = () => (page.markedSheet.server.given ?? 0) * 1000;
  const overtime = (ms) => {
    // What the reading costs counts from the standard time: it says nothing of what is over now.
    if (givenBack()) return _("含补时超 %(time)s", { time: inWords(ms) });
    const value = duration.seconds(timer.elapsed);
    const lost = brief(minus(exact(aspect.max), marks(aspect, value)));
    return lost === "0" ? _("超 %(time)s", { time: inWords(ms) })
      : _("超 %(time)s，扣 %(lost)s 分", { time: inWords(ms), lost });
  };

  function draw(now) {
    const word = now.watch[aspect.code];
    timer.follow(word);
    const value = now.values[aspect.code];
    const anew = !timer.running && before() !== undefined;
    if (anew) timer.follow({ kind: "watch_stop", at: `before+${aspect.before}`, value: aspect.before });
    // A time that came without the watch, from paper or from another tablet.
    if (!timer.running && value !== undefined && word?.value !== value) {
      timer.follow({ kind: "watch_stop", at: `${word?.at}+${value}`, value });
    }
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    const regretting = waiting() && !timer.running;
    const done = !timer.running && value !== undefined;
    root.classList.toggle("running", timer.running);
    root.classList.toggle("stopped", done);
    root.classList.toggle("idle", !timer.started && !done);
    root.classList.toggle("anew", anew);
    show(part.start, !timer.running && !done);
    write(part.startwords, anew ? _("重新计时") : _("开始"));
    part.start.classList.toggle("primary", !anew);
    part.correct.classList.toggle("primary", anew);
    show(part.same, anew);
    if (anew) write(part.same, _("还是 %(old)s", { old: shown(aspect.before) }));
    show(part.stop, timer.running);
    show(part.goon, regretting);
    show(part.done, done);
    show(part.progress, timer.running);
    show(part.label, !done);
    write(part.result, done ? result(value) : "");
    write(part.began, timer.startedAt ? _("%(time)s 开始", { time: clock(timer.startedAt, true) }) : "");
    const given = givenBack();
    show(part.given, Boolean(given));
    if (given) write(part.givenwords, _("补时 %(time)s", { time: inWords(given) }));
    for (const button of [part.start, part.stop, part.goon, part.correct, part.same]) {
      block(button, !now.open);
    }
    // The button under the finger has changed: a keyboard goes on with the one in its place.
    if (focused?.hidden) first().focus();
    clearTimeout(ticking);
    face();
  }
  const result = (value) => {
    const scored = _("用时得 %(got)s / %(most)s", { got: got(aspect, value), most: most(aspect) });
    const late = duration.milliseconds(value) > standard;
    return late ? scored : _("没超 %(time)s，%(scored)s", { time: inWords(standard), scored });
  };

  /** What comes first now: stopping, beginning, or putting right what stands. */
  const first = () => (!part.stop.hidden ? part.stop
    : part.start.hidden || before() !== undefined ? part.correct : part.start);

  return { root, draw, focus: () => first().focus() };
}

/** The aspect's own row on the sheet: it is filled by the watch. */
export function timed(aspect, page, strip) {
  const root = clone("t-timed");
  const part = parts(root);
  head(part, aspect, scaleWords(aspect), aspect.hint);
  return {
    root,
    update(now) {
      const value = now.values[aspect.code];
      strip.draw(now);
      const running = now.watch[aspect.code]?.kind === "watch_start";
      write(part.value, value !== undefined ? duration.show(duration.milliseconds(value))
        : running ? _("停表后自动填")
          : aspect.before === undefined ? _("按开始计时") : _("更正、不变，或者重新计时"));
      part.value.classList.toggle("empty", value === undefined);
      root.classList.toggle("unset", value === undefined);
      showMarks(part, aspect, now.values);
      show(part.marks, value !== undefined);
    },
    focus: () => strip.focus(),
    passive: true,
    tile: (value) => valueText(aspect, value),
  };
}

/** 超过 8 分钟，每 10 秒扣 1 分, or the two ends where a mark is no whole number of seconds. */
function scaleWords(aspect) {
  const [full, zero, max] = [aspect.full_at, aspect.zero_at, aspect.max].map(exact);
  const words = {
    full: inWords(duration.milliseconds(aspect.full_at)),
    zero: inWords(duration.milliseconds(aspect.zero_at)),
    max: brief(max),
  };
  const slope = over(minus(zero, full), max);
  return isMultiple(slope, exact(1))
    ? _("超过 %(full)s，每 %(slope)s 秒扣 1 分，满分 %(max)s 分", { ...words, slope: brief(slope) })
    : _("%(full)s以内 %(max)s 分，到 %(zero)s 0 分", words);
}

const shown = (seconds) => duration.show(duration.milliseconds(seconds));

/** 8 分钟, 2 分 18 秒, 23 秒. */
export function inWords(ms) {
  const seconds = Math.ceil(ms / 1000 - 0.05);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (!minutes) return _("%(seconds)s 秒", { seconds: rest });
  if (!rest) return _("%(minutes)s 分钟", { minutes });
  return _("%(minutes)s 分 %(seconds)s 秒", { minutes, seconds: rest });
}

