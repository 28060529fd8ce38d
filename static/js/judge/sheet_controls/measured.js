// A measured value: a row until it is opened, then the keypad in place, with the
// band that the typed value falls in lit before it is confirmed.

import { block, clone, parts, press, show, write } from "../../shared/dom.js";
import { brief, exact, tidy } from "../../shared/exact.js";
import { keypad } from "../keypad.js";
import { bandOf, typeOf } from "../aspect_types.js";
import { refusal } from "../marking.js";
import { valueText } from "../value_text.js";
import { _ } from "../../shared/words.js";
import { got, head, most, name, showMarks } from "./common.js";

export function measured(aspect, page) {
  const root = clone("t-measured");
  const part = parts(root);
  const unit = aspect.unit ?? "";
  head(part, aspect, aspect.hint || _("量出来多少记多少"), unit,
    typeOf(aspect).againstOthers && _("与别人比着算分"),
    _("满分 %(max)s 分", { max: brief(exact(aspect.max)) }));
  write(part.unit, unit);
  let pad = null;

  press(part.enter, () => page.open(aspect.code));

  function openPad() {
    const bands = aspect.bands?.length ? strip(aspect) : null;
    pad = keypad({
      label: aspect.name,
      unit,
      text: page.markedSheet.intended.values[aspect.code] ?? "",
      sign: typeOf(aspect).signed && aspect.least !== "0",
      check: (text) => refusal(aspect, tidy(text) ?? text),
      changed(text) {
        const fits = text && !refusal(aspect, tidy(text) ?? text);
        bands?.light(fits ? exact(text) : null);
        write(part.got, fits ? got(aspect, tidy(text)) || "—" : "—");
      },
      confirm(text) {
        if (text) page.put(aspect, tidy(text));
        else if (page.markedSheet.intended.values[aspect.code] !== undefined) page.markedSheet.clear(aspect);
        page.closed(aspect.code);
      },
      cancel: () => page.closed(aspect.code),
      note: () => page.note(aspect),
    });
    if (bands) pad.part.between.append(bands.root);
    part.place.replaceChildren(pad.root);
  }

  return {
    root,
    update({ values, open }, opened) {
      const wanted = opened && open;
      if (wanted && !pad) openPad();
      if (!wanted && pad) {
        pad = null;
        part.place.replaceChildren();
      }
      root.classList.toggle("opened", wanted);
      show(part.closed, !wanted);
      block(part.enter, !open);
      const value = values[aspect.code];
      write(part.value, value === undefined ? _("没填") : `${value} ${unit}`.trim());
      write(part.enter, value === undefined ? _("输入") : _("改"));
      name(part.enter, aspect, part.enter.textContent);
      part.value.classList.toggle("empty", value === undefined);
      root.classList.toggle("unset", value === undefined);
      if (!pad) showMarks(part, aspect, values);
      write(part.most, most(aspect));
    },
    focus() {
      if (pad) pad.focus();
      else part.enter.focus();
    },
    opens: true,
    tile: (value) => valueText(aspect, value),
  };
}

/** The strip of bands: 10 分 / 10 以内 … 0 分 / 超过 40. */
function strip(aspect) {
  const root = clone("t-bands");
  const last = aspect.bands.at(-1);
  const cells = aspect.bands.map((band) =>
    [band.marks, _("%(within)s 以内", { within: brief(exact(band.within), 6) })]);
  cells.push(["0", _("超过 %(within)s", { within: brief(exact(last.within), 6) })]);
  const made = cells.map(([marks, words]) => {
    const cell = clone("t-band");
    const inner = parts(cell);
    write(inner.marks, _("%(marks)s 分", { marks: brief(exact(marks)) }));
    write(inner.words, words);
    root.append(cell);
    return { cell, tick: inner.tick };
  });
  return {
    root,
    light(number) {
      const hit = number ? bandOf(aspect, number) : null;
      const at = hit === -1 ? made.length - 1 : hit;
      made.forEach(({ cell, tick }, index) => {
        cell.classList.toggle("hit", index === at);
        show(tick, index === at);
      });
    },
  };
}
