// How somebody's total came about, in rows: marks, modules, total, place, awards. The figures
// come from the worker; here they get their words.

import { heads } from "../../shared/heads.js";
import { show, write } from "../../shared/dom.js";
import { _ } from "../../shared/words.js";
import { box, head, row, text } from "./rows.js";
import { unitRows } from "./unit_way.js";

const COMBINED = () => ({
  mean: _("取平均"), median: _("取中位数"), trimmed_mean: _("去掉高低再平均"),
  sum: _("相加"), agreed: _("要一致"),
});

const FLAGS = () => ({
  dns: _("缺考"), dnf: _("中途退出"), dsq: _("取消成绩"), incomplete: _("没评完"),
  disputed: _("有争议"),
});

const valueText = (value) => {
  if (value === null) return "—";
  if (value === true) return _("是");
  return value === false ? _("否") : String(value);
};

/** A value with who ruled it: on the file it stands on the judge's sheet, but is not the judge's. */
function oneValue(value, ruling) {
  if (!ruling) return valueText(value);
  return _("裁判长 %(by)s 裁定 %(value)s，裁判原来给 %(was)s",
    { by: ruling.by, value: valueText(value), was: valueText(ruling.was) });
}

/** What the judges gave, and what it is multiplied by. */
function givenText({ difficulty, ...entry }) {
  const given = valuesText(entry);
  return difficulty ? _("%(given)s，乘难度系数 %(difficulty)s", { given, difficulty }) : given;
}

/** What the judges gave; a ruling on the whole panel is said once. */
function valuesText({ values, rulings }) {
  const isWhole = values.length > 1 && values.every((value, at) =>
    value === values[0] && rulings[at]?.by === rulings[0]?.by);
  if (!rulings[0] || !isWhole) {
    return values.map((value, at) => oneValue(value, rulings[at])).join(_("、"));
  }
  const was = rulings.map((ruling) => valueText(ruling.was)).join(_("、"));
  return oneValue(values[0], { by: rulings[0].by, was });
}

const readText = (readings) => readings
  .map((judges) => judges.map((reading) => reading.join(" ")).join(" / ")).join(" + ");

/** How the working time came about: what the watches read, or the ruling above them. */
function clockText({ readings, aside, by, reason }) {
  const read = readText(readings);
  if (by) {
    const holes = { by, why: reason ?? _("原因没有公布"), read: read || _("没有") };
    if (aside.length) {
      return _("裁判长 %(by)s 裁定（%(why)s），计时员读数 %(read)s；另有 %(aside)s，不算", {
        ...holes, aside: readText(aside),
      });
    }
    return _("裁判长 %(by)s 裁定（%(why)s），裁判读数 %(read)s", holes);
  }
  if (aside.length) {
    return _("计时员 %(read)s；另有 %(aside)s，不算", { read, aside: readText(aside) });
  }
  const several = readings.map((judges) => judges.length).filter((judges) => judges > 1);
  if (!several.length) return read;
  if (several.every((judges) => judges === 2)) return _("%(read)s，取长的一个", { read });
  return several.every((judges) => judges % 2)
    ? _("%(read)s，取中间一个", { read })
    : _("%(read)s，取中间两个里长的", { read });
}

function moduleBlock(module) {
  const block = box(module.name, module.score);
  const flags = module.flags.map((flag) => FLAGS()[flag]).filter(Boolean);
  if (flags.length) block.append(text(flags.join(_("、"))));
  if (module.judges > 1) {
    const how = COMBINED()[module.combine];
    block.append(text(_("%(n)s 名裁判的分，%(how)s", { n: module.judges, how })));
  }
  // Where the judges' sums are combined, no aspect has a mark of its own on the way.
  const bySheet = module.sums.length > 1;
  for (const { name, mark, ...rest } of module.aspects) {
    block.append(row(name, givenText(rest), bySheet ? "" : mark));
  }
  if (module.clock) block.append(row(_("用时"), clockText(module.clock), module.clock.seconds));
  if (module.seconds) block.append(text(_("罚时 %(seconds)s 秒，加在计时的评分点上", module)));
  if (bySheet) block.append(row(_("每名裁判的总分"), module.sums.join(_("、")), module.raw));
  else if (module.raw) block.append(row(_("各项相加"), "", module.raw));
  if (module.penalty) block.append(row(_("扣罚"), "", `−${module.penalty}`));
  block.append(row(_("模块成绩"), "", module.score));
  if (module.attempt) block.append(text(attemptText(module.attempt)));
  return block;
}

/** Whether an attempt counts, and which do where it does not. */
const attemptText = ({ counts, counted }) => (counts ? _("这一次计入")
  : _("这一次不计，计的是 %(attempts)s", { attempts: counted.join(_("、")) }));

function totalRows({ modules, parts: joint, carry, total }) {
  const rows = [...joint, ...modules.filter(({ part }) => part === null)].map((item) =>
    row(item.name, `${item.score ?? "—"} ÷ ${item.full} × ${item.weight}`, item.points));
  if (carry) {
    rows.push(row(_("本赛段"), `${carry.ownTotal ?? "—"} × ${carry.own}`, carry.rest));
    rows.push(row(carry.stage, `${carry.total} × ${carry.weight}`, carry.brings));
  }
  return [...rows, row(_("总成绩"), "", total)];
}

/** Who has as much, and where the rules for ties put them. */
function tieText(so, { level, before, after }) {
  const who = { level: so(level), before: so(before) };
  if (before) return _("同分的还有 %(level)s，比并列的规定以后排在前面的 %(before)s", who);
  return after
    ? _("同分的还有 %(level)s，比并列的规定以后没有排在前面的", who)
    : _("同分的还有 %(level)s，名次相同", who);
}

const ROUNDS = () => ({
  half_up: _("四舍五入"), floor: _("舍去小数"), ceil: _("有小数就进一"),
});

/** How many of an award there are, and why; how many were given, where ties or conditions moved it. */
function awardRow(award, { ranked, crewed }) {
  const so = (n) => heads(n, crewed);
  const sentences = award.share === null ? [_("定好发几名")]
    : [_("%(who)s的 %(percent)s%% 是 %(share)s", { ...award, who: so(ranked) })];
  if (award.round) sentences.push(ROUNDS()[award.round]);
  if (award.given !== award.number) {
    sentences.push(_("同名次的一起得，不够条件的不发，实际发了 %(given)s", { given: so(award.given) }));
  }
  return row(award.name, sentences.join(_("，")), so(award.number));
}

function placeText({ rank, place, total, crewed }) {
  const so = (n) => heads(n, crewed);
  const sentences = [place.more
    ? _("比 %(total)s 高的有 %(who)s", { total, who: so(place.more) })
    : _("没有比 %(total)s 高的", { total })];
  if (place.level) sentences.push(tieText(so, place));
  if (place.beyond) sentences.push(_("进了后面赛段的 %(who)s排在前面", { who: so(place.beyond) }));
  const sentence = sentences.join(_("，"));
  return _("%(said)s。第 %(rank)s 名", { said: sentence, rank });
}

function personRows(way) {
  const rows = [
    text(_("%(name)s，参赛号 %(code)s，%(event)s", way)),
    ...way.modules.map(moduleBlock),
    head(_("合成总成绩")), ...totalRows(way),
  ];
  if (way.place) rows.push(head(_("排名次")), text(placeText(way)));
  if (way.awards.length) {
    const { name } = way.awards.at(-1);
    const sentence = _("从第 1 名往下发，第 %(rank)s 名得%(award)s", { rank: way.rank, award: name });
    rows.push(head(_("定奖项")), ...way.awards.map((award) => awardRow(award, way)), text(sentence));
  }
  const title = way.total === null ? _("成绩怎么算出来") : _("%(total)s 怎么算出来", way);
  return { title, rows };
}

/** Fill the card of the page with somebody's way, or a unit's in these periods, or hide it. */
export function showHow(page, way, periods) {
  show(page.how, Boolean(way));
  if (!way) return;
  const { title, rows } = way.periods ? unitRows(way, periods) : personRows(way);
  write(page["how-title"], title);
  page["how-rows"].replaceChildren(...rows);
}
