// Practice on a phone: a set of questions in a few minutes, each answer told at once. With a set on
// the phone all goes on without the network.

import { Line } from "../keeping/line.js";
import { block, icon, parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";
import { kindWord, showQuestion } from "../exam/answers.js";
import { writeMarked } from "../exam/marked_text.js";
import { isEmpty } from "../exam/sitting.js";
import { textSizes } from "../exam/text_size.js";
import { isRight, rightOptions, rightWords } from "./right.js";
import { Round } from "./round.js";

const { practice } = document.body.dataset;
const part = parts(document.body);
const round = new Round(`practice ${practice}`);
const line = new Line("");
/** One press answers these; the others are looked at by the button. */
const AT_ONCE = new Set(["single", "true_false"]);
let control = null;
let isTold = false;

/** 4:12 of milliseconds. */
function length(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function screen(name) {
  document.body.dataset.state = name;
  for (const other of ["rest", "work"]) show(part[other], other === name);
  show(part.foot, name === "work");
  scrollTo(0, 0);
}

function drawClock() {
  const isRunning = Boolean(round.now?.fresh && round.now.began !== null && !round.now.ended);
  show(part.clockbox, isRunning);
  if (!isRunning) return;
  write(part.clock, length(round.left));
  const isOver = round.left <= 0;
  write(part.clocklabel, isOver ? _("时间到了") : _("还剩"));
  part.clockbox.classList.toggle("ending", isOver);
  if (isOver && !isTold) write(part.heard, _("时间到了，接着答完"));
  isTold = isOver;
}

/** What the phone keeps of the answer that is being given, as the candidate's page keeps a sitting. */
const desk = {
  now: { answers: {} },
  answer(code, value) {
    // What was still being written when the answer was told, or the next question asked.
    if (round.now.answered || round.question?.code !== code) return;
    desk.now.answers[code] = value;
    control.update(false);
    block(part.check, isEmpty(value));
    if (AT_ONCE.has(round.question.kind) && !isEmpty(value)) settle(value);
  },
};

/** The answer is told: right or wrong, the right one, and why. */
function drawVerdict() {
  const { question, now: { answered } } = round;
  show(part.verdict, Boolean(answered));
  show(part.giveup, !answered);
  show(part.check, !answered && !AT_ONCE.has(question.kind));
  show(part.next, Boolean(answered));
  if (!answered) return;
  control.update(true);
  control.reveal(rightOptions(question));
  part.verdict.classList.toggle("ok", answered.isRight);
  part.verdict.classList.toggle("bad", !answered.isRight);
  icon(part.verdict.querySelector("svg"), answered.isRight ? "i-check-circle" : "i-cross");
  write(part.verdictword, answered.isRight ? _("对了") : isEmpty(answered.value) ? _("先记住") : _("不对"));
  write(part.right, _("正确答案：%(answer)s", { answer: rightWords(question) }));
  show(part.right, !answered.isRight || question.kind === "blank" || question.kind === "numeric");
  show(part.explanation, Boolean(question.explanation));
  if (question.explanation) writeMarked(part.explanation, question.explanation, question.media);
}

function settle(value) {
  if (round.now.answered) return;
  round.answer(value, isRight(round.question, value));
  drawVerdict();
  drawTrouble();
  part.next.focus({ preventScroll: true });
  part.verdict.scrollIntoView({ block: "nearest" });
}

function drawWork() {
  const { question, now } = round;
  const total = now.set.length;
  write(part.place, now.fresh
    ? _("第 %(n)s 道，共 %(count)s 道", { n: total - now.fresh + 1, count: total })
    : _("答错过的，还有 %(n)s 道", { n: round.wrong }));
  write(part.kind, kindWord(question.kind));
  desk.now.answers = now.answered ? { [question.code]: now.answered.value } : {};
  control = showQuestion(part, question, desk);
  control.update(false);
  block(part.check, true);
  drawVerdict();
  screen("work");
  part.stem.focus({ preventScroll: true });
  if (!now.answered) control.focus();
}

function drawTrouble() {
  show(part.trouble, !round.isKept);
}

/** Before the first question, in between, and when all is done. */
function drawRest(why = "") {
  const { now, wrong } = round;
  const total = now?.set.length ?? 0;
  const isDone = Boolean(now) && !round.question;
  const isNew = Boolean(now) && now.began === null;
  show(part.why, Boolean(why));
  write(part.whywords, why);
  show(part.sign, isDone);
  show(part.figures, Boolean(now) && !now.fresh);
  if (!now) write(part.resthead, why ? _("还没有题") : _("正在取题"));
  else if (isNew) write(part.resthead, _("%(n)s 道题，%(minutes)s 分钟", { n: total, minutes: now.minutes }));
  else if (now.fresh) write(part.resthead, _("这组还有 %(n)s 道", { n: now.fresh }));
  else write(part.resthead, isDone ? _("都答对了") : _("答完一遍"));
  if (now && !now.fresh) {
    write(part.figures, _("一次答对 %(right)s/%(count)s，用了 %(time)s", { right: now.right, count: total, time: length(round.taken) }));
  }
  write(part.restwords, wrong && !isNew
    ? _("答错的 %(n)s 道会再来，答对两次才过。", { n: wrong })
    : wrong ? _("上次答错的 %(n)s 道跟在后面。", { n: wrong })
      : isDone ? "" : _("答一道，马上看对错和解析。答错的会再来，答对两次才过。"));
  show(part.go, Boolean(now) && !isDone);
  write(part.go, isNew ? _("开始") : now?.fresh ? _("接着练") : _("练答错的"));
  show(part.more, !isNew && (Boolean(now) || Boolean(why)));
  write(part.more, now ? _("换一组题") : _("再试一次"));
  part.more.classList.toggle("primary", isDone || !now);
  show(part.repeat, Boolean(now) && !isNew && Boolean(why));
  drawTrouble();
  drawClock();
  screen("rest");
}

/** Bring a new set; where none comes, what is here goes on. */
async function bring() {
  block(part.more, true);
  const { status, data, refusal } = await line.call(`/api/practice/${practice}/set`, {});
  block(part.more, false);
  if (status === 200) {
    round.take(data);
    drawRest();
  } else {
    drawRest(refusal?.error ?? _("没连上网络，取不到新题。连上再试。"));
  }
}

function go() {
  round.start();
  drawWork();
  drawClock();
}

function next() {
  const wasFresh = round.now.fresh > 0;
  round.next();
  if (!round.question || (wasFresh && !round.now.fresh)) drawRest();
  else drawWork();
}

function check() {
  control.flush();
  const value = desk.now.answers[round.question.code];
  if (!isEmpty(value)) settle(value);
}

press(part.go, go);
press(part.more, bring);
press(part.repeat, () => { round.repeat(); drawRest(); });
press(part.next, next);
press(part.check, check);
press(part.giveup, () => {
  control.flush();
  settle(null);
});
press(part.stop, () => drawRest());
part.answer.addEventListener("input", () => block(part.check, false));
part.answer.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input") || round.now.answered) return;
  event.preventDefault();
  check();
});
textSizes();
setInterval(drawClock, 500);
if (round.now?.answered) drawWork();
else drawRest();
if (!round.now) await bring();
document.getElementById("main").dataset.ready = "practice";
