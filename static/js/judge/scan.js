// 扫码打开评分表: with the camera where the browser lets a page have it (HTTPS),
// else by the tablet's own camera app, or by typing the code.

import { byCode } from "./agenda.js";
import { mayUseCamera, watch } from "../shared/camera.js";
import { openDialog } from "../shared/dialog.js";
import { clone, parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

/** sheets: gives the judge's sheets; address: where a sheet is. */
export function scanner(button, sheets, address) {
  press(button, () => {
    const box = clone("t-scan");
    const part = parts(box);
    let stop = () => {};
    const close = openDialog(box, part.title.textContent, () => stop());
    const tell = (words) => {
      show(part.problem, true);
      write(part.sentence, words);
      part.code.setAttribute("aria-invalid", "true");
    };
    part.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = part.code.value.trim();
      const matches = byCode(sheets(), typed);
      if (new Set(matches.map(({ code }) => code)).size === 1) {
        location.href = address(matches[0].id);
      } else if (matches.length) {
        tell(_("有 %(count)s 张都像 %(typed)s，把编号连横线写全", { count: matches.length, typed }));
      } else {
        tell(_("你名下没有 %(typed)s，照“还剩几张”里的编号写", { typed }));
      }
    });
    press(part.close, close);
    show(part.insecure, !globalThis.isSecureContext);
    show(part.without, !mayUseCamera());
    if (!mayUseCamera()) return part.code.focus();
    stop = watch(part.video, { seen: followed(sheets, address, tell, () => stop()), trouble: untold(tell) });
    return undefined;
  });
}

/** What to say when the camera, or what reads codes, is not to be had. */
export const untold = (tell) => (kind) => tell(kind === "camera"
  ? _("相机用不了，把编号写在下面")
  : _("识码的程序没取到，等网络好了再扫，或把编号写在下面"));

/** A link of this site, or a sheet's whole code, opens; anything else is not ours. */
function followed(sheets, address, tell, stop) {
  return (text) => {
    const url = parsed(text);
    const sheet = sheets().find(({ code }) => code === text);
    if (!sheet && url?.origin !== location.origin) return tell(_("这不是本场比赛的码"));
    stop();
    location.href = sheet ? address(sheet.id) : url.href;
    return undefined;
  };
}

function parsed(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
