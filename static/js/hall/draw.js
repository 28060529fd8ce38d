// The big screen of a draw: how it moves, and how long each name stands.
// While shares are opened it asks again; once all is drawn, names fall into their places: Space the
// next, A on and on, Esc holds. How far it is stands in this browser, so that it goes on at the
// same name after a reload, with or without a network.

import { clone, pageData, parts, show, write } from "../shared/dom.js";

const ASK_EVERY = 2000;
const NAME_EVERY = 1200;
const OVER = ["void", "ended"];

const page = parts(document);
const labels = pageData("said");
let screen = pageData("screen");
const midnight = screen.seconds - performance.now() / 1000;
let drawn = 0;
let running = null;
let cells = [];
/** Which board is laid out: that of the place that was drawn last, or the first. */
let laidOut = -1;

const people = () => screen.boards.reduce((sum, { places }) => sum + places.length, 0);

/** The board with the place of that number from 0 over all boards, and where it is on it. */
function placeAt(number) {
  let rest = Math.max(number, 0);
  let board = 0;
  while (board < screen.boards.length - 1 && rest >= screen.boards[board].places.length) {
    rest -= screen.boards[board].places.length;
    board += 1;
  }
  return { board, at: rest, place: screen.boards[board].places[rest] };
}
const isDrawn = () => screen.phase === "drawn";

function kept() {
  try {
    return Math.min(Number(localStorage.getItem(screen.key)) || 0, people());
  } catch {
    return 0;
  }
}

function keep() {
  try {
    localStorage.setItem(screen.key, String(drawn));
  } catch { /* a browser that keeps nothing begins anew after a reload */ }
}

function drawSteps() {
  const steps = screen.steps.map(({ name, time, state }, at) => {
    const line = clone("step");
    const part = parts(line);
    const isLast = at === screen.steps.length - 1 && isDrawn();
    const shown = isLast ? (drawn < people() ? "now" : "done") : state;
    line.className = shown;
    if (shown === "now") line.setAttribute("aria-current", "step");
    write(part.name, name);
    write(part.time, isLast ? `${drawn} / ${people()}` : time);
    return line;
  });
  page.steps.replaceChildren(...steps);
}

function drawShares() {
  const done = screen.shares.every(({ share }) => share !== null);
  write(page["shares-title"], done && screen.shares.length ? labels.opened : labels.opening);
  page.shares.replaceChildren(...screen.shares.map((share) => {
    const line = clone("share");
    const part = parts(line);
    const isOpen = share.share !== null;
    show(part.open, isOpen);
    show(part.closed, !isOpen);
    show(part.spare, share.spare);
    write(part.name, share.name);
    write(part.time, share.time);
    if (isOpen) write(part.share, share.share);
    else if (share.refused) write(part.share, labels.refused);
    else if (share.missed) write(part.share, labels.missed);
    write(part.words, isOpen || share.missed ? "" : `${labels.sealed} ${share.words}`);
    line.classList.toggle("is-open", isOpen);
    line.classList.toggle("is-refused", share.refused);
    return line;
  }));
}

function drawHashes() {
  show(page["hashes-card"], screen.hashes.length);
  // What is to be noted now stands in full; what came before it in its words. Of a draw that
  // is done the seed alone: the rest is in the file.
  const hashes = isDrawn() ? screen.hashes.slice(-1) : screen.hashes;
  page.hashes.replaceChildren(...hashes.map(({ label, words, hex }, at) => {
    const line = clone("hash");
    const part = parts(line);
    write(part.label, label);
    write(part.words, words);
    if (at === hashes.length - 1) write(part.hex, hex.replace(/(.{8})/g, "$1 ").trim());
    return line;
  }));
}

const textCell = (text, kind, column, row) => {
  const cell = document.createElement("div");
  cell.className = kind;
  cell.textContent = text;
  cell.style.gridColumn = String(column);
  cell.style.gridRow = String(row);
  return cell;
};

/** All places of a board, empty ones with their number; made once, filled by `fill`. */
function layOut(number) {
  laidOut = number;
  const { board } = page;
  const { stations, turns, places, columns } = screen.boards[number];
  board.style.setProperty("--columns", String(columns));
  board.style.setProperty("--turns", String(turns.length));
  board.classList.toggle("is-narrow", columns > 5);
  board.classList.toggle("is-units", !stations.length);
  const all = stations.map((name, at) => textCell(name, "draw-station", at + 3, 1));
  turns.forEach(({ session, time, number: turn }, at) => {
    if (session) all.push(textCell(`${session} ${time}`, "draw-session", 1, at + 2));
    if (turn) all.push(textCell(String(turn), "draw-turn", 2, at + 2));
  });
  cells = places.map(({ column, row }, at) => {
    const cell = clone("place");
    cell.style.gridColumn = String(column + 2);
    cell.style.gridRow = String(row + 1);
    write(parts(cell).number, String(at + 1));
    all.push(cell);
    return cell;
  });
  board.replaceChildren(...all);
}

/** The place of that number from 0 over all boards; the next board once one is full. */
function fill(number) {
  const { board, at, place: { person, name, unit, moved } } = placeAt(number);
  if (board !== laidOut) layOut(board);
  const cell = cells[at];
  const part = parts(cell);
  cell.classList.add("is-filled");
  write(part.number, person);
  write(part.name, name);
  write(part.unit, unit);
  show(part.moved, moved);
}

/** The name that was drawn last, large. */
function drawNow() {
  const { at, place } = drawn ? placeAt(drawn - 1) : {};
  show(page.now, isDrawn() && place);
  for (const cell of cells) cell.classList.remove("is-newest");
  const isOver = drawn >= people();
  show(page.adjusted, isDrawn() && isOver);
  if (!isDrawn() || !place) return;
  write(page["now-turn"], `${labels.turn.replace("%(n)s", String(at + 1))} · ${place.where}`);
  write(page["now-name"], place.name);
  write(page["now-who"], `${place.person} · ${place.unit}`);
  write(page["now-station"], place.station);
  write(page["now-time"], place.time);
  show(page["now-enter"], place.time);
  cells[at].classList.add("is-newest");
  cells[at].scrollIntoView({ block: "nearest" });
  if (isOver) write(page.adjusted, screen.adjusted);
}

function hold() {
  clearInterval(running);
  running = null;
}

function next() {
  if (!isDrawn() || drawn >= people()) {
    hold();
    return;
  }
  fill(drawn);
  drawn += 1;
  keep();
  drawNow();
  drawSteps();
  if (drawn >= people()) hold();
}

function runOn() {
  if (running === null && isDrawn() && drawn < people()) {
    next();
    running = setInterval(next, NAME_EVERY);
  }
}

function drawAll() {
  drawSteps();
  drawShares();
  drawHashes();
  show(page.keys, isDrawn());
  const isOver = OVER.includes(screen.phase);
  show(page.over, isOver);
  if (isOver) write(page["over-text"], screen.ended);
}

async function ask() {
  try {
    const answer = await fetch(screen.data_url, { cache: "no-store" });
    if (answer.ok) {
      const update = await answer.json();
      // With the outcome comes the code that leads to the check: the page is drawn anew.
      if (update.phase !== screen.phase && update.check_url !== screen.check_url) {
        location.reload();
        return;
      }
      const lasting = (state) => JSON.stringify({ ...state, seconds: 0 });
      if (lasting(update) !== lasting(screen)) {
        screen = update;
        drawAll();
      }
    }
  } catch { /* no network: what is on the screen stays, and it is tried again */ }
  if (!isDrawn() && !OVER.includes(screen.phase)) setTimeout(ask, ASK_EVERY);
}

/** The hall's own clock, whatever zone the machine is set to. */
function tick() {
  const minutes = Math.floor((midnight + performance.now() / 1000) / 60) % (24 * 60);
  const two = (number) => String(number).padStart(2, "0");
  write(page.time, `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === " ") next();
  else if (event.key === "a" || event.key === "A") runOn();
  else if (event.key === "Escape") hold();
  else return;
  event.preventDefault();
});

layOut(0);
if (isDrawn()) {
  drawn = kept();
  for (let at = 0; at < drawn; at += 1) fill(at);
}
drawAll();
drawNow();
tick();
setInterval(tick, 5000);
if (!isDrawn() && !OVER.includes(screen.phase)) setTimeout(ask, ASK_EVERY);
