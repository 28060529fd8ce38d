// A room's people in a session go to another room: dragged there, or taken up by Enter or a press
// and put down by another. The form below does it, filled in; without script it is filled in by hand.

const grid = document.querySelector('[data-part="plan"]');
const spare = grid?.querySelector('[data-part="spare"]');
const fold = document.querySelector('[data-part="move"]');
const cells = [...(grid?.querySelectorAll("td[data-to]") ?? [])];

let taken = null;
let dragged = null;

function words(part, values) {
  const sentence = document.querySelector("#t-plan").content.querySelector(`[data-part="${part}"]`);
  return sentence.textContent.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

const blocksOf = (cell) => cell.querySelector(".plan-blocks");
const answers = () => [...grid.querySelectorAll(".plan-block.fits")];

/** Take a room's people up: each square of their session in which they find seats says how many. */
function take(cell) {
  release();
  taken = cell;
  cell.classList.add("is-taken");
  const fits = new Map(cell.dataset.to.split(" ").map((room) => room.split(":")));
  if (spare) spare.hidden = ![...spare.rows].some((row) => fits.has(row.dataset.room));
  for (const row of grid.querySelectorAll("tr[data-room]")) {
    if (row.parentElement === spare) row.hidden = !fits.has(row.dataset.room);
    if (fits.has(row.dataset.room)) answer(row, row.cells[cell.cellIndex], fits.get(row.dataset.room));
  }
}

function answer(row, square, n) {
  const free = square.querySelector(".plan-block.free");
  if (free) free.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plan-block fits";
  button.textContent = words("fits", { n });
  button.setAttribute("aria-label", words("put", { room: row.dataset.name, n }));
  button.addEventListener("click", () => put(row));
  square.classList.add("fits");
  // A button holds no other one.
  if (cells.includes(square)) asHandle(square, false);
  (blocksOf(square) ?? square).append(button);
}

/** Let nothing be taken up any more, and the grid look as before. */
function release() {
  taken?.classList.remove("is-taken");
  taken = null;
  for (const button of answers()) button.remove();
  for (const square of grid.querySelectorAll("td.fits")) square.classList.remove("fits", "is-over");
  for (const free of grid.querySelectorAll(".plan-block.free[hidden]")) free.hidden = false;
  if (spare) spare.hidden = true;
  for (const cell of cells) asHandle(cell, true);
}

function asHandle(cell, is) {
  const blocks = blocksOf(cell);
  blocks.draggable = is;
  if (is) {
    blocks.setAttribute("role", "button");
    blocks.tabIndex = 0;
  } else {
    blocks.removeAttribute("role");
    blocks.removeAttribute("tabindex");
  }
}

/** Fill the form in; whoever moves them says why and presses its button. */
function put(row) {
  const cell = taken;
  release();
  const form = fold.querySelector("form");
  fold.open = true;
  form.elements.cell.value = cell.dataset.cell;
  form.elements.to.value = row.dataset.room;
  const names = { what: cell.dataset.name, room: row.dataset.name };
  fold.querySelector('[data-part="said"]').textContent = words("filled", names);
  fold.scrollIntoView({ block: "center" });
  form.elements.reason.focus({ preventScroll: true });
}

function takeByKey(cell) {
  if (cell === taken) {
    release();
    return;
  }
  take(cell);
  answers()[0]?.focus();
}

for (const cell of cells) {
  const blocks = blocksOf(cell);
  asHandle(cell, true);
  blocks.setAttribute("aria-label", words("pick", { what: cell.dataset.name }));
  blocks.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", cell.dataset.name);
    // Nothing on the page may move as it begins, or the browser gives the dragging up.
    dragged = cell;
    setTimeout(() => dragged === cell && take(cell));
  });
  blocks.addEventListener("dragend", () => {
    dragged = null;
    if (taken) release();
  });
  blocks.addEventListener("click", (event) => {
    if (!event.target.closest(".fits")) takeByKey(cell);
  });
  blocks.addEventListener("keydown", (event) => {
    if (event.target !== blocks || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    takeByKey(cell);
  });
}

if (cells.length) {
  document.querySelector('[data-part="how"]').hidden = false;
  grid.addEventListener("dragover", (event) => {
    const square = event.target.closest("td.fits");
    for (const other of grid.querySelectorAll("td.is-over")) other.classList.toggle("is-over", other === square);
    if (!taken || !square) return;
    square.classList.add("is-over");
    event.dataTransfer.dropEffect = "move";
    event.preventDefault();
  });
  grid.addEventListener("drop", (event) => {
    const square = event.target.closest("td.fits");
    if (!taken || !square) return;
    event.preventDefault();
    put(square.parentElement);
  });
  document.addEventListener("keydown", (event) => {
    if (!taken) return;
    if (event.key === "Escape") {
      const blocks = blocksOf(taken);
      release();
      blocks.focus();
      return;
    }
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    const among = answers();
    const at = among.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    among[(at + step + among.length) % among.length].focus();
  });
}
