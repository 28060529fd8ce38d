// The page on which a sheet is opened by a code: what the camera sees is sent as if typed.

import "./plain.js";
import { untold } from "./scan.js";
import { mayUseCamera, watch } from "../shared/camera.js";
import { parts, press, show, write } from "../shared/dom.js";

const part = parts(document);
const field = document.querySelector("[name=code]");

show(part.camera, mayUseCamera());
show(part.insecure, !globalThis.isSecureContext);
press(part.camera, () => {
  show(part.camera, false);
  write(part.said, "");
  const again = (words) => {
    write(part.said, words);
    show(part.camera, true);
  };
  const stop = watch(part.video, {
    seen: (text) => {
      stop();
      field.value = text;
      field.form.requestSubmit();
    },
    trouble: untold(again),
  });
});
