// What was typed, chosen and moved can be taken back step by step, and done again, until it is
// saved. Asking the server for another row of the form does not end that, nor a saving that was
// refused: the steps wait in this window while every field comes back as it was.

import { moveRow } from "./moving.js";
import { field, form, valueOf } from "./places.js";

const KEY = "rules-steps";
const UNTRACKED = ["hidden", "file", "submit", "button"];
const buttons = Object.fromEntries(["undo", "redo"].map((name) => [name, document.querySelector(`[data-part=${name}]`)]));
const known = new WeakMap();
const steps = { undo: [], redo: [] };
let typing = null;
let group = null;
let turning = false;

const fields = () => [...form.elements].filter(isTracked);
const isTracked = (input) => input.name && !input.name.startsWith("try.") && input.name !== "edition" && !UNTRACKED.includes(input.type);

function push(change) {
  steps.redo = [];
  if (group) group.push(change);
  else steps.undo.push([change]);
  show();
}

/** All that `act` changes is one step. */
export function together(act) {
  group = [];
  typing = null;
  act();
  if (group.length) steps.undo.push(group);
  group = null;
  show();
}

export function moved(list, from, to) {
  typing = null;
  push({ list, from, to });
}

function changed({ target, type }) {
  if (turning || !isTracked(target)) return;
  const [was, now] = [known.get(target) ?? "", valueOf(target)];
  if (was !== now) {
    known.set(target, now);
    if (typing?.input === target && !group) {
      typing.change.now = now;
      show();
    } else {
      const change = { name: target.name, box: boxValue(target), was, now };
      push(change);
      typing = { input: target, change };
    }
  }
  if (type === "change") typing = null;
}

/** Boxes of one name are told apart by what they stand for. */
const boxValue = (input) => (input.type === "checkbox" ? input.value : "");

function put({ name, box }, value) {
  const input = [...form.elements].find((element) => element.name === name && isTracked(element) && boxValue(element) === box);
  if (!input) return;
  if (input.type === "checkbox") input.checked = Boolean(value);
  else input.value = value;
  known.set(input, valueOf(input));
  for (let fold = input.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus({ preventScroll: true });
  input.scrollIntoView({ block: "nearest" });
}

function turn(from, to, act) {
  const step = steps[from].pop();
  if (!step) return;
  typing = null;
  turning = true;
  act(step);
  turning = false;
  steps[to].push(step);
  show();
}

const undo = () => turn("undo", "redo", (step) => {
  for (const change of [...step].reverse()) {
    if (change.list) moveRow(change.list, change.to, change.from);
    else put(change, change.was);
  }
});
const redo = () => turn("redo", "undo", (step) => {
  for (const change of step) {
    if (change.list) moveRow(change.list, change.from, change.to);
    else put(change, change.now);
  }
});

function show() {
  for (const [name, button] of Object.entries(buttons)) if (button) button.disabled = !steps[name].length;
}

function keyed(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.form === null) return;
  if (event.target.name?.startsWith("try.")) return;
  const key = event.key.toLowerCase();
  const act = key === "z" ? (event.shiftKey ? redo : undo) : key === "y" ? redo : null;
  if (!act) return;
  event.preventDefault();
  act();
}

/** Names and values of all fields, to tell whether a page shows the form as it was left. */
const picture = () => Object.fromEntries(fields().map((input) => [`${input.name}=${boxValue(input)}`, valueOf(input)]));
const about = () => `${location.pathname}${location.search} ${field("seen")?.value} ${field("base")?.value ?? ""}`;

function leave({ submitter }) {
  try {
    const more = /^more:(.*)/.exec(submitter?.value ?? "")?.[1];
    sessionStorage.setItem(KEY, JSON.stringify({ about: about(), picture: picture(), steps, more }));
  } catch {
    // A browser that keeps nothing: the steps end here.
  }
}

function comeBack() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    if (kept?.about !== about()) return;
    const now = picture();
    const same = Object.entries(kept.picture).every(([name, value]) => (now[name] ?? "") === value);
    if (same) Object.assign(steps, kept.steps);
    if (kept.more) begin(kept.more);
  } catch {
    // Nothing was kept.
  }
}

/** The page came with further rows of a list: on to the first that is empty. */
function begin(list) {
  const rows = new Set([...form.elements].filter(isTracked).map(({ name }) => rowOf(name, list)));
  rows.delete(null);
  const isEmpty = (row) => !valueOf(field(`${row}.name`) ?? field(`${row}.cite`) ?? { value: "" });
  const first = [...rows].find((row) => isEmpty(row) && !field(`${row}.was`)?.value);
  const input = [...form.elements].find((element) => first && isTracked(element) && element.name.startsWith(`${first}.`));
  for (let fold = input?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  input?.focus({ preventScroll: true });
  input?.scrollIntoView({ block: "center" });
}

function rowOf(name, list) {
  if (!name.startsWith(`${list}[`)) return null;
  return name.slice(0, name.indexOf("]", list.length) + 1);
}

/** Fields have other values, and maybe other names: by `names` the old ones. */
function learn(names) {
  for (const input of fields()) known.set(input, valueOf(input));
  typing = null;
  if (!names) return;
  for (const kind of ["undo", "redo"]) {
    steps[kind] = steps[kind].map((step) => step.map((change) => (change.list ? null : { ...change, name: names.get(change.name) ?? null })))
      .filter((step) => step.every((change) => change?.name));
  }
  show();
}

export function undoable() {
  form.addEventListener("typed:put", () => learn(null));
  form.addEventListener("typed:replaced", ({ detail }) => learn(detail));
  for (const input of fields()) known.set(input, valueOf(input));
  comeBack();
  for (const [name, act] of Object.entries({ undo, redo })) {
    if (!buttons[name]) continue;
    buttons[name].hidden = false;
    buttons[name].addEventListener("click", act);
  }
  for (const name of ["input", "change"]) document.addEventListener(name, (event) => event.target.form === form && changed(event));
  document.addEventListener("keydown", keyed);
  form.addEventListener("submit", leave);
  show();
}
