// A lower third over a film: who is at the stations, the standings by fives, or who comes next, out of
// the board's own data; frozen and masked as the board is. With nothing to say it shows nothing.

import { clone, pageData, parts, show, write } from "../shared/dom.js";
import { clockOf, keepAsking } from "./board_data.js";

const SHOWN = 5;
const PAGE_FOR = 12_000;

const page = parts(document);
const words = pageData("words");
const asked = page.third.dataset.shows;
let board = pageData("board");
let offset = board.now.ms - Date.now();
let first = 0;
let pageSince = performance.now();

const watchOf = ({ started, stopped_text: stopped }) => (
  started === null ? stopped : clockOf((Date.now() + offset - started) / 1000)
);

/** What each of the three shows: its title, a note beside it, and its lines. */
const SAYS = {
  now: () => ({
    title: words.now,
    note: "",
    lines: board.stations.map((station) => ({ who: station.code, where: station.name, figure: watchOf(station) })),
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

draw();
setInterval(draw, 1000);
keepAsking(board, (fresh) => {
  board = fresh;
  offset = board.now.ms - Date.now();
});
