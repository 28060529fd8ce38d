// A note in the judge's words, to an aspect or to the whole sheet.

import { clone, parts, press, show, write } from "../shared/dom.js";
import { openDialog } from "../shared/dialog.js";
import { _ } from "../shared/words.js";

/** As the server takes them in. */
const MOST = 2000;

export function noteDialog(aspect, markedSheet) {
  const box = clone("t-note");
  const part = parts(box);
  const title = aspect ? _("%(name)s 备注", { name: aspect.name }) : _("整张表的备注");
  write(part.title, title);
  const close = openDialog(box, title);
  press(part.save, () => {
    const text = part.text.value.trim();
    const length = [...text].length;
    show(part.problem, length > MOST);
    part.text.setAttribute("aria-invalid", String(length > MOST));
    if (length > MOST) {
      write(part.sentence, _("最多 %(most)s 个字，现在 %(length)s 个，还没记下", { most: MOST, length }));
      return part.text.focus();
    }
    part.text.value = "";
    close();
    if (text) markedSheet.note(aspect, text);
  });
  press(part.close, close);
  part.text.focus();
}
