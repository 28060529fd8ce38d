// How a unit's totals of a labour competition came about, period by period.

import { _ } from "../../shared/words.js";
import { box, row, text } from "./rows.js";

function placeText({ rank, of, flag, vetoed, warned }, group) {
  const facts = [];
  if (rank !== null) {
    facts.push(group
      ? _("第 %(rank)s 名，%(group)s %(n)s 家里", { rank, group, n: of })
      : _("第 %(rank)s 名，%(n)s 家里", { rank, n: of }));
  }
  if (flag) facts.push(_("流动红旗"));
  if (vetoed) facts.push(_("一票否决，不评优"));
  if (warned) facts.push(_("黄牌"));
  return facts.join(_("，"));
}

const valueText = ({ value, target }) => {
  if (value === null) return _("没有填报");
  return target === null ? value : _("完成 %(value)s，目标 %(target)s", { value, target });
};

function wholeRows({ parts, weights, mean }) {
  const rows = parts.map(({ name, total, weight, brings }) =>
    row(name, `${total ?? "—"} × ${weight}`, brings));
  return [...rows, row(_("相加，除以权重"), `÷ ${weights}`, mean)];
}

function periodBlock(period, group, isOpen) {
  const block = box(period.name, period.total);
  block.open = isOpen;
  for (const indicator of period.indicators) block.append(row(indicator.name, valueText(indicator), indicator.score));
  if (period.whole) block.append(...wholeRows(period.whole));
  if (period.adjusted) block.append(row(_("加减分"), "", period.adjusted));
  block.append(row(_("总分"), "", period.total));
  const sentence = placeText(period, group);
  if (sentence) block.append(text(sentence));
  return block;
}

/** Title and rows of the card; of the periods that are announced alone. */
export function unitRows({ name, group, periods }, announced) {
  const periodsShown = periods.filter(({ code }) => announced.includes(code));
  const blocks = periodsShown.map((period, index) => periodBlock(period, group, index === 0));
  return {
    title: _("%(name)s的得分怎么算出来", { name }),
    rows: blocks.length ? blocks : [text(_("公布的各期都没有参加"))],
  };
}
