// A judge's comment to the contestant: the last one stands, an empty one takes it back.

import { clone, parts, press, show, write } from "../shared/dom.js";
import { openDialog } from "../shared/dialog.js";
import { _ } from "../shared/words.js";

/** As the server takes it in. */
const MOST = 500;

export function commentDialog(markedSheet) {
  const box = clone("t-comment");
  const part = parts(box);
  const close = openDialog(box, _("评语"));
  const before = markedSheet.now.comment;
  part.text.value = before;
  press(part.save, () => {
    const text = part.text.value.trim();
    const length = [...text].length;
    show(part.problem, length > MOST);
    part.text.setAttribute("aria-invalid", String(length > MOST));
    if (length > MOST) {
      write(part.sentence, _("最多 %(most)s 个字，现在 %(length)s 个，还没记下", { most: MOST, length }));
      return part.text.focus();
    }
    close();
    if (text !== before) markedSheet.comment(text);
  });
  press(part.close, close);
  part.text.focus();
}
