// 重评: what is too far apart, and the own value of the round before dashed on its control.
// Nothing is chosen beforehand, and nobody is told what others gave.

import { clone, parts, show, write } from "../shared/dom.js";
import { brief, tidy } from "../shared/exact.js";
import { showValue } from "./list.js";
import { typeOf } from "./aspect_types.js";
import { marks } from "./marking.js";
import { _ } from "../shared/words.js";

/** page: {markedSheet}; controls: Map code → control; place: where the talk stands. */
export function remark(place, controls, page) {
  const { markedSheet } = page;
  let shown = "";

  function mark(aspect, now) {
    const control = controls.get(aspect.code);
    const again = now.open && aspect.before !== undefined;
    const chip = control.root.querySelector('[data-part="before"]');
    show(chip, again);
    if (again) write(chip, _("上轮 %(value)s", { value: control.tile(aspect.before) }));
    control.root.classList.toggle("again", again);
  }

  return {
    update(now) {
      for (const aspect of markedSheet.aspects) mark(aspect, now);
      const { dispute, remark: round, panel } = markedSheet.server;
      const rulings = (markedSheet.server.ruled ?? []).filter((ruling) => stands(ruling, now));
      const key = JSON.stringify([now.open, dispute, round, rulings]);
      if (key === shown) return;
      shown = key;
      const talks = now.open ? rounds(round, markedSheet.aspects)
        : dispute ? [disputed(dispute, panel, markedSheet.aspects, controls)] : [];
      talks.push(...rulings.map(ruled));
      place.replaceChildren(...talks);
      show(place, talks.length > 0);
    },
  };
}

/** One line above the controls: what to mark anew. The own round before stands on each control. */
function rounds(round, aspects) {
  if (!round) return [];
  // What an older server sent was kept by aspect.
  const codes = Array.isArray(round.aspects) ? round.aspects : Object.keys(round.aspects);
  const anew = aspects.filter((aspect) => codes.includes(aspect.code));
  const lines = [];
  if (round.total) {
    lines.push(line(_("组里的总分差得太多，请再看一遍"), [
      limitText(undefined, round.limit), _("你的总分是 %(value)s", { value: round.total }), _("要改哪一项，点开那一格"),
    ]));
  }
  if (anew.length) {
    const names = anew.map((aspect) => aspect.name).join(_("、"));
    lines.push(line(_("组里分差超限，%(name)s请重评", { name: names }), [limitText(anew[0], round.limit)]));
  }
  return lines;
}

function line(title, sentences) {
  const root = clone("t-talk");
  const part = parts(root);
  write(part.title, title);
  write(part.text, sentences.join(_("。")));
  show(part.below, false);
  root.classList.add("short");
  return root;
}

/** Whether a ruling is still what the sheet says; not once the judge has marked again. */
const stands = ({ aspect, stands: value }, now) =>
  now.values[aspect] === (typeof value === "boolean" ? value : tidy(value));

/** The chief judge's value in place of the judge's own. */
function ruled({ name, value, own, reason }) {
  const root = clone("t-talk");
  const part = parts(root);
  write(part.title, _("裁判长裁定：%(name)s %(value)s", { name, value }));
  write(part.text, [own && _("你评的是 %(value)s", { value: own }), _("理由：%(reason)s", { reason })]
    .filter(Boolean).join(_("。")));
  return root;
}

/** While the chief judge decides. */
function disputed(dispute, panel, aspects, controls) {
  const mine = panel?.marks?.find((mark) => mark.mine)?.judge;
  const also = dispute.also?.length ? _("还有 %(names)s。", { names: dispute.also.join(_("、")) }) : "";
  const aspect = aspects.find((candidate) => candidate.code === dispute.aspect);
  const words = {
    title: aspect ? _("组里分差超限：%(name)s", { name: aspect.name }) : _("组里的总分差得太多"),
    below: _("%(also)s等裁判长通知重评或者裁定，先不用动。", { also }),
  };
  return talk(aspect, dispute.values ?? {}, { mine, limit: dispute.limit }, controls, words);
}

function limitText(aspect, limit) {
  if (limit === null) return _("要一样");
  if (aspect && typeOf(aspect).inLevels) return _("最多差 %(limit)s 档", { limit });
  if (aspect && typeOf(aspect).againstOthers) return _("最多差 %(limit)s", { limit });
  return _("最多差 %(limit)s 分", { limit });
}

function talk(aspect, values, { mine, limit }, controls, words) {
  const root = clone("t-talk");
  const part = parts(root);
  const tile = (value) => (value === null || value === undefined ? "—"
    : aspect ? controls.get(aspect.code).tile(value) : showValue({ value }));
  // The limit is in marks, so marks stand beside what is counted or measured.
  const say = (value) => {
    const hasMarks = aspect && typeOf(aspect).asMarks && value !== null && value !== undefined;
    const got = hasMarks ? marks(aspect, value) : null;
    return got ? _("%(value)s（%(got)s 分）", { value: tile(value), got: brief(got) }) : tile(value);
  };
  write(part.title, words.title);
  write(part.text, [
    Object.entries(values).map(([judge, value]) => (aspect
      ? _("%(judge)s 评 %(value)s", { judge, value: say(value) })
      : _("%(judge)s 总分 %(value)s", { judge, value: say(value) }))).join(_("，")),
    limitText(aspect, limit),
    mine in values && (aspect ? _("你评的是 %(value)s", { value: say(values[mine]) })
      : _("你的总分是 %(value)s", { value: say(values[mine]) })),
  ].filter(Boolean).join(_("。")));
  write(part.below, words.below);
  const levels = aspect && typeOf(aspect).inLevels ? aspect.descriptors ?? [] : [];
  show(part.levels, levels.length > 0);
  part.levels.append(...levels.map((text, level) => {
    const line = clone("t-talk-level");
    const inner = parts(line);
    const judges = Object.keys(values).filter((judge) => String(values[judge]) === String(level));
    write(inner.level, String(level));
    write(inner.text, text);
    write(inner.judges, judges.map((judge) => (judge === mine ? _("你") : judge)).join(_("、")));
    line.classList.toggle("given", judges.length > 0);
    return line;
  }));
  return root;
}
