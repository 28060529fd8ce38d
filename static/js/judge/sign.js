// Many sheets signed in one go: one name, one PIN, and each sheet its own signature.

import { judgesChip } from "./chip.js";
import { clone, pageData, parts, show, write } from "../shared/dom.js";
import { judgesKeeping } from "./keeping/judges_keeping.js";
import { menus } from "../shared/menus.js";
import { signBox } from "./signing/sign_box.js";
import { asSigned, noLine, signSheet } from "./signing/sign_call.js";
import { themeSwitch } from "../shared/theme.js";
import { _ } from "../shared/words.js";

const main = document.getElementById("main");
const { judge, name } = document.body.dataset;
const part = parts(document.body);
const { journal, line, outbox } = await judgesKeeping(judge).open();
/** id → {sheet, root, part, wanted, signed, refused, closed} in the order of the list. */
const rows = new Map();
let home = pageData("home-data");
let box = null;
let signing = false;

const chosen = () => [...rows.values()].filter((row) => row.wanted && !row.signed);

/** What was refused and can't be signed any more stays, with its reason, till somebody signed it. */
function stays(row) {
  const now = home.sheets.find(({ id }) => id === row.sheet.id);
  return Boolean(row.refused) && now?.state !== "signed";
}

/** Bring the list up to the server's word: new ones in, those no longer submitted out. */
function fill() {
  const submitted = new Map(home.sheets.filter(({ ready }) => ready).map((sheet) => [sheet.id, sheet]));
  for (const [id, row] of rows) {
    if (row.signed) continue;
    const sheet = submitted.get(id);
    row.closed = !sheet && stays(row);
    row.part.wanted.disabled = row.closed;
    if (row.closed) {
      row.wanted = row.part.wanted.checked = false;
    } else if (!sheet) {
      row.root.remove();
      rows.delete(id);
    } else if (sheet.version !== row.sheet.version) {
      // What he has not seen he must not sign: the choice is made again.
      row.sheet = sheet;
      row.wanted = row.part.wanted.checked = false;
      write(row.part.total, sheet.total ?? "—");
      tellRulings(row.part.ruled, sheet);
      tell(row, _("刚才又变了，看过再选"));
    }
  }
  for (const [id, sheet] of submitted) if (!rows.has(id)) rows.set(id, add(sheet));
}

function add(sheet) {
  const root = clone("t-sign-row");
  const inner = parts(root);
  const row = { sheet, root, part: inner, wanted: true, signed: null, refused: "", closed: false };
  write(inner.code, sheet.code);
  inner.code.href = main.dataset.address.replace("SHEET", encodeURIComponent(sheet.id));
  write(inner.note, [sheet.session, sheet.module].filter(Boolean).join(_("，")));
  write(inner.total, sheet.total ?? "—");
  tellRulings(inner.ruled, sheet);
  inner.wanted.setAttribute("aria-label", sheet.total
    ? _("签 %(code)s，总分 %(total)s", sheet) : _("签 %(code)s", sheet));
  inner.wanted.addEventListener("change", () => {
    row.wanted = inner.wanted.checked;
    draw();
  });
  part.rows.append(root);
  return row;
}

/** Nobody signs the chief judge's value taking it for the own. */
function tellRulings(place, { ruled = [] }) {
  show(place, ruled.length > 0);
  write(place, ruled.map((ruling) => (ruling.own
    ? _("裁判长裁定：%(name)s %(value)s，你评的是 %(own)s，理由：%(reason)s", ruling)
    : _("裁判长裁定：%(name)s %(value)s，理由：%(reason)s", ruling))).join("\n"));
}

function tell(row, problem) {
  show(row.part.problem, Boolean(problem));
  write(row.part.problem, problem);
}

function draw() {
  const left = [...rows.values()].filter((row) => !row.signed && !row.closed);
  const lost = [...rows.values()].filter((row) => row.closed).length;
  const done = rows.size - left.length - lost;
  const unsent = new Set(outbox.waiting.map((row) => row.sheet)).size;
  const counts = { count: left.length, done, lost };
  write(part.heading, lost && left.length
    ? _("签了 %(done)s 张，%(lost)s 张没签上，还有 %(count)s 张等你签名", counts)
    : lost ? _("签了 %(done)s 张，%(lost)s 张没签上", counts)
    : left.length && done ? _("签了 %(done)s 张，还有 %(count)s 张等你签名", counts)
    : left.length ? _("%(count)s 张等你签名", counts)
    : done ? _("%(count)s 张都签了", { count: done }) : _("签名"));
  const waiting = home.sheets.filter(({ state, ready, loaded }) => state === "submitted" && !ready && !loaded);
  const locked = waiting.filter((sheet) => sheet.locked).length;
  const early = waiting.length - locked;
  write(part.note, unsent ? _("还有 %(count)s 张没传完，传完再签", { count: unsent })
    : early && home.open ? _("另有 %(count)s 张交了，等同组交齐再签", { count: early })
    : locked && home.open ? _("另有 %(count)s 张锁定了，不用再签", { count: locked }) : "");
  show(part.rows, rows.size > 0);
  show(part.none, !rows.size);
  show(part.back, done > 0 && !chosen().length);
  show(part.locked, !home.open && rows.size > 0);
  const wanted = left.length > 0 && home.open;
  show(part.side, wanted);
  if (wanted && !box) begin();
  box?.draw();
}

function begin() {
  box = signBox({
    judge, name, line, stays: true,
    hasPin: () => main.dataset.pin === "yes",
    label: () => (chosen().length ? _("签这 %(count)s 张，不再改", { count: chosen().length }) : _("先选要签的")),
    waits: () => noLine(line) || (chosen().length ? "" : _("选上要签的")),
    sign: signAll,
  });
  part.side.append(box.root);
}

/** One after another; stops at what would be the same for all the others. */
async function signAll(hand) {
  const all = chosen();
  signing = true;
  let problem;
  for (const [number, row] of all.entries()) {
    progress(number, all.length);
    const answer = await signSheet(line, row.sheet, hand);
    if (answer.signed) await sealed(row, answer.signed);
    else if (answer.same) problem = answer.problem;
    else tell(row, row.refused = answer.problem);
    if (problem) break;
  }
  signing = false;
  show(part.progress, false);
  draw();
  look();
  return { problem };
}

function progress(number, count) {
  show(part.progress, count > 1);
  write(part.count, _("正在签第 %(number)s 张，共 %(count)s 张", { number: number + 1, count }));
  part.bar.setAttribute("width", `${Math.round((100 * number) / count)}%`);
}

async function sealed(row, signed) {
  row.signed = signed;
  tell(row, "");
  write(row.part.note, signed.words);
  row.part.note.classList.add("hash-words");
  row.part.choice.replaceWith(clone("t-seal"));
  await journal.keepSheet(asSigned(row.sheet, signed));
}

let timer = null;
async function look() {
  clearTimeout(timer);
  if (!signing && document.visibilityState === "visible") {
    const { status, data } = await line.call("/api/home");
    if (status === 200 && !signing) {
      home = data;
      fill();
    }
    draw();
  }
  timer = setTimeout(look, 15_000);
}

outbox.addEventListener("change", draw);
for (const sign of ["pageshow", "online", "focus"]) addEventListener(sign, look);
document.addEventListener("visibilitychange", look);
judgesChip(outbox);
menus();
themeSwitch();
fill();
draw();
await outbox.start();
look();
main.dataset.ready = "yes";
