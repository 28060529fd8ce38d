// Named checks, ticked one by one.
// The value is how many are met; which ones goes along as the act's note. None met is said by a key
// of its own: an untouched list is unmarked.

import { block, clone, parts, press, show, write } from "../../shared/dom.js";
import { brief, exact } from "../../shared/exact.js";
import { metNote, metOf } from "../met.js";
import { valueText } from "../value_text.js";
import { _ } from "../../shared/words.js";
import { head, name, showMarks } from "./common.js";

export function checklist(aspect, page) {
  const root = clone("t-checklist");
  const part = parts(root);
  head(part, aspect, _("达到几项算几项，满分 %(max)s 分", { max: brief(exact(aspect.max)) }), aspect.hint);
  part.cells.setAttribute("aria-label", aspect.name);
  name(part.none, aspect, part.none.textContent);

  const ticked = (values, met) => metOf(values[aspect.code], met?.[aspect.code]);
  const say = (places) =>
    page.put(aspect, String(places.length), { note: metNote(places) });
  const toggle = (place) => {
    const { values, met } = page.markedSheet.intended;
    const now = ticked(values, met) ?? [];
    say(now.includes(place) ? now.filter((chosen) => chosen !== place) : [...now, place].sort((a, b) => a - b));
  };
  const cells = aspect.checks.map((text, place) => {
    const cell = clone("t-check");
    const inner = parts(cell);
    write(inner.text, text);
    press(cell, () => toggle(place));
    part.cells.append(cell);
    return { cell, tick: inner.tick };
  });
  press(part.none, () => say([]));

  return {
    root,
    update({ values, met, open }) {
      const value = values[aspect.code];
      const places = ticked(values, met);
      cells.forEach(({ cell, tick }, place) => {
        const hit = Boolean(places?.includes(place));
        cell.setAttribute("aria-checked", String(hit));
        show(tick, hit);
        block(cell, !open);
      });
      part.none.setAttribute("aria-pressed", String(value === "0"));
      block(part.none, !open);
      show(part.unmarked, value === undefined);
      // Entered as a number, such as from a paper sheet: how many is known, which ones is not.
      show(part.unknown, value !== undefined && places === null);
      write(part.count, value === undefined ? "" : valueText(aspect, value));
      showMarks(part, aspect, values);
    },
    focus: () => cells[0].cell.focus(),
    tile: (value) => valueText(aspect, value),
  };
}
