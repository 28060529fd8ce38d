// The candidate's page: sits down, waits, answers, hands in. What is answered is on the device first
// and sent until the server holds it; the time is the server's.

import { Keeping } from "../keeping/keeping.js";
import { keepAtHand } from "../keeping/offline.js";
import { OneTab } from "../keeping/one_tab.js";
import { clock, dayStamp, icon, parts, press, show, write } from "../shared/dom.js";
import { dayWords } from "../shared/days.js";
import { _ } from "../shared/words.js";
import { examChip } from "./exam_chip.js";
import { ExamLine } from "./exam_line.js";
import { Paper } from "./paper.js";
import { keepPlace, questions } from "./question.js";
import { keepSitting, lastSitting, seatForm } from "./seat.js";
import { asSent, Sitting } from "./sitting.js";
import { textSizes } from "./text_size.js";

const WAITING = 15_000;
const OPEN = 20_000;
/** So often is asked for what should be there by now: the key, a paper. */
const SOON = 2000;
/** Everybody's page asks for the key at the start, within so many milliseconds of each other. */
const SPREAD = 2500;
const LAST_MINUTES = 5 * 60_000;
/** Milliseconds away from the page that are no leaving of it: a page loaded anew. */
const AWAY = 1000;

const { competition } = document.body.dataset;
const part = parts(document.body);
const SCREENS = ["seat", "waiting", "work", "ended", "locked"];

/** Show one screen of the page. */
function screen(name) {
  document.body.dataset.state = name;
  for (const other of SCREENS) show(part[other], other === name);
  show(part.foot, name === "work");
}

/** 1:05:09 of milliseconds, 38:12 under an hour; the second that has begun counts. */
function length(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function ruleLine(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}

function sitDown(why = "") {
  screen("seat");
  seatForm(part.seat, new ExamLine(), competition, {
    why,
    seated(id) {
      keepSitting(competition, id);
      location.reload();
    },
  });
  document.getElementById("main").dataset.ready = "seat";
}

/** The sitting of whoever sits here: {word, keeping}, or null where somebody must sit down first. */
async function seated() {
  const last = lastSitting(competition);
  if (last === "") {
    sitDown();
    return null;
  }
  const keep = (id) => new Keeping(id, { line: new ExamLine(id), path: "/api/exam/acts", asSent }).open();
  const keeping = last ? await keep(last) : null;
  const line = keeping?.line ?? new ExamLine();
  const { status, data, refusal } = await line.call("/api/exam/sitting");
  if (status === 200) {
    if (data.sitting.id === last) return { word: data, keeping };
    keepSitting(competition, data.sitting.id);
    return { word: data, keeping: await keep(data.sitting.id) };
  }
  if (status === 401 || status === 403) {
    sitDown(last ? refusal?.error ?? "" : "");
    return null;
  }
  // No network as the page was opened: what is kept here goes on.
  const kept = await keeping?.journal.get("word");
  if (kept) return { word: kept, keeping };
  sitDown(_("连不上服务器。等一下再试，或者举手找监考。"));
  return null;
}

/** Asks the server for its word: at once, by and by, and as soon as something may have changed. */
function watchTheServer(line, sitting, paper) {
  let timer = null;
  const wait = () => {
    const { state, left } = sitting;
    const lacks = state === "open" && !paper.open;
    const due = state === "waiting" && left <= 0;
    if (lacks || due) return SOON * (0.5 + Math.random());
    const usual = state === "open" ? OPEN : WAITING;
    const jitter = usual * (0.8 + Math.random() * 0.4);
    return state === "waiting" && left > 0 ? Math.min(jitter, left + Math.random() * SPREAD) : jitter;
  };
  const look = async () => {
    clearTimeout(timer);
    if (!sitting.asksAll) await line.call("/api/exam/standing");
    if (sitting.asksAll) await line.call("/api/exam/sitting");
    clearTimeout(timer);
    timer = setTimeout(look, wait());
  };
  for (const sign of ["pageshow", "online", "focus"]) addEventListener(sign, look);
  timer = setTimeout(look, wait());
  return look;
}

/** Note as acts that the page was left and come back to; decided by people, never by the page. */
function watchLeaving(sitting, flush) {
  let left = 0;
  let isNoted = false;
  const note = () => {
    isNoted = true;
    sitting.note("leave_page", left);
  };
  let timer = null;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") {
      flush();
      [left, isNoted] = [Date.now(), false];
      timer = setTimeout(note, AWAY);
    } else if (left) {
      // A tablet that slept ran no timer.
      if (!isNoted && Date.now() - left >= AWAY) note();
      if (isNoted) sitting.note("return_page", Date.now());
      left = 0;
    }
  });
}

async function run({ word, keeping }) {
  const { journal, line, outbox } = keeping;
  const sitting = await new Sitting(word, keeping).open();
  const paper = new Paper(keeping);
  let work = null;
  let reseat = false;
  /** Nothing of the paper is here any more. */
  let isForgotten = false;
  let spokenEnd = false;
  let grants = (word.grants ?? []).length;
  const place = (code) => (paper.open?.questions.findIndex((question) => question.code === code) ?? -1) + 1;
  const countAnswered = () => Object.keys(sitting.now.answers).filter((code) => sitting.isAnswered(code)).length;
  const tab = new OneTab(`exam ${sitting.id}`, async () => {
    work?.flush();
    await journal.written();
  });

  const say = (words) => {
    write(part.newswords, words);
    write(part.heard, words);
    show(part.news, true);
  };

  function drawClock() {
    const { state, left } = sitting;
    const running = state === "open" && left !== Infinity;
    show(part.clockbox, running);
    if (running) write(part.clock, length(left));
    const ending = running && left <= LAST_MINUTES;
    part.clockbox.classList.toggle("ending", ending);
    if (ending && !spokenEnd) {
      spokenEnd = true;
      say(_("还剩 5 分钟，到点自动收卷"));
    }
    if (!ending) spokenEnd = false;
    if (state !== "waiting") return;
    write(part.servertime, _("服务器时间 %(time)s", { time: clock(line.now(), true) }));
    write(part.until, left === Infinity ? "" : length(left));
  }

  /** Time that was added since slides in with its reason. */
  function drawGrants() {
    const all = sitting.word.grants ?? [];
    const news = all.slice(grants);
    grants = Math.max(grants, all.length);
    if (!news.length) return;
    const minutes = news.reduce((sum, grant) => sum + grant.seconds, 0) / 60;
    const reasons = news.map((grant) => grant.reason).join(" · ");
    say(_("加了 %(minutes)s 分钟：%(reason)s。到 %(time)s 交卷", {
      minutes: Math.round(minutes * 10) / 10, reason: reasons, time: clock(sitting.word.ends_at),
    }));
  }

  function drawWaiting() {
    const { starts_at: starts, exam } = sitting.word;
    write(part.waithead, starts ? _("还没开考，先坐好") : _("等监考开考"));
    write(part.waitwords, [
      starts && _("%(day)s %(time)s 开考", { day: dayWords(dayStamp(starts)), time: clock(starts) }),
      exam.questions && _("%(n)s 题", { n: exam.questions }),
      exam.points && _("满分 %(points)s", { points: exam.points }),
      exam.minutes && _("%(n)s 分钟", { n: exam.minutes }),
    ].filter(Boolean).join(" · "));
    if (exam.rules?.length) part.rules.replaceChildren(...exam.rules.map(ruleLine));
    write(part.paperhere, paper.here
      ? _("试卷已经加密存在这台机，到点自己打开。")
      : _("到点这一页自己打开试卷，不用刷新。"));
  }

  function drawEnded(state) {
    const done = state === "handed_in";
    const { handed_in: handed, exam } = sitting.word;
    const answered = countAnswered();
    const total = exam.questions ?? paper.open?.questions.length ?? answered;
    const waiting = outbox.waiting.length;
    icon(part.sign.querySelector("svg"), waiting ? "i-device" : "i-check-circle");
    part.sign.classList.toggle("warn", waiting > 0);
    write(part.endhead, done ? _("交上了") : state === "handing_in" ? _("正在交卷") : _("时间到，收卷了"));
    const open = Math.max(0, total - answered);
    const figures = open
      ? _("答了 %(n)s 题，%(open)s 题没答", { n: answered, open }) : _("%(n)s 题都答了", { n: answered });
    write(part.endcount, done && handed ? `${clock(handed.at, true)} · ${figures}` : figures);
    write(part.endwords, waiting
      ? _("还有 %(n)s 条存在这台机，连上自动上传。别关这一页，别走，举手找监考。", { n: waiting })
      : [_("都已上传，可以起身。"), exam.results_at ?? _("成绩出来以后，用证上的码看。")].join(" "));
    show(part.hashbox, done && Boolean(handed?.hash));
    write(part.hash, handed?.hash ?? "");
    show(part.next, !waiting && state !== "handing_in");
  }

  function drawLocked(state) {
    const now = sitting.word.place_now;
    if (state === "void") {
      write(part.lockhead, _("这场考试作废了"));
      write(part.lockwords, sitting.word.reason ?? _("问监考。"));
    } else if (state === "moved") {
      write(part.lockhead, _("换到别的机器上答了"));
      const waiting = outbox.waiting.length;
      const where = now?.seat ? _("在 %(seat)s 号座接着答。", { seat: now.seat }) : _("听监考的，换一台坐下接着答。");
      write(part.lockwords, waiting
        ? _("%(where)s这台机上还有 %(n)s 条，正在上传，别关。", { where, n: waiting }) : _("%(where)s答过的都在那边。", { where }));
    } else {
      write(part.lockhead, _("在另一个页签里答着"));
      write(part.lockwords, _("同一台机只在一个页签里答，答过的都在。"));
    }
    show(part.take, !["void", "moved"].includes(state));
  }

  function draw() {
    const { state } = sitting;
    const { person, place: seat } = sitting.word.sitting;
    write(part.title, sitting.word.exam.name);
    write(part.subtitle, [
      person.name, seat.seat && _("%(seat)s 号座", { seat: seat.seat }),
      sitting.word.ends_at && _("%(time)s 交卷", { time: clock(sitting.word.ends_at) }),
    ].filter(Boolean).join(" · "));
    if (reseat) return;
    // A hand-in was undone: the page begins anew, with the paper brought again.
    if (isForgotten && state === "open") return location.reload();
    drawGrants();
    drawClock();
    if (["void", "moved"].includes(state) || !tab.active) {
      drawLocked(state);
      screen("locked");
    } else if (state === "waiting" || (state === "open" && (!paper.open || !part.promise.checked))) {
      drawWaiting();
      if (state === "open") drawOpening();
      screen("waiting");
    } else if (state === "open") {
      if (!work) work = questions(part, paper.open, sitting);
      work.draw();
      screen("work");
    } else {
      work?.flush();
      drawEnded(state);
      screen("ended");
    }
  }

  /** It has begun, and the paper is not open yet, or nothing was promised. */
  function drawOpening() {
    write(part.waithead, _("开考了"));
    write(part.until, "");
    write(part.waitwords, paper.open ? _("勾上下面的承诺就开始答题") : _("正在打开试卷"));
    write(part.paperhere, "");
  }

  /** Whether no answer can come any more: time may still be added as long as late ones are taken. */
  const isDone = () => {
    const { state, late_minutes: late } = sitting.word;
    return ["handed_in", "void"].includes(state) || (sitting.state === "over" && sitting.left < -late * 60_000);
  };

  /** What the paper lacks is brought; in the end nothing of it stays here. */
  async function bring() {
    const { state } = sitting;
    if (state === "waiting" || state === "open") {
      if (await paper.bring(sitting.word)) draw();
    } else if (isDone() && !outbox.waiting.length && !isForgotten) {
      isForgotten = true;
      keepPlace(sitting.id, null);
      await paper.forget();
    }
  }

  press(part.newsaway, () => show(part.news, false));
  press(part.refusalaway, () => show(part.refusal, false));
  press(part.take, () => tab.take());
  press(part.next, () => {
    reseat = true;
    keepSitting(competition, "");
    show(part.chip, false);
    sitDown();
  });
  part.promise.checked = Boolean(await journal.get("promised"));
  part.promise.addEventListener("change", async () => {
    await journal.set("promised", part.promise.checked);
    draw();
  });
  sitting.addEventListener("refused", ({ detail }) => {
    const { act, reason } = detail;
    const words = act.kind === "answer" ? _("第 %(n)s 题没被收下：%(reason)s", { n: place(act.question), reason }) : reason;
    write(part.refusalwords, words);
    show(part.refusal, true);
  });
  line.addEventListener("state", () => {
    if (!["signin", "over"].includes(line.state) || reseat) return;
    reseat = true;
    work?.flush();
    sitDown(_("这台机要重新坐下。答过的都在本机，坐下以后自动上传。"));
  });
  sitting.addEventListener("change", () => { draw(); bring(); });
  outbox.addEventListener("change", draw);
  tab.addEventListener("change", draw);
  show(part.chip, true);
  examChip(outbox, { answered: countAnswered, place });
  await paper.bring(sitting.word);
  await tab.ask();
  draw();
  await outbox.start();
  const look = watchTheServer(line, sitting, paper);
  watchLeaving(sitting, () => work?.flush());
  setInterval(() => {
    drawClock();
    // What is being written counts as far as it came.
    if (sitting.state === "open" && sitting.left < 1500) work?.flush();
    if (sitting.state === "over" && document.body.dataset.state === "work") {
      draw();
      look();
    }
  }, 250);
  document.getElementById("main").dataset.ready = "yes";
}

textSizes();
const here = await seated();
if (here) await run(here);
keepAtHand();
