// A text that is too long is refused in words beside its field, and stays to be shortened: a field
// that takes no more cuts what was pasted without a word.

import { show, write } from "./dom.js";
import { signsIn } from "./signs.js";
import { _ } from "./words.js";

/** Whether a field (`data-most`) holds more than it may; `beside` says so, or is hidden. */
export function isTooLong(field, beside) {
  const n = signsIn(field);
  const most = Number(field.dataset.most);
  const over = n > most;
  write(beside, over ? _("最多 %(most)s 个字，现在是 %(n)s 个", { most, n }) : "");
  show(beside, over);
  field.setAttribute("aria-invalid", String(over));
  return over;
}
