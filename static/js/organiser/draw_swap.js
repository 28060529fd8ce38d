// Two people of the timetable change places: by dragging, by a press on each, or by arrows and Enter.
// The form below does it; without script its two numbers are typed.

const table = document.querySelector('[data-part="timetable"]');
const fold = document.querySelector('[data-part="swap"]');
const people = [...(table?.querySelectorAll("[data-person]") ?? [])];

let first = null;
let dragged = null;

function words(part, names) {
  const sentence = document.querySelector("#t-swap").content.querySelector(`[data-part="${part}"]`);
  return sentence.textContent.replace(/\{(\w+)\}/g, (_whole, name) => names[name]);
}

function release() {
  first?.removeAttribute("aria-pressed");
  first = null;
}

function fill(person, other) {
  const form = fold.querySelector("form");
  fold.open = true;
  form.elements.first.value = person.dataset.person;
  form.elements.second.value = other?.dataset.person ?? "";
  const names = { first: person.dataset.name, second: other?.dataset.name };
  fold.querySelector('[data-part="said"]').textContent = words(other ? "both" : "picked", names);
  if (other) form.elements.reason.focus();
}

function pick(person) {
  const before = first;
  release();
  if (person === before) return;
  if (before) {
    fill(before, person);
  } else {
    first = person;
    person.setAttribute("aria-pressed", "true");
    fill(person);
  }
}

// The place beside, above or below: cells are counted in their row.
function beside(person, key) {
  const cell = person.closest("td");
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[key];
  const across = key === "ArrowLeft" || key === "ArrowRight";
  const rows = [...table.tBodies[0].rows];
  let row = rows.indexOf(cell.parentElement);
  let at = cell.cellIndex;
  for (;;) {
    if (across) at += step;
    else row += step;
    const next = rows[row]?.cells[at];
    if (!next || at < 1) return null;
    const neighbour = next.querySelector("[data-person]");
    if (neighbour) return neighbour;
  }
}

for (const person of people) {
  person.addEventListener("click", () => pick(person));
  person.addEventListener("dragstart", (event) => {
    // Nothing on the page may move as it begins, or the browser gives the dragging up.
    release();
    dragged = person;
    event.dataTransfer.setData("text/plain", person.dataset.name);
  });
  person.addEventListener("dragover", (event) => {
    if (dragged && dragged !== person) event.preventDefault();
  });
  person.addEventListener("drop", (event) => {
    event.preventDefault();
    fill(dragged, person);
    dragged = null;
  });
  person.addEventListener("keydown", (event) => {
    if (event.key === "Escape") release();
    if (!event.key.startsWith("Arrow")) return;
    const next = beside(person, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
