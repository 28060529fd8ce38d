// The page of entry: what was kept here and what the server holds, put together.

import { keepGrid, keptGrid } from "./at_hand.js";
import { Cards } from "./cards.js";
import { catchComposing } from "./composing.js";
import { Editor } from "./editor.js";
import { fitGrid } from "./fitting.js";
import { Grid } from "./grid.js";
import { SquaresKeeping } from "./keeping.js";
import { listenForKeys } from "./keys.js";
import { Model } from "./model.js";
import { Notes } from "./notes.js";
import { Panel } from "./panel.js";
import { Pasting } from "./pasting.js";
import { askName, askReason, askUnit } from "./questions.js";
import { Strip } from "./strip.js";
import { sumWords } from "./sums.js";
import { takeWorkbook } from "./workbook.js";
import { Writing } from "./writing.js";
import { block, clock, clone, parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

const POLL = 8000;
/** So long the other tab's sending goes on before this one asks what stands. */
const SOON = 300;

const part = parts(document);
const { keeper, most, stateUrl, actsUrl, signUrl, historyUrl, notesUrl, uploadUrl, blocksUrl, library, who } = document.body.dataset;

async function start() {
  const keeping = new SquaresKeeping(keeper, actsUrl, Number(most));
  const first = await keeping.line.call(stateUrl);
  const away = first.status === 0 || first.status >= 500;
  const state = first.status === 200 ? first.data : away ? await keptGrid(keeper, stateUrl) : null;
  if (!state) {
    write(part.saved, _("没连上，刷新再试"));
    return;
  }
  const model = new Model(state);
  await keeping.open();
  model.setWaiting(keeping.outbox.waiting);
  const grid = await new Grid(part.grid, model).open(await import(library));
  run(model, keeping, grid);
  keepGrid(keeper, stateUrl, model);
}

function run(model, keeping, grid) {
  const { outbox, line } = keeping;
  const signed = () => Boolean(model.signed);
  const closed = () => Boolean(model.closed);
  const writing = new Writing(grid, keeping, (n) => askReason(n));
  const strip = new Strip(part.strip, model, (unit) => {
    shown({ group: null, lacking: false });
    grid.goTo(unit, firstOpen(unit));
  });
  const moves = {
    down: () => grid.step(1, 0), up: () => grid.step(-1, 0),
    right: () => grid.step(0, 1), left: () => grid.step(0, -1),
    enter: () => grid.enter(1), back: () => grid.enter(-1),
    tab: () => grid.tab(1), untab: () => grid.tab(-1),
  };
  // What keys do helps nobody who has none.
  const idle = matchMedia("(hover: none)").matches ? "" : part.sums.dataset.idle;
  const editor = new Editor(grid, async (text, how) => {
    const typed = text === null ? null : how === "all" ? writing.typeAll(text) : writing.type(text);
    moves[how]?.();
    if (how !== "stay") grid.focus();
    await typed;
  });
  line.since = () => model.last;
  const notes = new Notes(part, {
    line, model, url: notesUrl, changed: (unit, code, n) => model.setNotes(unit, code, n),
  });
  const panel = new Panel(part, grid, {
    line, notes, url: historyUrl,
    note: (unit, code, text) => writing.note(unit, code, text),
    confirm: () => writing.type(model.entry(grid.here.unit, grid.here.view.code, grid.here.view.kind).text, { sure: true }),
  });

  const cards = part.own && new Cards(part, grid, model, writing, {
    waiting: () => outbox.waiting.length, send: () => outbox.kick(),
  });

  // What is shown: a group, or only rows with something open.
  let filter = { group: null, lacking: false };
  function shown(wanted) {
    filter = { ...filter, ...wanted };
    const rows = model.rows.filter((row) =>
      (filter.group === null || row.group === filter.group)
      && (!filter.lacking || ["empty", "refused", "reason"].includes(model.rowState(row.code))));
    for (const button of part.groups.children) {
      button.setAttribute("aria-pressed", String(button.dataset.group === (filter.group ?? "")));
    }
    part.lacking.setAttribute("aria-pressed", String(filter.lacking));
    return grid.show(rows);
  }
  groups();
  press(part.lacking, () => shown({ lacking: !filter.lacking }));

  function groups() {
    const counts = new Map();
    for (const row of model.rows) counts.set(row.group, (counts.get(row.group) ?? 0) + 1);
    const names = [...counts.keys()].filter(Boolean);
    if (names.length < 2) return;
    const button = (group, label) => {
      const made = document.createElement("button");
      made.type = "button";
      made.dataset.group = group;
      made.textContent = label;
      made.setAttribute("aria-pressed", String(group === ""));
      made.addEventListener("click", () => shown({ group: group || null }));
      part.groups.append(made);
    };
    for (const name of names) button(name, _("%(group)s %(n)s", { group: name, n: counts.get(name) }));
    button("", _("全部"));
  }

  const firstOpen = (unit) => {
    const column = grid.entered.find((at) => {
      const view = grid.views[at];
      const entry = model.entry(unit, view.code, view.kind);
      return entry.why || !entry.text;
    });
    return column ?? grid.entered[0];
  };

  /** The next square that holds the sign-off up, after the chosen one. */
  function next() {
    if (filter.group !== null) shown({ group: null });
    const { rows } = grid;
    for (let on = 0; on <= rows.length; on += 1) {
      const row = (grid.chosen.row + on) % rows.length;
      const unit = rows[row].code;
      const open = grid.entered.find((at) => {
        const { code } = grid.views[at];
        const later = on > 0 || at > grid.chosen.column;
        const entry = model.entry(unit, code, grid.views[at].kind);
        const state = model.state(unit, code);
        return later && state !== "away" && (entry.why || !entry.text || state === "reason");
      });
      if (open !== undefined) return grid.goTo(unit, open);
    }
    return false;
  }

  function draw() {
    const counts = model.counts();
    strip.draw();
    const squares = counts.empty + counts.refused + counts.reason + counts.filled;
    write(part.size, _("%(n)s 格，一格一家 %(columns)s 项", { n: squares, columns: model.asked.length }));
    write(part.filled, _("填了 %(n)s", { n: counts.filled + counts.reason }));
    write(part.empty, counts.empty ? _("缺 %(n)s", { n: counts.empty }) : "");
    write(part.refused, counts.refused ? _("没写入 %(n)s", { n: counts.refused }) : "");
    const open = counts.empty + counts.refused + counts.reason;
    write(part.lackingn, String(open));
    write(part.open, openWords(counts, open));
    part.open.dataset.bad = String(open > 0);
    if (part.sign) block(part.sign, open > 0 || outbox.waiting.length > 0 || signed() || closed());
    // What comes next is the one button that stands out.
    part.sign?.classList.toggle("primary", open === 0 && !signed() && !closed());
    show(part.upload, !closed());
    show(part.next, open > 0 && !signed() && !closed());
    show(part.closed, closed());
    write(part.closedwords, model.closed ?? "");
    show(part.signed, signed() && !closed());
    if (signed()) {
      write(part.signed, _("%(name)s %(when)s 签核了 %(n)s 家，改一格要写理由", {
        name: model.signed.name, when: model.signed.when, n: model.signed.units,
      }));
    }
    saved();
    panel.draw();
    cards?.draw();
  }

  function openWords(counts, open) {
    if (model.gone) return _("这一期没有你们打的指标了");
    if (closed()) return model.mine === "self" ? _("不能再填了") : _("已经结账");
    if (signed()) return _("签核好了");
    if (!open) return model.mine === "self" ? _("自评填齐了") : _("都填齐了，可以签核");
    const words = [];
    if (counts.empty) words.push(_("缺 %(n)s", { n: counts.empty }));
    if (counts.refused) words.push(_("没写入 %(n)s", { n: counts.refused }));
    if (counts.reason) words.push(_("没写原因 %(n)s", { n: counts.reason }));
    const what = words.join(_("，"));
    return model.mine === "self"
      ? _("还有 %(n)s 格：%(what)s", { n: open, what })
      : _("还有 %(n)s 格，签核不了：%(what)s", { n: open, what });
  }

  function saved() {
    const waiting = outbox.waiting.length;
    const cut = line.state !== "open";
    const bad = ["signin", "other"].includes(line.state);
    part.chip.dataset.state = bad ? "bad" : waiting || cut ? "waits" : "kept";
    if (bad) write(part.saved, _("登录过期了，改动都在本机，重新登录就会传"));
    else if (outbox.again && !cut) write(part.saved, _("服务器恢复过备份，正在补传 %(n)s 格", { n: outbox.again }));
    else if (waiting) write(part.saved, _("%(n)s 格待上传 · 已存本机", { n: waiting }));
    else if (cut) write(part.saved, _("没有网络，先存在本机"));
    else write(part.saved, outbox.last ? _("已存 %(clock)s", { clock: clock(outbox.last) }) : _("都已存好"));
  }

  // What was refused, or met another's later act: each until somebody has chosen.
  let troubled = null;
  function troubles() {
    const rows = outbox.refused.filter(({ act }) => act.period === model.period);
    // A button that somebody is about to press stays the same one.
    const now = [closed(), ...rows.map(({ uuid }) => uuid)].join();
    if (now === troubled) return;
    troubled = now;
    part.troubles.replaceChildren(...rows.map((item) => trouble(item)));
  }

  function trouble(item) {
    const { act, reason } = item;
    const root = clone("t-trouble");
    const own = parts(root);
    const name = model.rows.find((row) => row.code === act.unit)?.name ?? act.unit;
    const column = model.columnsBy.get(act.indicator)?.name ?? act.indicator;
    write(own.text, _("%(unit)s %(column)s：你写的是“%(text)s”，%(reason)s", {
      unit: name, column, text: act.text || _("空"), reason,
    }));
    show(own.mine, !closed());
    press(own.mine, async () => {
      const { unit, indicator, kind, text, sure, reason: why } = act;
      const seen = model.cell(unit, indicator)?.at ?? null;
      await keeping.write(model.period, [{ unit, indicator, kind, text, sure, reason: why, seen }]);
      await outbox.putAway(item);
    });
    press(own.theirs, () => outbox.putAway(item));
    press(own.go, () => grid.goTo(act.unit, grid.views.findIndex((view) => view.entered && view.code === act.indicator)));
    return root;
  }

  outbox.addEventListener("change", () => {
    model.setWaiting(outbox.waiting);
    later();
  });
  // Another tab of this browser may have sent what was written here, and has the answer.
  let asking = null;
  keeping.journal.addEventListener("news", ({ detail }) => {
    if (detail.type !== "settled") return;
    model.drop(detail.refused.map(({ uuid }) => uuid));
    if (!model.behind || asking) return;
    asking = setTimeout(() => {
      asking = null;
      poll();
    }, SOON);
  });
  line.addEventListener("state", saved);
  line.addEventListener("generation", async () => {
    if (line.generation === model.generation) return;
    // Rows are numbered anew from the backup on: what is answered meanwhile brings them all.
    model.last = 0;
    const { status, data } = await line.call(stateUrl);
    if (status === 200) model.restored(data);
  });
  line.addEventListener("answer", ({ detail }) => {
    const now = detail.grids[model.period];
    if (!now) return;
    model.answered(detail["held"]);
    model.merge(now);
  });
  model.addEventListener("change", later);
  model.addEventListener("closed", () => block(part.undo, !writing.canUndo));
  let planned = false;
  function later() {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      troubles();
      pasting.draw();
      draw();
      sums();
    });
  }
  let moved = false;
  grid.addEventListener("chosen", () => {
    if (moved) return;
    moved = true;
    requestAnimationFrame(() => {
      moved = false;
      panel.draw();
      sums();
    });
  });

  const sums = () => write(part.sums, sumWords(grid, model) || idle);

  const pasting = new Pasting(part, grid, writing, () => !editor.open && !closed(), (body) => line.call(blocksUrl, body));
  const tell = (text, bad) => {
    write(part.booktext, text);
    part.booksaid.dataset.bad = String(bad);
    show(part.booksaid, Boolean(text));
  };
  if (part.book) {
    takeWorkbook(part.book, {
      line, url: uploadUrl, fill: (cells, reason) => writing.fill(cells, reason), tell,
    });
  }
  writing.addEventListener("kept", ({ detail }) => tell(_("有 %(n)s 格后来又改过，没有撤销", { n: detail }), true));
  writing.addEventListener("written", () => block(part.undo, !writing.canUndo));

  // Under a finger a field that has the keys would bring up the keypad.
  const catching = matchMedia("(hover: hover)").matches;
  if (catching) catchComposing(grid, (text) => editor.begin(text));
  listenForKeys(grid, {
    begin: (text) => { editor.begin(text); },
    empty: () => writing.empty(),
    undo: () => writing.undo(),
    redo: () => writing.redo(),
    fillDown: () => writing.fillDown(),
    find: () => askUnit(model.rows, (unit) => { shown({ group: null, lacking: false }).then(() => grid.goTo(unit)); }),
    all: () => { grid.choose(0, 0, false); grid.stretch(grid.rows.length - 1, grid.views.length - 1); },
  }, { catching });
  fitGrid(part.grid, document.querySelector(".entry-foot"));
  part.grid.addEventListener("dblclick", () => editor.begin(null));
  // Under a finger there are no keys before a field asks for them.
  part.grid.addEventListener("click", ({ pointerType, target }) => {
    if (pointerType === "touch" && target.closest("[data-view]")) editor.begin(null, true);
  });
  const inGrid = () => part.grid.contains(document.activeElement) && !editor.open;
  document.addEventListener("paste", (event) => {
    if (!inGrid()) return;
    event.preventDefault();
    pasting.paste(event.clipboardData);
  });
  for (const kind of ["copy", "cut"]) {
    document.addEventListener(kind, (event) => {
      if (!inGrid()) return;
      event.preventDefault();
      writing.copy(event.clipboardData);
      if (kind === "cut") writing.empty();
    });
  }
  press(part.undo, () => writing.undo());
  press(part.next, next);
  press(part.sign, () => askName({ who, units: model.left.units }, async (signature) => {
    const { status, refusal } = await line.call(signUrl, signature);
    if (status !== 200) return refusal?.error ?? _("没连上，签核要有网络");
    await poll();
    draw();
    return "";
  }));

  async function poll() {
    if (model.gone) return;
    const { status, data } = await line.call(`${stateUrl}?since=${model.last}`);
    if (status === 200) model.merge(data);
    // What is typed after that would be refused square by square.
    if (status === 404) model.end(_("这一期没有你们打的指标了：部门换了指标，或者规则改了。刷新看别的期，要问组委会。"));
  }
  setInterval(() => {
    if (document.visibilityState === "visible") poll();
  }, POLL);
  addEventListener("online", poll);

  troubles();
  draw();
  sums();
  document.querySelector("main").dataset.ready = "true";
  grid.focus();
}

start();
