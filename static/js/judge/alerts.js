// Tells a judge what became of marks elsewhere, and keeps it on the page until it is read.

import { clone, parts, press, write } from "../shared/dom.js";
import { showValue } from "./list.js";
import { _ } from "../shared/words.js";

/** Shows the sheet's refused acts by itself; returns tell(sentence). */
export function alerts(place, markedSheet) {
  const tell = (sentence) => {
    const root = clone("t-alert");
    const part = parts(root);
    write(part.words, sentence);
    press(part.away, () => root.remove());
    place.prepend(root);
    while (place.children.length > 4) place.lastElementChild.remove();
  };
  markedSheet.addEventListener("refused", ({ detail: { row, reason } }) => {
    tell(_("%(what)s 没有记下：%(reason)s。现在按服务器上的算。", {
      what: `${row.label.aspect} ${showValue(row.act)}`.trim(),
      reason: String(reason).replace(/[。.]$/, ""),
    }));
  });
  return tell;
}
