// A 0–n ladder: one cell a level, each with what it means always in sight.

import { block, clone, parts, press, show, write } from "../../shared/dom.js";
import { brief, exact } from "../../shared/exact.js";
import { valueText } from "../value_text.js";
import { _ } from "../../shared/words.js";
import { head, showMarks } from "./common.js";

const NUMERALS = { 2: "两", 3: "三", 4: "四", 5: "五", 6: "六" };

/** A count as the reader's language writes it before its word. */
function inWords(count) {
  if (!document.documentElement.lang.startsWith("zh")) return String(count);
  return NUMERALS[count] ?? `${count} `;
}

export function ladder(aspect, page) {
  const root = clone("t-ladder");
  const part = parts(root);
  const levels = Number(aspect.scale ?? 3) + 1;
  head(part, aspect, _("%(levels)s档选一，满分 %(max)s 分",
    { levels: inWords(levels), max: brief(exact(aspect.max)) }), aspect.hint);
  part.cells.setAttribute("aria-label", aspect.name);
  part.cells.dataset.levels = levels;

  const choose = (level) => {
    if (page.markedSheet.intended.values[aspect.code] !== String(level)) page.put(aspect, String(level));
  };
  const cells = Array.from({ length: levels }, (_none, level) => {
    const cell = clone("t-ladder-cell");
    const inner = parts(cell);
    write(inner.digit, String(level));
    write(inner.text, aspect.descriptors?.[level] ?? "");
    press(cell, () => choose(level));
    part.cells.append(cell);
    return { cell, tick: inner.tick, last: inner.last };
  });

  part.cells.addEventListener("keydown", (event) => {
    const at = cells.findIndex(({ cell }) => cell === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      cells[(to + levels) % levels].cell.focus();
    } else if (/^\d$/.test(event.key) && Number(event.key) < levels) {
      const { cell } = cells[Number(event.key)];
      cell.focus();
      cell.click();
    }
  });

  return {
    root,
    update({ values, open }) {
      const value = values[aspect.code];
      const anew = open && value === undefined && aspect.before !== undefined;
      cells.forEach(({ cell, tick, last }, level) => {
        const before = anew && aspect.before === String(level);
        cell.classList.toggle("before", before);
        write(last, before ? _("上轮") : "");
        show(last, before);
        const chosen = value === String(level);
        cell.setAttribute("aria-checked", String(chosen));
        cell.tabIndex = chosen || (value === undefined && level === 0) ? 0 : -1;
        show(tick, chosen);
        block(cell, !open);
      });
      showMarks(part, aspect, values);
    },
    focus: () => cells[Number(page.markedSheet.now.values[aspect.code] ?? 0)].cell.focus(),
    tile: (value) => valueText(aspect, value),
  };
}
