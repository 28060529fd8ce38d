// The connection chip of the clerk's page, and the list of what waits: the judge's, in the clerk's words.

import { wording } from "../judge/chip.js";
import { waitingRow } from "../keeping/chip.js";
import { openDialog } from "../shared/dialog.js";
import { clone, parts, press, show } from "../shared/dom.js";
import { _ } from "../shared/words.js";

/** The chip's look and words for a state of the outbox. */
export function clerkWording(now) {
  if (now.trouble) return ["bad", "i-warn", _("本机存不下了，先别检录，找技术员")];
  if (now.state === "signin") return ["warn", "i-lock", _("请重新登录，检录都在本机")];
  const idle = !now.refused && !now.waiting && now.state !== "other";
  if (idle && now.state === "cut") return ["warn", "i-wifi-off", _("网络断了，可以接着检录")];
  if (idle && now.state === "ill") return ["warn", "i-warn", _("服务器有故障，可以接着检录")];
  return wording(now);
}

function actWord(act) {
  if (act.kind === "passed") return _("检录通过");
  if (act.kind === "came") return _("有人先到");
  return act.kind === "stopped" ? _("没放行") : _("撤销检录");
}

/**
 * What waits on this device and what was refused, with what to do. What is kept has no
 * names: `nameOf` says whose number it is.
 */
export function clerkList(outbox, nameOf) {
  const box = clone("t-waiting");
  const part = parts(box);
  const row = (item, reason) => {
    const what = `${nameOf(item.act.entrant)} ${actWord(item.act)}`.trim();
    return waitingRow(outbox, item, what, item.act.at, reason);
  };
  const draw = () => {
    const { waiting, refused, line } = outbox;
    part.refused.replaceChildren(...refused.map((item) => row(item, item.reason)));
    part.waiting.replaceChildren(...waiting.map((item) => row(item)));
    show(part.refusedhead, refused.length > 0);
    show(part.waitinghead, waiting.length > 0);
    show(part.none, !refused.length && !waiting.length);
    show(part.signin, line.state === "signin" || line.state === "other");
    part["signin-link"].href = location.href;
    show(part.retry, waiting.length > 0 && line.state !== "signin");
  };
  outbox.addEventListener("change", draw);
  const close = openDialog(box, part.title.textContent, () => outbox.removeEventListener("change", draw));
  press(part.retry, () => outbox.kick());
  press(part.close, close);
  draw();
}
