// The big screen: draws what the server says every few seconds, and lets clocks run in between.
// The same data as before (304) draws nothing anew.

import { clone, pageData, parts, show, write } from "../shared/dom.js";

const PAGE_FOR = 12_000;
const LOST_AFTER = 3;

const page = parts(document);
let board = pageData("board");
let offset = board.now.ms - Date.now();
let etag = null;
let misses = 0;
let first = 0;

const now = () => Date.now() + offset;
let pageSince = performance.now();
const two = (number) => String(number).padStart(2, "0");

function clockOf(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

function rowOf(row, isNewest) {
  const line = clone(row.hidden ? "hidden-row" : "row");
  const part = parts(line);
  write(part.rank, String(row.rank));
  part.rank.closest("td").classList.add(`place-${row.rank}`);
  if (!row.hidden) {
    write(part.code, row.name || row.code);
    write(part.unit, row.unit);
    write(part.gap, row.gap);
    write(part.total, row.total);
    row.values.forEach((value, n) => write(part[`value-${n}`], value));
    if (row.rank <= 3) line.classList.add("top");
  }
  if (isNewest) line.classList.add("newest");
  return line;
}

/** Which rows are in sight: by turns, or during the ceremony the page of the row just opened. */
function turnPage(at) {
  const { rows, page: size, phase, newest } = board;
  if (phase === "revealing") {
    first = Math.floor((newest ?? Math.max(0, rows.length - 1)) / size) * size;
  } else if (first >= rows.length) {
    first = 0;
  } else if (at - pageSince >= PAGE_FOR && rows.length > size) {
    first = first + size >= rows.length ? 0 : first + size;
  } else {
    return false;
  }
  pageSince = at;
  return true;
}

function drawRows() {
  const { rows, page: size } = board;
  const seen = rows.slice(first, first + size);
  page.rows.replaceChildren(...seen.map((row, n) => rowOf(row, first + n === board.newest)));
  show(page.table, rows.length > 0);
  show(page.empty, rows.length === 0);
  write(page.empty, board.empty);
  show(page.page, rows.length > size);
  write(page.page, `${first + 1}–${Math.min(first + size, rows.length)} / ${rows.length}`);
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
  page.stations.replaceChildren(...stations.map(stationOf));
  write(page.done, String(done.count));
  write(page.all, String(done.all));
  const ticks = Math.min(done.all, 60);
  const filled = done.all ? Math.floor((done.count * ticks) / done.all) : 0;
  page.ticks.replaceChildren(
    ...Array.from({ length: ticks }, (_each, n) => {
      const tick = document.createElement("i");
      if (n < filled) tick.className = "is-done";
      return tick;
    }),
  );
  show(page.next, Boolean(next));
  if (!next) return;
  write(page["next-title"], next.title);
  page["next-codes"].replaceChildren(
    ...next.codes.map((code) => Object.assign(document.createElement("span"), { textContent: code })),
  );
}

function stationOf(station) {
  const line = clone("station");
  const part = parts(line);
  write(part.name, station.name);
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
  turnPage(performance.now());
  drawRows();
  drawSide();
}

/** Every second: the clock, the watches, and the next page of a long table. */
function tick() {
  write(page.time, timeOf(new Date(now())));
  [...page.stations.children].forEach((line, n) =>
    tickStation(line, parts(line), board.stations[n]),
  );
  if (turnPage(performance.now())) drawRows();
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

async function ask() {
  try {
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(board.data_url, { headers, cache: "no-store" });
    if (answer.status === 404) return location.reload();
    if (answer.status === 200) {
      const fresh = await answer.json();
      // Headings stand in the page: a table of another shape wants a new page.
      if (fresh.columns.join() !== board.columns.join()) return location.reload();
      board = fresh;
      offset = board.now.ms - Date.now();
      etag = answer.headers.get("ETag");
      draw();
    } else if (answer.status !== 304) {
      throw new Error(String(answer.status));
    }
    misses = 0;
  } catch {
    misses += 1;
  }
  show(page.lost, misses >= LOST_AFTER);
  setTimeout(ask, board.seconds * 1000);
}

draw();
tick();
setInterval(tick, 1000);
setTimeout(ask, board.seconds * 1000);
