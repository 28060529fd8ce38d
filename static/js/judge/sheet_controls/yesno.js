// Passed or not. Neither chosen is unmarked; the chosen one tapped again is unmarked too.

import { block, clone, parts, press, show } from "../../shared/dom.js";
import { brief, exact } from "../../shared/exact.js";
import { valueText } from "../value_text.js";
import { _ } from "../../shared/words.js";
import { head, showMarks } from "./common.js";

/** A second tap so soon is a bouncing finger, not a change of mind. */
const BOUNCE = 350;

export function yesno(aspect, page) {
  const root = clone("t-yesno");
  const part = parts(root);
  head(part, aspect, _("二选一，%(max)s 分或 0 分", { max: brief(exact(aspect.max)) }), aspect.hint);
  part.cells.setAttribute("aria-label", aspect.name);
  let tapped = 0;

  const choose = (value) => {
    const bounced = performance.now() - tapped < BOUNCE;
    tapped = performance.now();
    if (page.markedSheet.intended.values[aspect.code] !== value) page.put(aspect, value);
    else if (!bounced) page.markedSheet.clear(aspect);
  };
  press(part.yes, () => choose(true));
  press(part.no, () => choose(false));
  part.cells.addEventListener("keydown", (event) => {
    const button = { 1: part.yes, y: part.yes, 0: part.no, n: part.no,
      ArrowLeft: part.yes, ArrowRight: part.no }[event.key];
    if (!button) return;
    event.preventDefault();
    button.focus();
    if (!event.key.startsWith("Arrow")) button.click();
  });

  return {
    root,
    update({ values, open }) {
      const value = values[aspect.code];
      for (const [button, meaning] of [[part.yes, true], [part.no, false]]) {
        button.setAttribute("aria-pressed", String(value === meaning));
        button.classList.toggle("before", open && value === undefined && aspect.before === meaning);
        block(button, !open);
      }
      show(part.unmarked, value === undefined);
      showMarks(part, aspect, values);
    },
    focus: () => part.yes.focus(),
    tile: (value) => valueText(aspect, value),
  };
}
