// Faults counted one tap at a time. At the floor of the marks it still counts.

import { block, clone, parts, press, write } from "../../shared/dom.js";
import { brief, exact } from "../../shared/exact.js";
import { standing } from "../marking.js";
import { valueText } from "../value_text.js";
import { _ } from "../../shared/words.js";
import { head, showMarks } from "./common.js";

export function counter(aspect, page) {
  const root = clone("t-counter");
  const part = parts(root);
  head(part, aspect, _("每次扣 %(points)s 分", { points: brief(exact(aspect.points), 6) }), aspect.hint);
  part.plus.setAttribute("aria-label", _("%(name)s 记一次", { name: aspect.name }));
  part.less.setAttribute("aria-label", _("%(name)s 撤一次", { name: aspect.name }));

  // Marked anew, nothing stands until the judge says so: 0 is said by a key of its own.
  const faults = () => standing(aspect, page.markedSheet.intended.values);
  const more = () => page.put(aspect, String(BigInt(faults() ?? 0) + 1n));
  const less = () => {
    const count = faults();
    if (count === undefined) page.put(aspect, "0");
    else if (count !== "0") page.put(aspect, String(BigInt(count) - 1n));
  };
  press(part.plus, more);
  press(part.less, less);
  root.addEventListener("keydown", (event) => {
    const act = { "+": more, "=": more, "-": less, Backspace: less }[event.key];
    if (!act || part.plus.getAttribute("aria-disabled") === "true") return;
    event.preventDefault();
    act();
  });

  return {
    root,
    update({ values, open }) {
      const value = standing(aspect, values);
      write(part.count, value ?? "—");
      write(part.lesswords, value === undefined ? _("0 次") : _("撤 1"));
      root.classList.toggle("untouched", values[aspect.code] === undefined);
      showMarks(part, aspect, values);
      block(part.plus, !open);
      block(part.less, !open || value === "0");
    },
    focus: () => part.plus.focus(),
    tile: (value) => valueText(aspect, value),
  };
}
