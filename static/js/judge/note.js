// A note in the judge's words, to an aspect or to the whole sheet.

import { clone, parts, press, write } from "../shared/dom.js";
import { openDialog } from "../shared/dialog.js";
import { _ } from "../shared/words.js";

export function noteDialog(aspect, desk) {
  const box = clone("t-note");
  const part = parts(box);
  const title = aspect ? _("%(name)s 备注", { name: aspect.name }) : _("整张表的备注");
  write(part.title, title);
  const close = openDialog(box, title);
  press(part.save, () => {
    const text = part.text.value.trim();
    part.text.value = "";
    close();
    if (text) desk.note(aspect, text);
  });
  press(part.close, close);
  part.text.focus();
}
