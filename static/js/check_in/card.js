// The person who stands in front: who it is, how late, what is ticked, and the last act.

import { openDialog } from "../shared/dialog.js";
import { block, clock, clone, icon, parts, press, show, write } from "../shared/dom.js";
import { lateness, plannedWhen, standing } from "./rounds.js";
import { _ } from "../shared/words.js";

/**
 * page: {items, own, now, isHere, isNow: of this session though of another room, switchTo, act(kind, person, more), done(words, next)}; next: that
 * another is shown by now. Returns
 * {open(person, whose), close, renew(person), draw, person()}; whose: of a crew, the number of
 * whose badge was scanned, "" where that is not known.
 */
export function card(part, page) {
  let person = null;
  let ticked = new Set();
  /** The numbers of those compared: of one person the own, of a crew each member's. */
  let compared = new Set();
  let scanned = "";
  /** So many times somebody was opened: who is written down meanwhile closes nobody else's card. */
  let opened = 0;
  /** Of whom an act is being written; a slow disk takes seconds. */
  const writing = new Set();

  const open = (arrival, whose = "") => {
    opened += 1;
    scanned = whose;
    // The next of a crew whose card is open: what was ticked stays.
    if (!whose || person?.id !== arrival.id) {
      person = arrival;
      ticked = new Set();
      compared = new Set();
      part.lateby.value = "";
      part.lackby.value = "";
    }
    fill();
    draw();
    part.person.focus();
  };
  const close = () => {
    person = null;
    draw();
  };
  /** The same person as the server tells them now: what was ticked stays. */
  const renew = (entry) => {
    person = entry ?? null;
    draw();
  };
  const isCrew = () => person.crew;
  /** Whether somebody of a crew was compared before, and waits for the others. */
  const isThere = (code) => standing(person, page.own()).there.has(code);
  /** Those of whom nobody has said yet that they were compared. */
  const unseen = () => {
    const { there } = standing(person, page.own());
    return person.papers.filter(({ code }) => !compared.has(code) && !there.has(code));
  };
  const namesOf = (papers) => papers.map(({ name }) => name).join(_("、"));
  /** Whether it may begin without those who are not there: somebody is, and who allowed it. */
  const isWithout = (absent) => isCrew() && absent.length > 0 && absent.length < person.papers.length
    && Boolean(part.lackby.value.trim());

  function fill() {
    write(part.name, person.name);
    write(part.code, person.entrant);
    write(part.unit, [person.unit, person.event].join(" · "));
    part.faces.replaceChildren(...person.papers.map((paper) => face(paper, person.papers.length > 1)));
    part.papers.replaceChildren(...person.papers.map((paper) => {
      const row = clone("t-fact");
      const inner = parts(row);
      write(inner.term, person.papers.length > 1 ? paper.name : _("证件号码"));
      write(inner.fact, paper.number ?? _("没有登记"));
      return row;
    }));
    write(part.station, person.station || "—");
    write(part.enters, plannedWhen(person.day, person.starts, page.now()) || "—");
    part.ticks.replaceChildren(...page.items().map((item) => tick(item, () => ticked.has(item), (on) => {
      if (on) ticked.add(item);
      else ticked.delete(item);
    })));
    part.same.replaceChildren(...person.papers.map(({ code, name }) => {
      const words = isCrew() ? _("%(name)s：%(what)s", { name, what: part.samewords.textContent }) : part.samewords.textContent;
      return tick(words, () => compared.has(code) || isThere(code), (on) => {
        if (on) compared.add(code);
        else compared.delete(code);
      });
    }));
  }

  function face(paper, named) {
    const root = clone("t-face");
    const inner = parts(root);
    const lacks = (words) => {
      show(inner.photo, false);
      show(inner.none, true);
      write(inner.nonewords, words);
    };
    write(inner.whose, paper.name);
    show(inner.whose, named);
    inner.photo.alt = _("%(name)s的照片", { name: paper.name });
    inner.photo.addEventListener("error", () => lacks(_("照片没在本机，看参赛证和身份证")));
    if (paper.photo) inner.photo.src = paper.photo;
    else lacks(_("没有照片，看身份证"));
    return root;
  }

  function tick(words, is, set) {
    const cell = clone("t-tick");
    const inner = parts(cell);
    write(inner.words, words);
    press(cell, () => {
      set(!is());
      draw();
    });
    cell.refresh = () => {
      cell.setAttribute("aria-checked", String(is()));
      icon(inner.sign, is() ? "i-check-circle" : "i-dashed-circle");
    };
    return cell;
  }

  const left = () => page.items().filter((item) => !ticked.has(item));

  function draw() {
    show(part.person, Boolean(person));
    show(part.footbar, Boolean(person));
    if (!person) return;
    const { passes, passed, stopped, there } = standing(person, page.own());
    const here = page.isHere(person);
    const settled = !here || Boolean(passed) || Boolean(person.outcome);
    drawNotes({ passes, passed, stopped, here, there });
    drawTime(settled);
    show(part.checks, !settled);
    show(part.allitems, page.items().length > 1);
    write(part.allitemswords, _("%(count)s 样都带了", { count: page.items().length }));
    for (const cell of [...part.same.children, ...part.ticks.children]) cell.refresh();
    show(part.footbar, !settled);
    drawFoot();
  }

  function drawNotes({ passes, passed, stopped, here, there }) {
    const notes = [];
    const stands = person.papers.find(({ code }) => code === scanned);
    if (stands) notes.push([_("来的是 %(name)s", { name: stands.name }), "ok"]);
    if (there.size && !passed) {
      const [came, others] = [true, false].map((is) => namesOf(person.papers.filter(({ code }) => there.has(code) === is)));
      notes.push([_("%(names)s 对过了，还差 %(others)s", { names: came, others }), "warn"]);
    }
    if (!here) {
      const when = plannedWhen(person.day, person.starts, page.now());
      notes.push([page.isNow(person)
        ? _("不是这个赛场的，请他去 %(station)s", { station: person.station || _("没有座位") })
        : _("不是这一场的，是%(session)s，%(time)s", { session: [person.title || _("没排场次"), person.room && person.station].filter(Boolean).join(" "), time: when || _("没排时间") }), "warn"]);
    }
    for (const act of passes) notes.push([_("%(time)s 检录过，%(who)s", { time: clock(act.at), who: act.by }), "ok"]);
    if (person.outcome) notes.push([_("组委会记了“%(what)s”，找组委会", { what: person.outcome }), "bad"]);
    if (stopped && !passed) notes.push([_("%(time)s 没放行：%(why)s", { time: clock(stopped.at), why: stopped.note ?? "" }), "bad"]);
    part.notes.replaceChildren(...notes.map(([words, look]) => {
      const line = clone("t-note");
      line.classList.add(look);
      write(parts(line).words, words);
      return line;
    }));
    show(part.switchround, !here);
    write(part.switchwords, _("换到%(session)s", { session: page.isNow(person) ? person.room || _("全部赛场") : person.title }));
  }

  function drawTime(settled) {
    const late = lateness(person, page.now());
    show(part.late, !settled && late !== null);
    part.late.classList.toggle("warn", late === "soon");
    part.late.classList.toggle("bad", late === "over");
    show(part.latefield, !settled && late === "over");
    if (late === null) return;
    const at = plannedWhen(person.day, person.closes, page.now());
    const minutes = Math.max(1, Math.ceil((Date.parse(person.closes) - page.now()) / 60_000));
    write(part.latehead, late === "over" ? _("已过 %(at)s，找组委会", { at })
      : minutes > 90 ? _("%(at)s 停止检录", { at }) : _("还有 %(count)s 分钟", { count: minutes }));
    write(part.latetext, late === "over" ? _("组委会准他晚到，写上是谁准的，才能放行。")
      : minutes > 90 ? "" : _("%(at)s 停止检录", { at }));
  }

  function drawFoot() {
    const items = left();
    const over = lateness(person, page.now()) === "over" && !part.lateby.value.trim();
    const absent = unseen();
    const without = isWithout(absent);
    const people = without ? [] : absent.map(({ name }) => (isCrew() ? _("%(name)s对过", { name }) : _("本人对过")));
    const lacking = [...people, ...items, ...(over ? [_("谁准他晚到")] : [])];
    const next = lacking[0] ?? "";
    const some = isCrew() && absent.length > 0 && absent.length < person.papers.length;
    const isNews = [...compared].some((code) => !isThere(code));
    for (const button of [part.pass, part.wait]) block(button, writing.has(person.id));
    show(part.lackfield, some);
    write(part.lackwords, _("%(names)s 没到，组委会谁准少人开始", { names: namesOf(absent) }));
    show(part.wait, some && isNews && !without);
    write(part.waitwords, _("先记到了的，等 %(names)s", { names: namesOf(absent) }));
    part.pass.classList.toggle("primary", !next);
    part.pass.classList.toggle("next", Boolean(next));
    write(part.passwords, next ? _("下一样 %(what)s", { what: next }) : _("检录通过"));
    write(part.lacking, lacking.length ? _("还差 %(count)s 样：%(what)s", { count: lacking.length, what: lacking.join(_("、")) }) : "");
  }

  /** To what is still to be done: nothing is ticked for anybody. */
  function goOn() {
    const absent = unseen();
    if (absent.length && !isWithout(absent)) {
      return part.same.children[person.papers.findIndex(({ code }) => code === absent[0].code)].focus();
    }
    const at = page.items().findIndex((item) => !ticked.has(item));
    if (at >= 0) return part.ticks.children[at].focus();
    if (lateness(person, page.now()) === "over" && !part.lateby.value.trim()) return part.lateby.focus();
    return pass();
  }

  async function pass() {
    const whom = person;
    const absent = unseen();
    const notes = [
      ...(lateness(whom, page.now()) === "over" ? [_("晚到，%(who)s准的", { who: part.lateby.value.trim() })] : []),
      ...(absent.length ? [_("少 %(names)s，%(who)s准的", { names: namesOf(absent), who: part.lackby.value.trim() })] : []),
    ];
    const crew = isCrew() ? { seen: codesBut(absent), without: codesOf(absent) } : {};
    const more = { items: [...ticked], compared: true, note: notes.join(_("；")) || null, ...crew };
    await tell("passed", more, _("%(name)s 检录通过", { name: whom.name }));
  }

  /** Write an act of who stands here, and let them go: unless the next was scanned meanwhile. */
  async function tell(kind, more, words, whom = person, at = opened) {
    writing.add(whom.id);
    draw();
    try {
      await page.act(kind, whom, more);
    } finally {
      writing.delete(whom.id);
    }
    const next = at !== opened;
    if (next) draw();
    else close();
    page.done(words, next);
  }

  const codesOf = (papers) => papers.map(({ code }) => code);
  const codesBut = (absent) => codesOf(person.papers.filter((paper) => !absent.includes(paper)));

  /** Those who are there and were compared, written down; the others come later. */
  async function wait() {
    const whom = person;
    const absent = unseen();
    const seen = [...compared];
    const words = _("记下了，%(name)s 还差 %(names)s", { name: whom.name, names: namesOf(absent) });
    await tell("came", { items: [...ticked], compared: true, seen }, words);
  }

  function stop(reason) {
    const root = clone("t-stop");
    const inner = parts(root);
    write(inner.title, _("%(name)s 没放行：%(why)s", { name: person.name, why: reason }));
    // The camera goes on: whoever it sees meanwhile is not who this is about.
    const [whom, at, items, isCompared] = [person, opened, [...ticked], compared.size > 0];
    const leave = openDialog(root, inner.title.textContent);
    press(inner.close, leave);
    inner.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const line = inner.line.value.trim();
      show(inner.problem, !line);
      inner.line.setAttribute("aria-invalid", String(!line));
      if (!line) return inner.line.focus();
      if (writing.has(whom.id)) return null;
      const more = { note: `${reason}${_("，")}${line}`, items, compared: isCompared };
      await tell("stopped", more, _("记下了，组委会看得到。请他去找组委会。"), whom, at);
      return leave();
    });
    inner.line.focus();
  }

  press(part.allitems, () => {
    ticked = new Set(page.items());
    draw();
  });
  press(part.pass, goOn);
  press(part.wait, wait);
  press(part.stranger, () => stop(_("不是本人")));
  press(part.nopaper, () => stop(_("证没带")));
  press(part.switchround, () => page.switchTo(person));
  press(part.leave, () => {
    close();
    page.done("");
  });
  for (const field of [part.lateby, part.lackby]) field.addEventListener("input", drawFoot);
  return { open, close, renew, draw, person: () => person };
}
