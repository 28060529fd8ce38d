// Rows stand in the order in which they are dragged: by mouse, finger or pen on their number, or
// by the arrow keys while it has the focus.

import { besideOf, boxOf, form, renumber } from "./places.js";

/** So near to the window's edge, in pixels, it scrolls along. */
const EDGE = 90;
const STEP = 14;
const message = document.querySelector("[data-part=told]");
let hears = () => {};

const gripOf = (row) => row.querySelector("[data-grip]");
const holds = (box) => [...box.children].filter((row) => gripOf(row)?.closest("[data-rows]") === box);

/** Put the row that stands at `from` to `to`. */
export function moveRow(list, from, to) {
  const box = boxOf(list);
  const rows = [...box.children];
  const marks = rows.map(positionWords);
  for (const container of [box, besideOf(list)]) {
    const row = container?.children[from];
    if (to > from) container?.children[to].after(row);
    else container?.children[to].before(row);
  }
  const order = rows.map((_row, at) => at);
  order.splice(to, 0, ...order.splice(from, 1));
  renumber(list, order);
  [...box.children].forEach((row, at) => marks[at](row));
  number(box);
  const grip = gripOf(box.children[to]);
  grip.focus({ preventScroll: true });
  grip.closest("tr, li, section, .gripped").scrollIntoView({ block: "nearest" });
  message.textContent = form.dataset.moved.replace("{n}", to + 1);
  form.dispatchEvent(new CustomEvent("rules:moved", { bubbles: true }));
}

/** What a row is called by its place stays there: gives it to another row. */
function positionWords(row) {
  const pick = row.querySelector(":scope > select");
  const head = row.querySelector(":scope > details > summary")?.firstChild;
  const [label, text] = [pick?.getAttribute("aria-label"), head?.textContent];
  return (other) => {
    if (pick) other.querySelector(":scope > select").setAttribute("aria-label", label);
    if (head) other.querySelector(":scope > details > summary").firstChild.textContent = text;
  };
}

function number(box) {
  holds(box).forEach((row, at) => {
    const grip = gripOf(row);
    grip.textContent = at + 1;
    grip.setAttribute("aria-label", form.dataset.move.replace("{n}", at + 1));
  });
}

function move(grip, to) {
  const box = grip.closest("[data-rows]");
  const rows = holds(box);
  const from = rows.findIndex((row) => row.contains(grip));
  const at = Math.max(0, Math.min(to(from), rows.length - 1));
  if (from === at) return;
  moveRow(box.dataset.rows, from, at);
  hears(box.dataset.rows, from, at);
}

const KEYS = { ArrowUp: (at) => at - 1, ArrowDown: (at) => at + 1, Home: () => 0, End: () => Infinity };

function pressed(event) {
  const to = KEYS[event.key];
  if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  move(event.currentTarget, to);
}

/** In a list of choices Alt and an arrow move the row that one stands in. */
form.addEventListener("keydown", (event) => {
  const to = event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key) && KEYS[event.key];
  const grip = to && event.target.closest(".ties > li")?.querySelector("button[data-grip]");
  if (!grip) return;
  event.preventDefault();
  move(grip, to);
});

/** While a finger or the mouse holds a number: a line shows where the row would come to stand. */
function drag(event) {
  if (event.button !== 0) return;
  event.preventDefault();
  const grip = event.currentTarget;
  const rows = holds(grip.closest("[data-rows]"));
  const from = rows.findIndex((row) => row.contains(grip));
  let to = from;
  let y = event.clientY;
  let on = true;
  grip.focus({ preventScroll: true });
  grip.setPointerCapture(event.pointerId);
  rows[from].classList.add("is-held");
  const mark = () => {
    to = rows.filter((row, at) => at !== from && middle(row) < y).length;
    rows.forEach((row, at) => {
      row.classList.toggle("drops-before", to < from && at === to);
      row.classList.toggle("drops-after", to > from && at === to);
    });
  };
  const scroll = () => {
    if (!on) return;
    const by = y < EDGE ? -STEP : y > innerHeight - EDGE ? STEP : 0;
    if (by) {
      scrollBy(0, by);
      mark();
    }
    requestAnimationFrame(scroll);
  };
  const end = (drop) => () => {
    if (!on) return;
    on = false;
    ending.abort();
    rows.forEach((row) => row.classList.remove("is-held", "drops-before", "drops-after"));
    if (drop) move(grip, () => to);
  };
  const ending = new AbortController();
  const hear = (name, act) => grip.addEventListener(name, act, { signal: ending.signal });
  hear("pointermove", (moved) => {
    y = moved.clientY;
    mark();
  });
  hear("pointerup", end(true));
  hear("pointercancel", end(false));
  hear("keydown", ({ key }) => key === "Escape" && end(false)());
  requestAnimationFrame(scroll);
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

/** Make the number of each row a handle; `heard(list, from, to)` hears each move by hand. */
export function movable(heard) {
  hears = heard;
  for (const mark of form.querySelectorAll("[data-grip]")) {
    const grip = document.createElement("button");
    grip.type = "button";
    grip.className = "grip";
    grip.dataset.grip = "";
    grip.addEventListener("keydown", pressed);
    grip.addEventListener("pointerdown", drag);
    mark.replaceWith(grip);
  }
  for (const box of form.querySelectorAll("[data-rows]")) number(box);
}
