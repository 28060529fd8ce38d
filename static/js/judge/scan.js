// 扫码打开评分表: with the camera where the browser lets a page have it (HTTPS),
// else by the tablet's own camera app, or by typing the code.

import { byCode } from "./agenda.js";
import { openDialog } from "../shared/dialog.js";
import { clone, parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

const canScan = () =>
  Boolean(globalThis.isSecureContext && globalThis.BarcodeDetector && navigator.mediaDevices);

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
      const found = byCode(sheets(), typed);
      if (found.length === 1 || found[0]?.code.toUpperCase() === typed.toUpperCase()) {
        location.href = address(found[0].id);
      } else if (found.length) {
        tell(_("有 %(count)s 张都以 %(typed)s 结尾，把编号写全", { count: found.length, typed }));
      } else {
        tell(_("你名下没有 %(typed)s，看看胸牌上的编号", { typed }));
      }
    });
    press(part.close, close);
    show(part.video, canScan());
    show(part.without, !canScan());
    if (canScan()) watchCamera(part.video, tell).then((stopIt) => { stop = stopIt; });
    else part.code.focus();
  });
}

function parsed(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** Look through the camera until a code of this site is seen; returns how to stop. */
async function watchCamera(video, tell) {
  let on = true;
  let stream;
  const stop = () => {
    on = false;
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    if (!on) stop();
    video.srcObject = stream;
    await video.play();
  } catch {
    tell(_("相机用不了，把编号写在下面"));
    return stop;
  }
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const look = async () => {
    if (!on) return;
    const [seen] = await detector.detect(video).catch(() => []);
    const url = seen ? parsed(seen.rawValue) : null;
    if (url?.origin === location.origin) {
      stop();
      location.href = url.href;
    } else {
      if (seen) tell(_("这不是本场比赛的码"));
      setTimeout(look, 150);
    }
  };
  look();
  return stop;
}
