// The wall of a site office: a screenful of rows at a time, the own row always in sight, as much
// at the side as there is room for, and the page again once another version is out.

import { clock, inWords } from "../shared/dom.js";

const PAGE_FOR = 15_000;
const NEWS_EVERY = 60_000;
const LOST_AFTER = 2;
/** So many lines a list at the side keeps, as long as another one can give way. */
const FEW = 3;

let main = document.querySelector("main");
let pages = [];
let at = 0;
/** What of the side is shown a part at a time: {lists of lines, how many at once}. */
let turns = [];
let turn = 0;
let turned = 0;
let misses = 0;

const part = (name) => main.querySelector(`[data-part="${name}"]`);
const groups = () => [...main.querySelectorAll("[data-part-group]")];

/** How many rows, each as high as the highest, fit between the table's head and the foot of the screen. */
function fitting(group) {
  const heights = [...group.querySelectorAll("tbody tr")]
    .map((row) => row.getBoundingClientRect().height);
  const foot = part("page").parentElement.getBoundingClientRect().height;
  const style = getComputedStyle(main);
  const bottom = main.getBoundingClientRect().bottom - parseFloat(style.paddingBottom) - foot;
  const top = group.querySelector("tbody").getBoundingClientRect().top;
  return Math.max(1, Math.floor((bottom - top - 8) / Math.max(...heights)));
}

/** [{group, rows, left}] screen by screen; the own row is the last of each that lacks it. */
function lay() {
  pages = [];
  for (const group of groups()) {
    for (const other of groups()) other.hidden = other !== group;
    const rows = [...group.querySelectorAll("tbody tr")].sort((a, b) => a.dataset.n - b.dataset.n);
    for (const row of rows) row.hidden = false;
    if (!rows.length) continue;
    const most = fitting(group);
    const own = rows.find((row) => row.dataset.own);
    for (let from = 0; from < rows.length;) {
      let seen = rows.slice(from, from + most);
      const pinned = Boolean(own) && !seen.includes(own);
      if (pinned && seen.length === most && most > 1) seen = seen.slice(0, -1);
      from += seen.length;
      pages.push({ group, rows: pinned ? [...seen, own] : seen, left: rows.length - from });
    }
  }
}

/** Whether the side ends above the edge of the screen. */
function sideFits() {
  const edge = innerHeight - parseFloat(getComputedStyle(main).paddingBottom);
  // The side itself is as tall as the table beside it.
  const cards = [...main.querySelector(".hall-side").children];
  return Math.max(...cards.map((card) => card.getBoundingClientRect().bottom)) <= edge + 1;
}

/** How many of each list at the side can be shown at once, the last one giving way first. */
function laySide() {
  const lists = [...main.querySelectorAll("[data-turns]")].reverse().map((list) => {
    const lines = [...list.children];
    for (const line of lines) line.hidden = false;
    return { lines, most: lines.length };
  });
  for (const least of [FEW, 1]) {
    for (const list of lists) {
      while (list.most > least && !sideFits()) {
        list.most -= 1;
        list.lines[list.most].hidden = true;
      }
    }
  }
  for (const list of lists) {
    // What another one gave up may leave room for more of this.
    while (list.most < list.lines.length) {
      list.lines[list.most].hidden = false;
      if (!sideFits()) break;
      list.most += 1;
    }
    for (const line of list.lines.slice(list.most)) line.hidden = true;
  }
  turns = lists.filter(({ lines, most }) => most < lines.length);
}

function drawSide() {
  for (const { lines, most } of turns) {
    const parts = Math.ceil(lines.length / most);
    // The last part is as long as the others: what stood before fills it up.
    const from = Math.min((turn % parts) * most, lines.length - most);
    lines.forEach((line, n) => { line.hidden = n < from || n >= from + most; });
  }
}

function draw() {
  drawSide();
  const page = pages[at];
  if (!page) return;
  for (const group of groups()) group.hidden = group !== page.group;
  const body = page.group.querySelector("tbody");
  const others = [...body.children].filter((row) => !page.rows.includes(row));
  for (const row of page.rows) row.hidden = false;
  for (const row of others) row.hidden = true;
  body.replaceChildren(...page.rows, ...others);
  const more = document.getElementById("more").content.firstElementChild.textContent;
  part("page").textContent = page.left && pages.length > 1 ? more.replace("{n}", page.left) : "";
}

function begin() {
  main = document.querySelector("main");
  for (const group of groups()) {
    [...group.querySelectorAll("tbody tr")].forEach((row, n) => {
      if (!("n" in row.dataset)) row.dataset.n = n;
    });
  }
  lay();
  at = 0;
  turn = 0;
  turned = performance.now();
  turns = [];
  draw();
  // The table is one screen high from here on.
  laySide();
  drawSide();
  tick();
}

function tick() {
  const now = new Date();
  part("time").textContent = clock(now);
  part("day").textContent = inWords(now, { month: "short", day: "numeric", weekday: "long" });
  if ((pages.length > 1 || turns.length) && performance.now() - turned >= PAGE_FOR) {
    turned = performance.now();
    at = (at + 1) % Math.max(pages.length, 1);
    turn += 1;
    draw();
  }
}

async function ask() {
  try {
    const answer = await fetch(location.href, { cache: "no-cache" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    misses = 0;
    if (fresh?.dataset.mark && fresh.dataset.mark !== main.dataset.mark) {
      main.replaceWith(document.adoptNode(fresh));
      begin();
    }
  } catch {
    misses += 1;
  }
  part("lost").hidden = misses < LOST_AFTER;
}

begin();
setInterval(tick, 1000);
setInterval(ask, NEWS_EVERY);
addEventListener("resize", begin);
