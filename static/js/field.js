// The field record: the contestant signs under what the judge wrote down.

import { parts } from "./dom.js";
import { pad } from "./pad.js";

const part = parts(document.body);

if (part.form) {
  const box = pad(part.pad, () => {
    part.drawing.value = box.signed ? JSON.stringify(box.drawing()) : "";
  });
  if (part.drawing.value) box.show(JSON.parse(part.drawing.value));
  part.again.addEventListener("click", () => box.clear());
  let sent = false;
  part.form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
}
