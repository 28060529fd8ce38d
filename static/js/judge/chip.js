// The words of a judge's connection chip, and the list behind it: what waits, what was refused, a
// clock that is wrong. It always says where the marks are.

import { chip, waitingRow } from "../keeping/chip.js";
import { clock, clone, parts, press, show, write } from "../shared/dom.js";
import { openDialog } from "../shared/dialog.js";
import { drawLeft, leftHere } from "./left_here.js";
import { saveFile, showCodes } from "./offline_package.js";
import { showValue } from "./list.js";
import { _ } from "../shared/words.js";

/** The chip's look and words for a state of the outbox. */
export function wording({ trouble, state, waiting, refused, sending, last, again = 0, others = 0 }) {
  if (trouble) return ["bad", "i-warn", _("本机存不下了，先别评，找技术员")];
  if (state === "other") return ["bad", "i-person", _("这台平板现在是别人在用，重新打开")];
  if (state === "over") return ["bad", "i-person", over(waiting)];
  if (state === "signin") return ["warn", "i-lock", _("请重新登录，分数都在本机")];
  if (refused) return ["bad", "i-warn", _("%(count)s 条没被收下，点开看", { count: refused })];
  if (again && state === "open") {
    return ["accent", "i-upload", _("服务器恢复过备份，正在补传 %(count)s 条", { count: again })];
  }
  if (waiting && sending) return ["accent", "i-upload", _("正在上传，还有 %(count)s 条", { count: waiting })];
  if (waiting) return ["warn", "i-device", _("%(count)s 条待上传·已存本机", { count: waiting })];
  if (state === "cut") return ["warn", "i-wifi-off", _("网络断了，可以接着评")];
  if (state === "ill") return ["warn", "i-warn", _("服务器有故障，可以接着评")];
  if (others) return ["warn", "i-device", _("你的都已上传，别人的 %(count)s 条没传，点开看", { count: others })];
  return ["ok", "i-cloud-check", last ? _("都已上传 %(time)s", { time: clock(last) }) : _("都已上传")];
}

function over(waiting) {
  if (waiting) return _("席位换给别人了，%(count)s 条没上传，点开看", { count: waiting });
  return _("席位换给别人了，请交回平板");
}

/** Keep the chip of a judge's page true to its outbox. */
export const judgesChip = (outbox) => chip(outbox, { say: wording, list: waitingList });

/** The list of what waits and what was refused, with what to do. */
export function waitingList(outbox) {
  const box = clone("t-waiting");
  const part = parts(box);
  const row = (item, reason) => {
    const what = `${item.label.aspect} ${showValue(item.act)}`.trim();
    return waitingRow(outbox, item, what, item.act.at, reason);
  };
  const draw = () => {
    const { allWaiting: waiting, allRefused: refused, others, line, last } = outbox;
    part.refused.replaceChildren(...refused.map((item) => row(item, reasonOf(item))));
    part.waiting.replaceChildren(...waiting.map((item) => row(item)));
    show(part.refusedhead, refused.length > 0);
    show(part.waitinghead, waiting.length > 0);
    write(part.summary, summary(outbox));
    // Loading this page again leads to signing in, and back.
    show(part.signin, line.state === "signin" || line.state === "other");
    part["signin-link"].href = location.href;
    show(part.others, others > 0);
    if (others > 0) leftHere(outbox.journal.judge).then((left) => drawLeft(part.leftlist, left));
    const off = line.skew === null ? 0 : Math.round(Math.abs(line.skew) / 60000);
    show(part.skew, off >= 2);
    write(part.skew, _("平板的钟差了 %(minutes)s 分钟。时刻都按服务器的钟记，不影响分数，得空时对一下。", { minutes: off }));
    write(part.last, last ? _("上次上传 %(time)s", { time: clock(last) }) : _("还没上传过"));
    show(part.handover, outbox.waiting.length > 0);
    show(part.retry, waiting.length > 0 && !["signin", "over"].includes(line.state));
  };
  outbox.addEventListener("change", draw);
  const close = openDialog(box, part.title.textContent, () =>
    outbox.removeEventListener("change", draw));
  const hand = (over) => async () =>
    over(outbox.journal.judge, outbox.waiting, await outbox.journal.get("key"));
  press(part.file, hand(saveFile));
  press(part.codes, hand(showCodes));
  press(part.retry, () => outbox.kick());
  press(part.close, close);
  draw();
}

/** Why it was not taken; what the server held before a restore is not to be forgotten for that. */
const reasonOf = ({ again, reason }) => (again
  ? _("恢复备份以前收下过，现在没有收：%(reason)s。备份以后补的人、退回和换人要先再办一次，再照这里重评", { reason })
  : reason);

function summary({ journal, allWaiting: waiting, allRefused: refused, line, again }) {
  if (journal.trouble && !waiting.length) {
    return _("这台平板存不下新的分数。先别评，找技术员；评过的都在服务器上了。");
  }
  if (journal.trouble && line.state !== "open") {
    return _("这台平板存不下新的分数，现在也传不上去。先别评，别关这一页，找技术员；已经评的还在，连上了自动上传。");
  }
  if (journal.trouble) {
    return _("这台平板存不下新的分数。先别评，找技术员；已经评的还在，正在上传。");
  }
  if (line.state === "over" && waiting.length) {
    return _("你的席位换给了别人，这些没有上传，都在本机。存成文件交给记分员，再把平板交回去。");
  }
  if (line.state === "over") return _("你的席位换给了别人。评过的都在服务器上，把平板交回去。");
  if (line.state === "signin") return _("登录过期了。分数都在本机，登录后自动上传；登不上的，存成文件交给记分员。");
  if (line.state === "other") return _("这台平板换人登录了。你的分数都在本机，等你登录后上传。");
  if (refused.length && !waiting.length) return _("下面这些没有记下，按现在的分数看一下。");
  if (again) return _("服务器从备份恢复过。这台平板留着的分数再送一遍，已有的不会重复。");
  if (waiting.length && line.state === "ill") {
    return line.ailment ?? _("服务器有故障，不是这台平板的网络。这些已存本机，修好以后自动上传，可以接着评。");
  }
  if (waiting.length) return _("这些已存本机，网络恢复后自动上传，可以接着评。");
  return _("没有等着上传的，都在服务器上了。");
}
