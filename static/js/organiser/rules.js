// What weights and marks add up to, as they are typed (the server adds them up again); rows that
// move, steps taken back, what differs from the rules in force.

import "./example.js";
import { cells } from "./rules/cells.js";
import { moved, undoable } from "./rules/history.js";
import { showChanges } from "./rules/in_force.js";
import { movable } from "./rules/moving.js";
import { counts, showShares } from "./rules/shares.js";
import { ZERO, brief, compare, exact, minus, plus, times } from "../shared/exact.js";

const PLACES = 6;
const outputs = () => document.querySelectorAll("output[data-sums]");

const value = (text) => exact(String(text ?? "").normalize("NFKC").trim());
const field = (name) => (name ? document.getElementById(name)?.value : undefined);

function show(output) {
  const { sums, base, goal, goalField, timesField, met, off } = output.dataset;
  let sum = value(base) ?? ZERO;
  for (const input of document.querySelectorAll(`[data-adds="${CSS.escape(sums)}"]`)) {
    if (!counts(input)) continue;
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

function showAll() {
  outputs().forEach(show);
  showShares();
}

const form = document.getElementById("rules");
showAll();
const isOpen = !form.querySelector("fieldset")?.disabled;
const compares = isOpen && document.getElementById("in-force");
let due = null;

function soon() {
  if (due) return;
  due = requestAnimationFrame(() => {
    due = null;
    showAll();
    if (compares) showChanges();
  });
}

if (isOpen) {
  if (compares) movable(moved);
  undoable();
  cells();
  soon();
}
form.addEventListener("typed:replaced", () => compares && movable(moved));
form.addEventListener("typed:put", soon);
document.addEventListener("input", soon);
document.addEventListener("change", soon);
// Nobody typed, but what the example is made of stands elsewhere.
form.addEventListener("rules:moved", () => form.elements.namedItem("seen").dispatchEvent(new Event("input", { bubbles: true })));
