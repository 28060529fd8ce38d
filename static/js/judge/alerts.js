// What the desk did to a judge's marks: told on the spot, and kept until it was read.

import { clone, parts, press, write } from "../shared/dom.js";
import { showValue } from "./list.js";
import { _ } from "../shared/words.js";

/** Refused acts of the desk show by themselves; returns tell(sentence). */
export function alerts(place, desk) {
  const tell = (sentence) => {
    const root = clone("t-alert");
    const part = parts(root);
    write(part.words, sentence);
    press(part.away, () => root.remove());
    place.prepend(root);
    while (place.children.length > 4) place.lastElementChild.remove();
  };
  desk.addEventListener("refused", ({ detail: { row, reason } }) => {
    tell(_("%(what)s 没有记下：%(reason)s。现在按服务器上的算。", {
      what: `${row.label.aspect} ${showValue(row.act)}`.trim(),
      reason: String(reason).replace(/[。.]$/, ""),
    }));
  });
  return tell;
}
