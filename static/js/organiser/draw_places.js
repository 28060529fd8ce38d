// Places of a timetable by the keyboard: arrows walk, with Shift they choose a block, Enter closes or
// opens it, Ctrl+D fills its first row down, Ctrl+C and Ctrl+V copy and paste, Ctrl+Z is a step back.
// What is pasted is why places are not used; of a draw on paper it is who stands where.
// Without script a press closes or opens a place.

import { placeBlock, readBlock, writeBlock } from "../labour_entry/clipboard.js";

const HERE = "draw-place";
const form = document.getElementById("close");
const paper = document.querySelector("#paper textarea[name=lines]");
const table = document.querySelector('[data-part="timetable"]');
const message = document.querySelector('[data-part="places-said"]');
const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("button")));
const label = (head) => head.firstChild.textContent.trim();
const names = [...table.tBodies[0].rows].map((row) => label(row.cells[0]));
const heads = [...table.tHead.rows[0].cells].slice(1).map(label);
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The corner from which a block is chosen, and the one that moves. */
let anchor = null;
let active = null;

function words(part, params) {
  const text = document.querySelector("#t-places").content.querySelector(`[data-part="${part}"]`).textContent;
  return text.replace(/\{(\w+)\}/g, (_whole, name) => params[name]);
}

const placeOf = (button) => {
  const row = rows.findIndex((cells) => cells.includes(button));
  return row < 0 ? null : [row, rows[row].indexOf(button)];
};

/** The chosen block, row by row; places that are none are null in it. */
function block() {
  const [top, bottom] = [anchor[0], active[0]].sort((a, b) => a - b);
  const [left, right] = [anchor[1], active[1]].sort((a, b) => a - b);
  return rows.slice(top, bottom + 1).map((cells) => cells.slice(left, right + 1));
}

function choose(at, { extended = false } = {}) {
  active = at;
  if (!extended || !anchor) anchor = at;
  const chosen = block().flat().filter(Boolean);
  for (const button of rows.flat()) button?.removeAttribute("data-chosen");
  if (chosen.length < 2) return;
  for (const button of chosen) button.setAttribute("data-chosen", "");
  message.textContent = words("chosen", { n: chosen.length });
}

/** Why a place is not used, or nothing where it is used. */
const stateOf = (button) => (button.classList.contains("closed") ? button.querySelector("b").textContent : "");

/** Send what places are to be, [[button, state]]: one step. */
function send(pairs) {
  if (!pairs.length) return;
  sessionStorage.setItem(HERE, rows[active[0]][active[1]]?.value ?? "");
  for (const [button, state] of pairs) {
    for (const [name, value] of [["place", button.value], ["state", state]]) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
  }
  form.submit();
}

function toggle() {
  const chosen = block().flat().filter(Boolean);
  const why = document.getElementById("closed-why").value.trim() || "不用";
  const close = chosen.some((button) => !stateOf(button));
  send(chosen.map((button) => [button, close ? stateOf(button) || why : ""]));
}

function fillDown() {
  const [first, ...others] = block();
  send(others.flatMap((cells) => cells.map((button, at) => [button, first[at]]).filter((pair) => pair.every(Boolean)))
    .map(([button, above]) => [button, stateOf(above)]));
}

/** Where each text of a block goes: by its headings, else from the active place on. */
function placed(text) {
  const texts = readBlock(text);
  const [first, left] = active;
  const placing = placeBlock(texts, { names, heads: heads.map((head) => [head]), first, left });
  if (!placing.unknown) return placing;
  const all = texts.flatMap((row, down) => row.map((cell, right) => ({ row: first + down, column: left + right, text: cell })));
  const inside = ({ row, column }) => row < names.length && column < heads.length;
  return { cells: all.filter(inside), strays: all.filter((cell) => !inside(cell) && cell.text).map((cell) => cell.text) };
}

function writeLines(cells) {
  const across = table.dataset.turned === "true";
  const lines = cells.filter(({ text }) => text).map(({ row, column, text }) => {
    const [session, station] = across ? [heads[column], names[row]] : [names[row], heads[column]];
    return `${text}\t${session}\t${station}`;
  });
  paper.value = [paper.value.trim(), ...lines].filter(Boolean).join("\n");
  message.textContent = words("lines", { n: lines.length });
}

function paste(text) {
  const { cells, strays } = placed(text);
  if (strays.length) {
    message.textContent = words("strays", { texts: strays.slice(0, 5).join("、") });
    return;
  }
  if (paper) writeLines(cells);
  else {
    send(cells.map(({ row, column, text: value }) => [rows[row][column], /^\d+$/.test(value) ? "" : value])
      .filter(([button]) => button));
  }
}

table.addEventListener("focusin", ({ target }) => {
  const at = placeOf(target);
  if (at && (!active || rows[active[0]][active[1]] !== target)) choose(at);
});
table.addEventListener("click", (event) => {
  const at = placeOf(event.target.closest("button"));
  if (!at) return;
  // A press by the keyboard is of all that is chosen; with Shift the mouse chooses.
  if (event.shiftKey) {
    event.preventDefault();
    choose(at, { extended: true });
  } else if (event.detail === 0 && block().flat().length > 1) {
    event.preventDefault();
    toggle();
  } else {
    sessionStorage.setItem(HERE, event.target.closest("button").value);
  }
});
table.addEventListener("keydown", (event) => {
  if (!placeOf(event.target)) return;
  const control = event.ctrlKey || event.metaKey;
  if (event.key in STEPS) {
    const [down, right] = STEPS[event.key];
    const next = [active[0] + down, active[1] + right];
    const button = rows[next[0]]?.[next[1]];
    if (button) {
      choose(next, { extended: event.shiftKey });
      button.focus();
    }
  } else if (control && event.key.toLowerCase() === "d") {
    fillDown();
  } else if (control && event.key.toLowerCase() === "z") {
    if (form.dataset.undo) {
      sessionStorage.setItem(HERE, event.target.value);
      document.querySelector(`form[action="${form.dataset.undo}"] button`).click();
    }
  } else return;
  event.preventDefault();
});
document.addEventListener("copy", (event) => {
  if (!placeOf(document.activeElement)) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", writeBlock(block().map((cells) => cells.map((button) => (button ? stateOf(button) : "")))));
});
document.addEventListener("paste", (event) => {
  if (!placeOf(document.activeElement)) return;
  event.preventDefault();
  paste(event.clipboardData.getData("text/plain"));
});

// What was sent loads the page anew: the keyboard goes on where it was.
const last = sessionStorage.getItem(HERE);
sessionStorage.removeItem(HERE);
if (last) rows.flat().find((button) => button?.value === last)?.focus();
