// 检录, the page: find somebody, compare, tick, let in; acts are kept here until they were answered.

import { chip } from "../keeping/chip.js";
import { Keeping } from "../keeping/keeping.js";
import { keepAtHand } from "../keeping/offline.js";
import { mayUseCamera, watch } from "../shared/camera.js";
import { dayWords } from "../shared/days.js";
import { clock, clone, dayStamp, icon, pageData, parts, plannedClock, press, show, write } from "../shared/dom.js";
import { heads } from "../shared/heads.js";
import { menus } from "../shared/menus.js";
import { themeSwitch } from "../shared/theme.js";
import { uuid } from "../shared/uuid.js";
import { card } from "./card.js";
import { clerkList, clerkWording } from "./chip.js";
import { find, isWhole } from "./finding.js";
import { keepPhotos } from "./photos.js";
import { inRoom, isOf, plannedWhen, roomsOf, rounds, standing, stateOf, UNDO_WITHIN, upcoming } from "./rounds.js";
import { _ } from "../shared/words.js";

const EVERY = 12_000;
const MOST_FOUND = 12;
const main = document.getElementById("main");
const { judge: mark, name: myName } = document.body.dataset;
const part = parts(document.body);
const { journal, line, outbox } = await new Keeping(mark, { path: main.dataset.acts }).open();

let list = pageData("list-data");
// The service worker keeps it beside the page, and throws both away as somebody signs in or out.
const kept = await globalThis.caches?.match(main.dataset.list).then((reply) => reply?.json());
if (kept && Date.parse(kept.now) > Date.parse(list.now)) list = kept;
/** This device's acts that the list does not tell yet, by uuid; `settled` once they were answered. */
const mine = new Map();
let chosen = null;
/** The room at whose door this device stands; it stays as sessions change. */
let standsAt = localStorage.getItem(`room-${mark}`) ?? "";
/** What stood in the field as somebody was opened. */
let typed = "";

const now = () => line.now();
const own = () => [...mine.values()].map(({ act }) => act);
const all = () => rounds(list.people);
const round = () => all().find(({ id }) => id === chosen) ?? upcoming(all(), now());
/** The room of which the list is, where this session has it. */
const room = () => (roomsOf(round()).includes(standsAt) ? standsAt : "");
const here = () => inRoom(round()?.people ?? [], room());

function stand(at) {
  standsAt = at;
  localStorage.setItem(`room-${mark}`, at);
}

async function act(kind, person, more = {}) {
  const { stage, session, module, day, entrant } = person;
  const made = { uuid: uuid(), kind, entrant, stage, session, module, day, at: new Date(now()).toISOString(), ...more };
  const [row] = await journal.append([{ act: made, sheet: person.id, label: { code: entrant } }]);
  mine.set(made.uuid, { act: { ...row.act, by: myName }, settled: false });
  draw();
}

function open(person, whose) {
  typed = part.find.value;
  who.open(person, whose);
}

const who = card(part, {
  items: () => list.items, own, now, act,
  isHere: (person) => isOf(person, round()) && (!room() || person.room === room()),
  isNow: (person) => isOf(person, round()),
  switchTo(person) {
    chosen = all().find((session) => isOf(person, session)).id;
    if (room()) stand(person.room);
    draw();
  },
  done(words, next) {
    write(part.said, words);
    // What was typed since is the next one's: it stays.
    if (next || part.find.value !== typed) return;
    part.find.value = "";
    // By touch the field would call the keyboard up, over half of the page.
    if (matchMedia("(pointer: fine)").matches) part.find.focus();
  },
});

const crewed = (people = []) => people.map(({ crew }) => crew);

function drawRound() {
  const session = round();
  const people = here();
  const states = people.map((person) => stateOf(person, own(), now()));
  const came = states.filter((state) => state === "present").length;
  const missing = states.filter((state) => state === "late" || state === "expected").length;
  write(part.today, dayWords(dayStamp(now())));
  write(part.title, session ? [session.title, plannedWhen(session.day, session.starts, now()), room()].filter(Boolean).join(" ") : "");
  part.round.replaceChildren(...all().map((it) => choice(
    it.id,
    [it.title || _("没排场次"), it.starts && plannedClock(it.starts), dayWords(it.day)].filter(Boolean).join(" "),
    it.id === session?.id,
  )));
  show(part.roundfield, all().length > 1);
  const rooms = roomsOf(session);
  part.room.replaceChildren(choice("", _("全部赛场"), !room()), ...rooms.map((name) => choice(name, name, name === room())));
  show(part.roomfield, rooms.length > 0);
  write(part.came, String(came));
  write(part.of, _("/ %(who)s到了", { who: heads(states.length, crewed(people)) }));
  part.strip.replaceChildren(...[...states].sort((a, b) => ORDER[a] - ORDER[b]).map((state) => {
    const piece = document.createElement("i");
    piece.className = `tick ${TICKS[state]}`;
    return piece;
  }));
  part.strip.classList.toggle("dense", states.length > 24);
  write(part.missingwords, missing ? _("没到 %(who)s，看名单", { who: heads(missing, crewed(people)) }) : _("看名单"));
  if (!part.roll.hidden) drawRoll(people);
}

function choice(value, words, selected) {
  const option = document.createElement("option");
  option.value = value;
  option.textContent = words;
  option.selected = selected;
  return option;
}

const TICKS = { present: "tick-submitted", absent: "tick-returned", late: "tick-returned", expected: "" };
const ORDER = { present: 0, expected: 1, late: 2, absent: 3 };
const SIGNS = { present: "i-check-circle", late: "i-clock", expected: "i-dashed-circle", absent: "i-ban" };

function word(state) {
  if (state === "present") return _("检录过");
  if (state === "late") return _("过了时间");
  return state === "absent" ? _("缺考") : _("没到");
}

/** Those who are missing first; of a room all as they sit, each with the face. */
function drawRoll(people) {
  const states = new Map(people.map((person) => [person.id, stateOf(person, own(), now())]));
  const rank = { late: 0, expected: 1, absent: 2, present: 3 };
  const sorted = [...people].sort((a, b) => rank[states.get(a.id)] - rank[states.get(b.id)]);
  part.roll.classList.toggle("seated", Boolean(room()));
  part.roll.replaceChildren(...(room() ? people : sorted).map((person) => rollRow(person, states.get(person.id))));
}

function rollRow(person, state) {
  const row = clone("t-roll");
  const inner = parts(row);
  write(inner.code, person.entrant);
  write(inner.name, person.name);
  const [paper] = person.papers;
  write(inner.unit, [person.unit, room() && paper.number].filter(Boolean).join(" · "));
  write(inner.station, room() && isOf(person, round()) && person.room === room() ? _("%(seat)s 座", { seat: person.seat }) : person.station);
  if (room() && paper.photo) inner.face.src = paper.photo;
  show(inner.face, Boolean(room() && paper.photo));
  write(inner.word, state === "absent" ? person.outcome : word(state));
  icon(inner.sign, SIGNS[state]);
  inner.state.classList.add(state);
  press(inner.open, () => {
    show(part.found, false);
    open(person);
  });
  return row;
}

/**
 * The last two of this clerk's, which may still be taken back here. Who was let in on two of the
 * clerk's devices stands once, since the earlier time, and is taken back on both.
 */
function drawRecent() {
  const waiting = new Set(outbox.waiting.map((row) => row.uuid));
  const recent = list.people
    .flatMap((person) => {
      const { passes, came } = standing(person, own());
      const [passed, seen] = [passes, passes.length ? [] : came].map((acts) => acts.filter(({ by }) => by === myName));
      return [...(passed.length ? [passed] : []), ...seen.map((act) => [act])].map((acts) => ({ person, acts }));
    })
    .sort((a, b) => Date.parse(b.acts[0].at) - Date.parse(a.acts[0].at))
    .slice(0, 2);
  show(part.recent, recent.length > 0);
  part.recent.replaceChildren(...recent.map(({ person, acts }) => {
    const [pass] = acts;
    const row = clone("t-recent");
    const inner = parts(row);
    write(inner.time, clock(pass.at));
    write(inner.who, `${person.entrant} ${whoOf(person, pass)}`);
    write(inner.station, person.station);
    write(inner.where, acts.some(({ uuid: id }) => waiting.has(id)) ? _("已存本机") : _("已上传"));
    show(inner.undo, now() - Date.parse(pass.at) < UNDO_WITHIN);
    press(inner.undo, async () => {
      for (const { uuid: id } of acts) await act("undone", person, { undoes: id });
      write(part.said, undoneWords(person, acts));
    });
    return row;
  }));
}

/** What taking a pass back came to: another clerk's may stand beside it. */
function undoneWords(person, taken) {
  const { name } = person;
  const rest = standing(person, own()).passes.find(({ uuid: id }) => !taken.some((act) => act.uuid === id));
  return rest
    ? _("你的撤销了，%(by)s也放行过 %(name)s，还算检录过", { name, by: rest.by })
    : _("%(name)s 的检录撤销了", { name });
}

/** The crew's name, or of whom it was told that they are there. */
function whoOf(person, { kind, seen }) {
  if (kind !== "came") return person.name;
  return person.papers.filter(({ code }) => seen.includes(code)).map(({ name }) => name).join(_("、"));
}

function draw() {
  for (const [id, entry] of mine) entry.settled = !outbox.waiting.some((row) => row.uuid === id);
  for (const row of outbox.refused) mine.delete(row.uuid);
  drawRound();
  drawRecent();
  who.draw();
}

/** Show who was found; of whom all was typed, and is alone, at once; whose: see find. */
function choose(people, sure, whose) {
  const alone = sure && people.length === 1;
  show(part.found, !alone && people.length > 0);
  part.found.replaceChildren(...(alone ? [] : people.map((person) => rollRow(person, stateOf(person, own(), now())))));
  if (alone) open(people[0], whose);
}

/** Of somebody's sessions: this one, else the next that is to come. */
function occasion(code) {
  const theirs = list.people.filter((person) => person.entrant === code);
  return theirs.find((person) => isOf(person, round()))
    ?? theirs.find((person) => !person.starts || Date.parse(person.starts) >= now()) ?? theirs.at(-1);
}

/** Look somebody up; `sure` where all of it was typed. */
function look(text, sure) {
  const { codes, whose, why } = find(list, text);
  const problem = !sure ? "" : why === "replaced" ? _("这张证换过码，旧码作废。请他去换新的参赛证。")
    : why === "left" ? _("拿这张证的人退赛了，不在名单里。请他找组委会。")
    : why ? _("查不到，再扫一次或输号") : "";
  show(part.problem, Boolean(problem));
  write(part.sentence, problem);
  part.find.setAttribute("aria-invalid", String(Boolean(problem)));
  write(part.said, "");
  choose(codes.slice(0, MOST_FOUND).map(occasion), sure, whose);
  if (problem) who.close();
}

part.form.addEventListener("submit", (event) => {
  event.preventDefault();
  look(part.find.value, true);
  if (!who.person()) part.find.select();
});
part.find.addEventListener("input", () => {
  const text = part.find.value;
  if (!text.trim()) who.close();
  look(text, isWhole(text));
});
// A hand scanner types wherever the focus is.
document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key.length !== 1 || key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest("input, select, textarea, dialog")) return;
  part.find.value = "";
  part.find.focus();
});
part.round.addEventListener("change", () => {
  chosen = part.round.value;
  who.close();
  draw();
});
part.room.addEventListener("change", () => {
  stand(part.room.value);
  who.close();
  openRoll(Boolean(room()));
});
function openRoll(is) {
  show(part.roll, is);
  part.missing.setAttribute("aria-expanded", String(is));
  draw();
}
press(part.missing, () => openRoll(part.roll.hidden));

let seenLast = "";
show(part.camera, mayUseCamera());
show(part.nocamera, !mayUseCamera());
press(part.camera, () => {
  show(part.camera, false);
  watch(part.video, {
    seen(text) {
      if (text === seenLast) return;
      seenLast = text;
      setTimeout(() => { if (seenLast === text) seenLast = ""; }, 4000);
      look(text, true);
    },
    trouble() {
      show(part.camera, true);
      show(part.nocamera, true);
    },
  });
});

/** The whole list as the server tells it, or ours with who was checked in since; null for no news. */
function newer(data) {
  if (data.people) return data;
  if (data.version === list.version) return null;
  const fresh = new Map(data.changed.map((person) => [person.id, person]));
  const people = list.people.map((person) => fresh.get(person.id) ?? person);
  const whole = { ...list, people, now: data.now, version: data.version };
  keepWhole(whole);
  return whole;
}

/** Beside the page that the service worker keeps, so that it opens with this without a network. */
async function keepWhole(whole) {
  const { caches } = globalThis;
  if (!(await caches?.has(`pages-${mark}`))) return;
  const cache = await caches.open(`pages-${mark}`);
  await cache.put(main.dataset.list, new Response(JSON.stringify(whole), { headers: { "Content-Type": "application/json" } }));
}

let timer = null;
let asked = 0;
let heard = 0;
async function refresh() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") {
    const turn = asked += 1;
    const settledIds = [...mine].filter(([, entry]) => entry.settled).map(([id]) => id);
    const { status, data } = await line.call(`${main.dataset.list}?known=${encodeURIComponent(list.version)}`);
    // An answer that one asked for later overtook tells what was before.
    const next = status === 200 && turn > heard && newer(data);
    if (status === 200) heard = Math.max(heard, turn);
    if (next) {
      const changed = JSON.stringify(next.people) !== JSON.stringify(list.people);
      list = next;
      for (const id of settledIds) mine.delete(id);
      const shown = who.person();
      draw();
      if (changed && shown) who.renew(list.people.find((person) => person.id === shown.id));
    }
  }
  keepPhotos(mark, list.people, here());
  timer = setTimeout(refresh, EVERY);
}

for (const sign of ["pageshow", "online", "focus"]) addEventListener(sign, refresh);
document.addEventListener("visibilitychange", refresh);
outbox.addEventListener("change", draw);
const nameOf = (code) => list.people.find((person) => person.entrant === code)?.name ?? "";
chip(outbox, { say: clerkWording, list: (box) => clerkList(box, nameOf) });
menus();
themeSwitch();
await outbox.start();
for (const row of outbox.waiting) mine.set(row.uuid, { act: { ...row.act, by: myName }, settled: false });
openRoll(Boolean(room()));
setInterval(() => who.draw(), 5000);
refresh();
main.dataset.ready = "yes";
keepAtHand();
