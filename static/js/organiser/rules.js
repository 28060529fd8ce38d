// What weights and marks add up to, as they are typed. The server adds them up again.

import "./example.js";
import { ZERO, brief, compare, exact, minus, plus, times } from "../shared/exact.js";

const PLACES = 6;
const outputs = [...document.querySelectorAll("output[data-sums]")];

const value = (text) => exact(String(text ?? "").normalize("NFKC").trim());
const field = (name) => (name ? document.getElementById(name)?.value : undefined);

function show(output) {
  const { sums, base, goal, goalField, timesField, met, off } = output.dataset;
  let sum = value(base) ?? ZERO;
  for (const input of document.querySelectorAll(`[data-adds="${CSS.escape(sums)}"]`)) {
    // What counts within a part does not count beside it.
    if (field(input.dataset.unless)) continue;
    const number = value(input.value);
    const factor = value(field(input.dataset.factorField) || "1");
    if (number && factor) sum = plus(sum, times(number, factor));
  }
  const judges = value(field(timesField));
  if (judges) sum = times(sum, judges);
  const wanted = value(field(goalField) ?? goal) ?? ZERO;
  const fits = compare(sum, wanted) === 0;
  const text = fits ? met : off;
  output.textContent = text.replace("{sum}", brief(sum, PLACES)).replace("{off}", brief(minus(wanted, sum), PLACES));
  output.classList.toggle("is-ok", fits);
  output.classList.toggle("is-bad", !fits);
}

const showAll = () => outputs.forEach(show);
document.getElementById("rules").addEventListener("input", showAll);
showAll();

// A block copied from a spreadsheet fills the rows below, column by column.
document.addEventListener("paste", (event) => {
  const start = event.target.closest?.(".sheet-rows input.input");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const rows = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  if (!start || (rows.length === 1 && rows[0].length === 1)) return;
  event.preventDefault();
  const first = start.closest("tr");
  const boxes = (row) => [...row.querySelectorAll(":scope > td > :is(input.input, select.input)")];
  const column = boxes(first).indexOf(start);
  let row = first;
  for (const cells of rows) {
    if (!row) break;
    const here = boxes(row).slice(Math.max(column, 0));
    // Rows are made as they are needed: an empty one follows the last that was filled.
    const next = row.nextElementSibling ?? another(row);
    cells.slice(0, here.length).forEach((cell, place) => fill(here[place], cell.trim()));
    row = next;
  }
  first.dispatchEvent(new Event("input", { bubbles: true }));
});

const NUMBERED = /^(.+\[)(\d+)(?=\]\.[^[\]]+$)/;

/** One more row like an empty one, its fields numbered on; null after one that is not empty. */
function another(row) {
  const inputs = [...row.querySelectorAll("input[name], textarea")];
  const texts = inputs.filter(({ type }) => !["checkbox", "radio"].includes(type));
  const path = NUMBERED.exec(inputs[0]?.name ?? "");
  if (!path || texts.some((input) => input.value)) return null;
  const copy = row.cloneNode(true);
  const [before, , number] = path;
  const after = path[1] + (Number(number) + 1);
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    for (const { name, value } of [...element.attributes]) {
      if (value.startsWith(`${before}]`)) element.setAttribute(name, after + value.slice(before.length));
    }
  }
  row.after(copy);
  return copy;
}

function fill(box, text) {
  if (box.tagName === "SELECT") {
    const found = [...box.options].find((option) => option.text === text);
    if (found) box.value = found.value;
  } else {
    box.value = text;
  }
}
