// A lower third over a film: who is at the stations, the standings by fives, or who comes next, out of
// the board's own data; frozen and masked as the board is. With nothing to say it shows nothing.

import { clone, pageData, parts, show, write } from "../shared/dom.js";

const SHOWN = 5;
const PAGE_FOR = 12_000;

const page = parts(document);
const words = pageData("words");
const asked = page.third.dataset.shows;
let board = pageData("board");
let offset = board.now.ms - Date.now();
let etag = null;
let first = 0;
let pageSince = performance.now();

const two = (number) => String(number).padStart(2, "0");

function clockOf({ started, stopped_text: stopped }) {
  if (started === null) return stopped;
  const whole = Math.max(0, Math.floor((Date.now() + offset - started) / 1000));
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

/** What each of the three shows: its title, a note beside it, and its lines. */
const SAYS = {
  now: () => ({
    title: words.now,
    note: "",
    lines: board.stations.map((station) => ({ who: station.code, where: station.name, figure: clockOf(station) })),
  }),
  standings: () => ({
    title: words.standings,
    note: board.competition.note,
    lines: board.rows
      .filter((row) => !row.hidden)
      .map((row) => ({ place: String(row.rank ?? ""), who: row.name || row.code, where: row.unit, figure: row.total })),
  }),
  next: () => ({
    title: board.next_group ? board.next_group.title : "",
    note: "",
    lines: (board.next_group ? board.next_group.codes : []).map((code) => ({ who: code })),
  }),
};

function lineOf({ place = "", who, where = "", figure = "" }) {
  const line = clone("line");
  const part = parts(line);
  write(part.place, place);
  write(part.who, who);
  write(part.where, where);
  write(part.figure, figure);
  return line;
}

function draw() {
  const { title, note, lines } = SAYS[asked]();
  const at = performance.now();
  if (at - pageSince >= PAGE_FOR) {
    pageSince = at;
    first += SHOWN;
  }
  if (first >= lines.length) first = 0;
  show(page.panel, lines.length > 0);
  write(page.title, title);
  write(page.note, note);
  page.lines.replaceChildren(...lines.slice(first, first + SHOWN).map(lineOf));
}

async function ask() {
  try {
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(board.data_url, { headers, cache: "no-store" });
    if (answer.status === 404) {
      location.reload();
      return;
    }
    if (answer.status === 200) {
      board = await answer.json();
      offset = board.now.ms - Date.now();
      etag = answer.headers.get("ETag");
    }
  } catch { /* no network: what is on the screen stays, and it is tried again */ }
  setTimeout(ask, board.seconds * 1000);
}

draw();
setInterval(draw, 1000);
setTimeout(ask, board.seconds * 1000);
