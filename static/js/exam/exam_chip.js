// The candidate's chip: where the answers are, in words, and what waits on this device.

import { chip } from "../keeping/chip.js";
import { openDialog } from "../shared/dialog.js";
import { clock, clone, parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

/** The chip's look and words; `answered`: how many questions are. */
function wording({ trouble, state, waiting, refused, sending, last, again, answered }) {
  if (trouble) return ["bad", "i-warn", _("这台机存不下了，举手找监考")];
  if (state === "over" || state === "signin") return ["warn", "i-lock", _("请重新坐下，答过的都在本机")];
  if (refused) return ["bad", "i-warn", _("%(count)s 条没被收下，点开看", { count: refused })];
  if (again && state === "open") return ["accent", "i-upload", _("正在补传 %(count)s 条", { count: again })];
  if (waiting && sending) return ["accent", "i-upload", _("正在上传，还有 %(count)s 条", { count: waiting })];
  if (waiting) return ["warn", "i-device", _("%(count)s 条存在本机，接着答", { count: waiting })];
  if (state === "cut") return ["warn", "i-wifi-off", _("网络断了，接着答")];
  if (state === "ill") return ["warn", "i-warn", _("服务器有故障，接着答")];
  if (!answered) return ["ok", "i-cloud-check", _("连着服务器")];
  return ["ok", "i-cloud-check", last
    ? _("%(n)s 题都已上传 %(time)s", { n: answered, time: clock(last) })
    : _("%(n)s 题都已上传", { n: answered })];
}

function summary(outbox) {
  const { journal, line, allWaiting: waiting } = outbox;
  if (journal.trouble) return _("这台机存不下新的答案。举手找监考换一台，答过的还在，连上了自动上传。");
  if (line.state === "signin" || line.state === "over") return _("这台机要重新坐下：打开坐下的那一页，输编号和考场的六位数。答过的都在本机。");
  if (!waiting.length) return _("答过的都在服务器上了。");
  if (line.state === "ill") return line.ailment ?? _("服务器有故障，不是这台机的网络。答过的已存本机，修好以后自动上传，接着答。");
  return _("这些已存本机，网络恢复后自动上传，接着答，不要关这一页。");
}

function actWord(act, place) {
  if (act.kind === "answer") return _("第 %(n)s 题", { n: place(act.question) });
  if (act.kind === "flag") return _("第 %(n)s 题，想再看", { n: place(act.question) });
  return act.kind === "hand_in" ? _("交卷") : _("离开过这一页");
}

function list(outbox, place) {
  const box = clone("t-waiting");
  const part = parts(box);
  const row = (item) => {
    const line = clone("t-waiting-row");
    const inner = parts(line);
    write(inner.what, actWord(item.act, place));
    write(inner.time, clock(outbox.line.now() - Date.now() + Date.parse(item.act.at), true));
    show(inner.why, Boolean(item.reason));
    write(inner.why, item.reason ?? "");
    show(inner.away, Boolean(item.reason));
    press(inner.away, () => outbox.putAway(item));
    return line;
  };
  const draw = () => {
    const { allWaiting: waiting, allRefused: refused } = outbox;
    write(part.summary, summary(outbox));
    part.refused.replaceChildren(...refused.map(row));
    part.waiting.replaceChildren(...waiting.map(row));
    show(part.refusedhead, refused.length > 0);
    show(part.waitinghead, waiting.length > 0);
    show(part.retry, waiting.length > 0);
  };
  outbox.addEventListener("change", draw);
  const close = openDialog(box, part.title.textContent, () => outbox.removeEventListener("change", draw));
  press(part.retry, () => outbox.kick());
  press(part.close, close);
  draw();
}

/** Keep the chip true; answered(): how many questions are; place(code): a question's number. */
export function examChip(outbox, { answered, place }) {
  chip(outbox, {
    say: (now) => wording({ ...now, answered: answered() }),
    list: () => list(outbox, place),
  });
}
