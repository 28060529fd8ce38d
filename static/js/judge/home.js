// The judge's home: what is left for me to do, from the server's word and from what
// this tablet has not sent yet.

import { judgesChip } from "./chip.js";
import { dayWords } from "../shared/days.js";
import { clock, clone, icon, pageData, parts, press, show, write } from "../shared/dom.js";
import { awaited, counts, groups, merged, next, pressing, tickOrder } from "./agenda.js";
import { judgesKeeping } from "./keeping/judges_keeping.js";
import { keepKey } from "./keeping/tablet_key.js";
import { menus } from "../shared/menus.js";
import { keepAtHand } from "../keeping/offline.js";
import { reminders, reminderText } from "./reminder.js";
import { scanner } from "./scan.js";
import { STATES, stateWord } from "./states.js";
import { themeSwitch } from "../shared/theme.js";
import { _ } from "../shared/words.js";

const main = document.getElementById("main");
const { judge } = document.body.dataset;
const part = parts(document.body);
const address = (id) => main.dataset.address.replace("SHEET", encodeURIComponent(id));

const { journal, line, outbox } = await judgesKeeping(judge).open();
let home = pageData("home-data");
let sheets = [];
const hear = reminders(part.heard, home.sheets);
/** When the server was asked for `home`; 0 where it came with a page kept for later. */
let since = 0;

function draw() {
  const tally = counts(sheets);
  const left = awaited(sheets);
  write(part.left, home.early ? _("还没开始评分")
    : !sheets.length ? _("还没有你的评分表")
      : left ? _("还剩 %(count)s 张", { count: left }) : _("都评完了"));
  write(part.tally, sheets.length ? _("一共 %(all)s 张，已签名 %(signed)s 张",
    { all: sheets.length, signed: tally.signed ?? 0 }) : "");
  show(part.notbegun, !sheets.length && home.early);
  show(part.none, !sheets.length && !home.early);
  show(part.closed, home.open === false && sheets.length > 0);
  write(part.closedwords, home.early ? _("现在只能看。开始以后，这一页自己会变。") : _("评分已经锁定，只能看。要改找裁判长。"));
  const upcoming = home.open === false ? null : next(sheets);
  drawNext(upcoming);
  const back = pressing(sheets);
  show(part.returned, back.length > 0);
  part.returned.replaceChildren(...back.map(returnedRow));
  drawGroups(groups(sheets, upcoming));
  drawTicks(tally);
  const ready = sheets.filter((sheet) => sheet.ready && sheet.state === "submitted");
  show(part.signready, ready.length > 0);
  write(part.signreadywords, _("%(count)s 张等你签名", { count: ready.length }));
  part.signready.classList.toggle("primary", !left && ready.length > 0);
  show(part.compare, sheets.filter((sheet) => sheet.total !== null).length > 1);
  const signed = sheets.filter((sheet) => sheet.state === "signed");
  show(part.signedbutton, signed.length > 0);
  write(part.signedwords, _("查看已签名的 %(count)s 张", { count: signed.length }));
  part.signed.replaceChildren(...signed.map(row));
}

function drawNext(sheet) {
  show(part.next, Boolean(sheet));
  if (!sheet) return;
  write(part.nextcode, sheet.code);
  const begins = sheet.begins && _("%(time)s 进场", { time: sheet.begins });
  write(part.nextnote, listed([sheet.session, begins, sheet.station, sheet.module]));
  write(part.nextgo, sheet.state === "not_begun" ? _("开始评分")
    : sheet.state === "complete" ? _("去提交") : _("接着评"));
  part.nextgo.href = address(sheet.id);
}

function row(sheet) {
  const root = clone("t-row");
  const inner = parts(root);
  fill(inner, sheet);
  inner.link.href = address(sheet.id);
  write(inner.note, note(sheet));
  write(inner.total, sheet.total ?? "—");
  inner.total.classList.toggle("soft", sheet.total === null);
  return root;
}

function returnedRow(sheet) {
  const root = clone("t-returned");
  const inner = parts(root);
  fill(inner, sheet);
  const apart = sheet.state === "submitted";
  if (apart) {
    inner.state.classList.replace("state-submitted", "state-disputed");
    icon(inner.sign, "i-diamond-alert");
    write(inner.word, _("分差超限"));
  }
  write(inner.reminded, reminderText(sheet.reminded));
  show(inner.reminded, Boolean(sheet.reminded));
  write(inner.words, ofModule(sheet, apart ? _("%(name)s差得太多，等裁判长", { name: sheet.dispute.name ?? _("总分") })
    : _("退回：%(reason)s", { reason: sheet.returned_reason ?? "" })));
  write(inner.link, apart ? _("去看") : sheet.anew ? _("去重评") : _("去核对"));
  inner.link.href = address(sheet.id);
  return root;
}

/** Who judges several modules has several sheets of one number: which it is stands first. */
function ofModule(sheet, words) {
  const several = new Set(home.sheets.map((other) => other.module_code)).size > 1;
  return several ? [sheet.module, words].join(_("，")) : words;
}

function fill(inner, sheet) {
  write(inner.code, sheet.code);
  write(inner.word, stateWord(sheet.state));
  icon(inner.sign, STATES[sheet.state]);
  inner.state?.classList.add(`state-${sheet.state}`);
}

/** Whether who began went away; of who never came it is not told, which would name a blind code. */
const isOver = (sheet) => sheet.excused && ["begun", "complete"].includes(sheet.state);

function note(sheet) {
  if (sheet.locked && home.open && !["submitted", "signed"].includes(sheet.state)) return _("锁着，裁判长解锁以后再评");
  if (sheet.late && !sheet.unsent) return sheet.late;
  if (isOver(sheet)) return _("选手缺考、退出或放弃，不用评了");
  if (sheet.state === "begun" && sheet.left) return ofModule(sheet, _("还有 %(count)s 项没评", { count: sheet.left }));
  if (["begun", "complete"].includes(sheet.state)) return ofModule(sheet, _("%(count)s 项都评了，等你提交", { count: sheet.aspect_count }));
  if (sheet.state === "submitted") {
    if (sheet.unsent) return _("存在本机，网络恢复后自动上传");
    if (sheet.loaded) return _("随竞赛载入的，不用签");
    if (sheet.ready && sheet.unsigned) return _("服务器恢复过备份，签名没有了，请再签一次");
    return sheet.ready ? _("等你签名") : sheet.locked ? _("锁定了，不用再签") : _("交了，还不能签");
  }
  return listed([sheet.station, sheet.module]);
}

/** What there is, each once: a station is often called as its module is. */
function listed(parts) {
  return [...new Set(parts.filter(Boolean))].join(_("，"));
}

/** Which done sessions the judge has opened; they stay open when the list is drawn again. */
const unfolded = new Set();

function drawGroups(list) {
  part.groups.replaceChildren(...list.flatMap((group) => (group.done ? [folded(group)]
    : group.handed.length ? [spread(group), handedIn(group)] : [spread(group)])));
}

function spread(group) {
  const root = clone("t-sheets");
  const inner = parts(root);
  write(inner.name, group.name);
  write(inner.time, [dayWords(group.date), group.time].filter(Boolean).join(" "));
  inner.rows.append(...group.rows.map(row));
  return root;
}

/** 第1场，24 张都交了: one line that opens. */
function folded(group) {
  const words = { name: group.name, count: group.count };
  const summary = group.signed ? _("%(name)s，%(count)s 张都签了", words) : _("%(name)s，%(count)s 张都交了", words);
  return oneLine(group, summary, group.signed ? "signed" : "submitted", group.rows);
}

/** 理论考试，已交 43 张: of a session that goes on. */
function handedIn(group) {
  const summary = _("%(name)s，已交 %(count)s 张", { name: group.name, count: group.handed.length });
  return oneLine(group, summary, "submitted", group.handed);
}

function oneLine(group, summary, state, rows) {
  const root = clone("t-folded");
  const inner = parts(root);
  const key = `${group.date} ${group.name}`;
  write(inner.name, summary);
  write(inner.time, [dayWords(group.date), group.time].filter(Boolean).join(" "));
  icon(inner.sign, STATES[state]);
  inner.rows.append(...rows.map(row));
  root.open = unfolded.has(key);
  root.addEventListener("toggle", () => unfolded[root.open ? "add" : "delete"](key));
  return root;
}

function drawTicks(tally) {
  show(part.side, sheets.length > 0);
  part.ticks.replaceChildren(...tickOrder(sheets).map((sheet) => {
    const root = clone("t-tick");
    const inner = parts(root);
    const label = `${sheet.code} ${isOver(sheet) ? note(sheet) : stateWord(sheet.state)}`;
    inner.link.classList.add(`tick-${sheet.state}`);
    inner.link.href = address(sheet.id);
    inner.link.title = label;
    write(inner.label, label);
    return root;
  }));
  part.ticks.classList.toggle("dense", sheets.length > 24);
  part.tally_list.replaceChildren(...[...Object.keys(STATES), "excused"].filter((key) => tally[key]).map((key) => {
    const root = clone("t-tally");
    const inner = parts(root);
    if (key === "excused") {
      write(inner.word, _("不用评"));
      icon(inner.sign, "i-ban");
    } else fill(inner, { state: key });
    write(inner.count, String(tally[key]));
    return root;
  }));
}

function drawOffline() {
  const ill = line.state === "ill";
  show(part.offline, line.state === "cut" || ill);
  write(part["offline-what"], ill ? _("服务器有故障，可以接着评") : _("网络断了，可以接着评"));
  write(part["offline-kept"], ill
    ? (line.ailment ?? _("分数已存在这台平板，修好以后自动上传。"))
    : _("分数已存在这台平板，网络恢复后自动上传。"));
  write(part["offline-since"], outbox.last ? _("上次上传 %(time)s。", { time: clock(outbox.last) }) : "");
}

async function refresh() {
  sheets = merged(home.sheets, await journal.sheets(), await journal.waiting(), since);
  draw();
  hear(sheets);
}

const EVERY = 15_000;
let timer = null;
async function look() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") {
    const asked = Date.now();
    const { status, data } = await line.call("/api/home");
    if (status === 200) {
      home = data;
      since = asked;
      await refresh();
    }
    drawOffline();
  }
  timer = setTimeout(look, EVERY);
}

press(part.signedbutton, () => {
  const opened = part.signed.hidden;
  show(part.signed, opened);
  part.signedbutton.setAttribute("aria-expanded", String(opened));
});
journal.addEventListener("news", refresh);
outbox.addEventListener("change", drawOffline);
for (const sign of ["pageshow", "online", "focus"]) addEventListener(sign, look);
document.addEventListener("visibilitychange", look);
judgesChip(outbox);
menus();
themeSwitch();
scanner(part.scan, () => sheets, address);
await refresh();
await outbox.start();
keepKey(journal, line, true);
look();
main.dataset.ready = "yes";
const { lang, dataset } = document.documentElement;
keepAtHand(Object.fromEntries(sheets.filter((sheet) => sheet.state !== "signed")
  .map((sheet) => [address(sheet.id), JSON.stringify([lang, dataset.theme, sheet])])));
