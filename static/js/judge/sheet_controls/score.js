// Marks given outright: − value +, or a tap on the value for the keypad.

import { block, clone, parts, press, show, write } from "../../shared/dom.js";
import { openDialog } from "../../shared/dialog.js";
import { brief, compare, exact, isMultiple, minus, plus, tidy } from "../../shared/exact.js";
import { keypad } from "../keypad.js";
import { refusal } from "../marking.js";
import { valueText } from "../value_text.js";
import { _ } from "../../shared/words.js";
import { head, hold, name, showMarks } from "./common.js";

/** How far − and + go: the aspect's step, or a handier multiple of a very fine one. */
export function nudge(aspect) {
  const step = exact(aspect.step ?? "0.01");
  const handy = ["0.1", "0.5", "1"].map(exact).filter((size) => isMultiple(size, step));
  const fine = compare(step, exact("0.1")) < 0;
  if (!fine || !handy.length) return step;
  return compare(exact(aspect.max), exact(10)) > 0 ? handy.at(-1) : handy[0];
}

/** From where to where and in what steps, but for what the scheme's own words say already. */
export function howMarked({ min, max, step = "0.01", hint = "" }) {
  const ends = { min: brief(exact(min ?? "0"), 6), max: brief(exact(max)) };
  return [
    ends.min === "0" ? _("0–%(max)s 分", ends) : _("%(min)s 到 %(max)s 分", ends),
    _("%(step)s 一档", { step: brief(exact(step ?? "0.01"), 6) }),
  ].filter((words) => !hint?.includes(words));
}

export function score(aspect, page) {
  const root = clone("t-score");
  const part = parts(root);
  const max = exact(aspect.max);
  const floor = exact(aspect.min ?? "0");
  const step = nudge(aspect);
  head(part, aspect, ...howMarked(aspect), aspect.hint);
  const words = { name: aspect.name, step: brief(step, 6) };
  part.minus.setAttribute("aria-label", _("%(name)s 减 %(step)s", words));
  part.plus.setAttribute("aria-label", _("%(name)s 加 %(step)s", words));

  // While a button is held the value only runs on the screen; letting go records it.
  let running = null;
  const current = () => running ?? page.markedSheet.intended.values[aspect.code];
  const stepBy = (by) => () => {
    if (current() === undefined) return;
    let to = by(exact(current()), step);
    if (compare(to, max) > 0) to = max;
    if (compare(to, floor) < 0) to = floor;
    running = brief(to, 6);
    draw(page.markedSheet.now);
  };
  const land = () => {
    const value = running;
    running = null;
    if (value === null) openKeypad();
    else if (value !== page.markedSheet.intended.values[aspect.code]) page.put(aspect, value);
    else draw(page.markedSheet.now);
  };
  hold(part.minus, stepBy(minus), land);
  hold(part.plus, stepBy(plus), land);
  press(part.value, () => openKeypad());
  part.value.addEventListener("keydown", (event) => {
    if (part.value.getAttribute("aria-disabled") === "true") return;
    if (/^\d$/.test(event.key)) openKeypad(event.key);
    else if (event.key === "ArrowUp") { stepBy(plus)(); land(); }
    else if (event.key === "ArrowDown") { stepBy(minus)(); land(); }
    else return;
    event.preventDefault();
  });

  /** The keypad in a dialog, with a digit typed already where one was. */
  function openKeypad(first) {
    let close;
    const pad = keypad({
      label: aspect.name,
      sign: floor.n < 0n,
      text: page.markedSheet.intended.values[aspect.code] ?? "",
      check: (text) => refusal(aspect, tidy(text) ?? text),
      confirm(text) {
        close();
        if (text) page.put(aspect, tidy(text));
        else if (page.markedSheet.intended.values[aspect.code] !== undefined) page.markedSheet.clear(aspect);
      },
      cancel: () => close(),
      note: () => page.note(aspect),
    });
    const box = clone("t-pad-dialog");
    const inner = parts(box);
    write(inner.title, aspect.name);
    write(inner.hint, part.hint?.textContent ?? "");
    inner.place.append(pad.root);
    close = openDialog(box, aspect.name, () => part.value.focus());
    press(inner.close, close);
    pad.focus();
    if (first) pad.type(first);
  }

  function draw({ values, open }) {
    const value = running ?? values[aspect.code];
    write(part.value, value ?? _("没评"));
    name(part.value, aspect, value ?? _("没评"));
    part.value.classList.toggle("empty", value === undefined);
    const number = value === undefined ? null : exact(value);
    const atTop = Boolean(number) && compare(number, max) >= 0;
    const atFloor = Boolean(number) && compare(number, floor) <= 0;
    block(part.value, !open);
    block(part.plus, !open || atTop);
    block(part.minus, !open || atFloor);
    show(part.edge, atTop || atFloor);
    write(part.edge, atTop ? _("最高 %(max)s", { max: brief(max) }) : atFloor ? _("最低 %(min)s", { min: brief(floor, 6) }) : "");
    showMarks(part, aspect, running === null ? values : { ...values, [aspect.code]: running });
  }

  return { root, update: draw, openKeypad, focus: () => part.value.focus(), tile: (value) => valueText(aspect, value) };
}
