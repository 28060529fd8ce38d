// The foot of a sheet: the running total, what is missing by name, the next step, and handing in.

import { ask } from "../shared/dialog.js";
import { block, parts, press, show, write } from "../shared/dom.js";
import { brief } from "../shared/exact.js";
import { apartWords, fullMarks, hasTotal, missing, standing, startsAtZero, totalText } from "./marking.js";
import { _ } from "../shared/words.js";

/** page: {markedSheet, go(aspect, enter), sign(), askAllOdd()}; root is the foot with its parts. */
export function foot(root, page) {
  const { markedSheet } = page;
  const part = parts(root);
  const most = { full: brief(fullMarks(markedSheet.aspects)), apart: apartWords(markedSheet.aspects) };

  const next = () => missing(markedSheet.aspects, markedSheet.now.values)[0];
  press(part.next, () => next() && page.go(next(), true));
  press(part.submit, () => handIn());
  press(part.sign, () => page.sign());

  let asking = false;
  async function handIn() {
    if (asking || !markedSheet.intended.open || missing(markedSheet.aspects, markedSheet.intended.values).length) return;
    asking = true;
    if (!(await page.askAllOdd())) {
      asking = false;
      return;
    }
    // What he is asked about is what he hands in: another tablet of his may change the
    // sheet meanwhile, and then the server says so instead of taking it.
    const { values } = markedSheet.intended;
    const none = untouched(markedSheet);
    const seen = Object.fromEntries(markedSheet.aspects.map((aspect) => [aspect.code, standing(aspect, values)]));
    const yes = await ask({
      title: titleWords(markedSheet, values),
      text: untouchedWords(none),
      below: _("提交后要改，找裁判长或组委会退回。没网也能提交，存在本机排队上传。"),
      yes: _("提交评分"),
      no: _("再看看"),
    });
    asking = false;
    if (!yes || missing(markedSheet.aspects, markedSheet.intended.values).length) return;
    // What was never touched is written down as none, so that the sheet is complete.
    await markedSheet.together([
      ...none.map((aspect) => ({ kind: "mark", aspect: aspect.code, value: "0", note: "untouched" })),
      { kind: "submit", note: JSON.stringify(seen) },
    ]);
  }

  return {
    update(now) {
      const begun = now.state !== "not_begun";
      const left = missing(markedSheet.aspects, now.values);
      const open = now.open;
      write(part.full, open ? _("暂计%(apart)s（满分 %(full)s）", most) : _("总分%(apart)s（满分 %(full)s）", most));
      write(part.total, begun ? totalText(markedSheet.aspects, now.values) : "—");
      write(part.state, stateWords(now, left, markedSheet));
      write(part.names, open ? namesWords(left) : handedInWords(now, markedSheet));
      root.classList.toggle("all-in", !left.length);
      show(part.next, open && left.length > 0 && !isOver(now, markedSheet));
      if (left.length) write(part.nextname, _("下一项 %(name)s", { name: left[0].name }));
      show(part.submit, open && !left.length);
      block(part.submit, !open);
      // Where the server has said that it cannot be signed now, the words beside say why.
      const { signing } = markedSheet.server;
      show(part.sign, now.state === "submitted" && !markedSheet.server.locked && (markedSheet.waits || signing?.ready !== false));
      const following = open ? null : markedSheet.server.next;
      show(part.following, Boolean(following));
      if (following) {
        part.following.setAttribute("href", page.address(following.id));
        write(part.followingcode, _("下一张 %(code)s", { code: following.code }));
      }
    },
  };
}

const untouched = (markedSheet) => markedSheet.aspects.filter((aspect) =>
  startsAtZero(aspect) && markedSheet.intended.values[aspect.code] === undefined);

function titleWords({ aspects, server: { code } }, values) {
  return hasTotal(aspects)
    ? _("提交 %(code)s，总分 %(total)s", { code, total: totalText(aspects, values) })
    : _("提交 %(code)s", { code });
}

const list = (aspects) => aspects.map((aspect) => aspect.name).join(_("、"));

function untouchedWords(aspects) {
  return aspects.length ? _("%(names)s没有记错，按 0 次交。", { names: list(aspects) }) : "";
}

/** Whether who began went away; of who never came it is not told, which would name a blind code. */
const isOver = (now, markedSheet) => Boolean(markedSheet.server.excused) && ["begun", "complete"].includes(now.state);

function stateWords(now, left, markedSheet) {
  if (!now.open) {
    if (markedSheet.server.early) return _("还没开始评分");
    if (markedSheet.server.locked) return _("已锁定");
    return now.state === "signed" ? _("已签名") : _("已提交");
  }
  if (isOver(now, markedSheet)) return markedSheet.server.late || _("选手缺考、退出或放弃，不用评了");
  if (left.length) return _("还有 %(count)s 项没评", { count: left.length });
  return _("%(count)s 项都评了", { count: markedSheet.aspects.length });
}

function namesWords(left) {
  if (!left.length) return _("没网也能提交，存在本机排队上传");
  const shown = left.slice(0, 4);
  return left.length > shown.length
    ? _("%(names)s 等", { names: list(shown) }) : list(shown);
}

function handedInWords(now, markedSheet) {
  if (markedSheet.waits) return _("存在本机，网络恢复后自动上传");
  if (markedSheet.server.late) return markedSheet.server.late;
  if (now.state === "signed") return "";
  const { signing, unsigned } = markedSheet.server;
  if (signing?.ready && unsigned) return _("服务器恢复过备份，签名没有了，请再签一次");
  return signing?.ready ? _("现在签，或者回去一起签") : signing?.why ?? "";
}
