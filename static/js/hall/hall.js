// The big screen: draws what the server says every few seconds, and lets clocks run in between.
// The same data as before (304) draws nothing anew. A name is written whole: figures give way to
// it first, and as many rows and stations stand on the screen as fit, the others by turns.

import { clone, pageData, parts, show, write } from "../shared/dom.js";
import { clockOf, keepAsking } from "./board_data.js";

const PAGE_FOR = 12_000;
const LOST_AFTER = 3;
/** How large the figures may be beside long names, the first that leaves these room; at last the side gives way. */
const FIGURES = [[1], [0.85], [0.7], [0.8, true], [0.7, true], [0.6, true], [0.5, true]];
/** From so many signs on, what is written large is written smaller. */
const LONG = 8;
/** So many places of a table over several events stand at the side at once, at most. */
const PLACES = 5;

const page = parts(document);
let board = pageData("board");
let offset = board.now.ms - Date.now();
let misses = 0;
/** The first row in sight and how many; likewise of the stations. */
let first = 0;
let shown = 0;
let firstStation = 0;
let shownStations = 0;
/** Which table over several events is in sight, its first place there and how many. */
let table = 0;
let firstPlace = 0;
let shownPlaces = 0;

const now = () => Date.now() + offset;
let pageSince = performance.now();
const two = (number) => String(number).padStart(2, "0");

function rowOf(row, isNewest) {
  const line = clone(row.hidden ? "hidden-row" : "row");
  const part = parts(line);
  write(part.rank, String(row.rank));
  part.rank.closest("td").classList.add(`place-${row.rank}`);
  if (!row.hidden) {
    write(part.code, row.name || row.code);
    part.code.classList.toggle("is-long", part.code.textContent.length > LONG);
    write(part.unit, row.unit);
    write(part.gap, row.gap);
    write(part.total, row.total);
    row.values.forEach((value, n) => write(part[`value-${n}`], value));
    row.notes.forEach((note, n) => {
      write(part[`note-${n}`], note);
      show(part[`note-${n}`], Boolean(note));
    });
    if (row.rank <= 3) line.classList.add("top");
  }
  if (isNewest) line.classList.add("newest");
  return line;
}

/** The next rows and stations that are not in sight, once the ones that are stood long enough. */
function turnPage(at) {
  const { rows, stations, tables } = board;
  if (at - pageSince < PAGE_FOR) return false;
  pageSince = at;
  const places = tables[table]?.rows.length ?? 0;
  const whole = tables.length < 2 && shownPlaces >= places;
  if (shown >= rows.length && shownStations >= stations.length && whole) return false;
  firstPlace += shownPlaces;
  if (firstPlace >= places) {
    firstPlace = 0;
    table = table + 1 < tables.length ? table + 1 : 0;
  }
  first = first + shown >= rows.length ? 0 : first + shown;
  firstStation = firstStation + shownStations >= stations.length ? 0 : firstStation + shownStations;
  return true;
}

const fits = (box) => box.scrollHeight <= box.clientHeight + 1;

function drawRows() {
  const { rows, page: size, phase, newest } = board;
  // During the ceremony the page of the row just opened; else the pages by turns.
  if (phase === "revealing") first = Math.floor((newest ?? Math.max(0, rows.length - 1)) / size) * size;
  else if (first >= rows.length) first = 0;
  let lines = rows.slice(first, first + size).map((row, n) => rowOf(row, first + n === newest));
  page.rows.replaceChildren(...lines);
  show(page.table, rows.length > 0);
  show(page.empty, rows.length === 0);
  write(page.empty, board.empty);
  show(page.page, rows.length > size);
  write(page.page, `${first + 1}–${first + lines.length} / ${rows.length}`);
  fitColumns();
  while (lines.length > 1 && !fits(page.ranks)) {
    show(page.page, true);
    const last = lines[lines.length - 1];
    const goes = last.classList.contains("newest") ? lines[0] : last;
    if (goes === lines[0]) first += 1;
    lines = lines.filter((line) => line !== goes);
    goes.remove();
    write(page.page, `${first + 1}–${first + lines.length} / ${rows.length}`);
  }
  shown = lines.length;
}

/** Gives the names their room: smaller figures, and numbers for heads that are longer than their columns. */
function fitColumns() {
  const heads = [...page.table.querySelectorAll("[data-head]")];
  heads.forEach((head, n) => write(head, board.columns[n]));
  show(page.names, false);
  for (const [share, narrow] of FIGURES) {
    page.body.classList.toggle("has-figures", Boolean(narrow));
    page.table.style.setProperty("--figures", share);
    if (page.table.offsetWidth <= page.ranks.clientWidth) break;
  }
  const numbered = heads.some((head) => head.offsetHeight > 3.2 * parseFloat(getComputedStyle(head).lineHeight));
  if (numbered) heads.forEach((head, n) => write(head, String(n + 1)));
  show(page.names, numbered);
}

function drawBanner() {
  const { banner } = board;
  show(page.banner, Boolean(banner));
  if (!banner) return;
  page.banner.querySelector("use").setAttribute("href", `#i-${banner.icon}`);
  write(page["banner-title"], banner.title);
  write(page["banner-text"], banner.text);
}

function drawSide() {
  const { stations, done, next_group: next } = board;
  show(page["now-card"], stations.length > 0);
  write(page.done, String(done.count));
  write(page.all, String(done.all));
  const ticks = Math.min(done.all, 60);
  const filled = done.all ? Math.floor((done.count * ticks) / done.all) : 0;
  page.ticks.replaceChildren(
    ...Array.from({ length: ticks }, (_none, n) => {
      const tick = document.createElement("i");
      if (n < filled) tick.className = "is-done";
      return tick;
    }),
  );
  show(page.next, Boolean(next));
  if (next) {
    write(page["next-title"], next.title);
    page["next-codes"].replaceChildren(
      ...next.codes.map((code) => Object.assign(document.createElement("span"), { textContent: code })),
    );
  }
  page.stations.replaceChildren();
  drawTable();
  if (firstStation >= stations.length) firstStation = 0;
  const places = stations.slice(firstStation).map(stationOf);
  page.stations.replaceChildren(...places);
  while (places.length > 1 && !fits(page.side)) places.pop().remove();
  shownStations = places.length;
}

function drawTable() {
  const { tables } = board;
  show(page["table-card"], tables.length > 0);
  if (table >= tables.length) table = 0;
  const { name, rows } = tables[table] ?? { name: "", rows: [] };
  if (firstPlace >= rows.length) firstPlace = 0;
  const lines = rows.slice(firstPlace, firstPlace + PLACES).map(placeOf);
  write(page["table-name"], name);
  page["table-rows"].replaceChildren(...lines);
  while (lines.length > 1 && !fits(page.side)) lines.pop().remove();
  shownPlaces = lines.length;
  write(page["table-part"], shownPlaces < rows.length ? `${firstPlace + 1}–${firstPlace + shownPlaces} / ${rows.length}` : "");
}

function placeOf(row) {
  const line = clone("table-row");
  const own = parts(line);
  for (const key of ["rank", "name", "value"]) write(own[key], row[key]);
  return line;
}

function stationOf(station) {
  const line = clone("station");
  const part = parts(line);
  write(part.name, station.name);
  line.classList.toggle("is-long", station.name.length > LONG || station.code.length > LONG);
  write(part.code, station.code);
  tickStation(line, part, station);
  return line;
}

function tickStation(line, part, { started, stopped_text: stopped, limit }) {
  if (started === null) return write(part.clock, stopped);
  const elapsed = (now() - started) / 1000;
  write(part.clock, clockOf(elapsed));
  const late = limit !== null && elapsed >= limit.soon;
  line.classList.toggle("late", late);
  write(part.note, late ? (elapsed >= limit.over ? limit.over_text : limit.soon_text) : "");
}

function draw() {
  write(page.note, board.competition.note);
  write(page["code-label"], board.code_label);
  drawBanner();
  drawRows();
  drawSide();
}

/** Every second: the clock, the watches, and the next page of a long table. */
function tick() {
  write(page.time, timeOf(new Date(now())));
  [...page.stations.children].forEach((line, n) =>
    tickStation(line, parts(line), board.stations[firstStation + n]),
  );
  if (turnPage(performance.now())) {
    drawRows();
    drawSide();
  }
  write(page["lost-at"], timeOf(new Date(board.now.ms)));
}

/** The hall's own time: the server says its clock in words and in milliseconds. */
function timeOf(when) {
  const [hours, minutes] = board.now.time.split(":").map(Number);
  const then = new Date(board.now.ms);
  const shift = (hours * 60 + minutes - then.getUTCHours() * 60 - then.getUTCMinutes()) * 60_000;
  const local = new Date(when.getTime() + shift);
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}

function take(fresh) {
  // Headings stand in the page: a table of another shape wants a new page.
  if (fresh.columns.join() !== board.columns.join()) return location.reload();
  board = fresh;
  offset = board.now.ms - Date.now();
  draw();
}

draw();
tick();
setInterval(tick, 1000);
addEventListener("resize", draw);
keepAsking(board, take, (answered) => {
  misses = answered ? 0 : misses + 1;
  show(page.lost, misses >= LOST_AFTER);
});
