// A sheet's cells as in a spreadsheet: Enter and the arrows go to the cell below and above, a
// block that was copied fills the rows below, column by column.

import { another } from "../typed/further.js";
import { together } from "./history.js";

const CELL = ".sheet-rows input.input";

function below(input, by) {
  const row = input.closest("tr");
  const next = by > 0 ? row.nextElementSibling : row.previousElementSibling;
  const key = input.name.slice(input.name.lastIndexOf("]"));
  return [...(next?.querySelectorAll("input.input") ?? [])].find((box) => box.name.endsWith(key));
}

function goes(event) {
  const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !event.target.matches?.(CELL)) return;
  // With a list of proposals open the arrows are the list's.
  if (event.target.list && event.key !== "Enter") return;
  event.preventDefault();
  const next = below(event.target, event.shiftKey ? -by : by);
  next?.focus();
  next?.select();
}

function fill(box, text) {
  if (box.tagName === "SELECT") {
    const option = [...box.options].find((option) => option.text === text);
    if (!option) return;
    box.value = option.value;
  } else {
    box.value = text;
  }
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function pasted(event) {
  const start = event.target.closest?.(CELL);
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const rows = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  if (!start || (rows.length === 1 && rows[0].length === 1)) return;
  event.preventDefault();
  const boxes = (row) => [...row.querySelectorAll(":scope > td > :is(input.input, select.input)")];
  let row = start.closest("tr");
  const column = boxes(row).indexOf(start);
  together(() => {
    for (const cells of rows) {
      if (!row) break;
      const here = boxes(row).slice(Math.max(column, 0));
      // Rows are made as they are needed: an empty one follows the last that was filled.
      const next = row.nextElementSibling ?? another(row);
      cells.slice(0, here.length).forEach((cell, place) => fill(here[place], cell.trim()));
      row = next;
    }
  });
}

export function cells() {
  document.addEventListener("keydown", goes);
  document.addEventListener("paste", pasted);
}
