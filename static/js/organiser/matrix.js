// A month's squares: arrows walk, the chosen square's story stands in the foot, Enter opens its past.
// Without script a square is a button that loads the page with its story.

const form = document.getElementById("cells");
const foot = document.getElementById("cell");
const part = (name) => foot.querySelector(`[data-part="${name}"]`);
const rows = [...form?.querySelectorAll("tbody tr") ?? []].map((row) => [...row.querySelectorAll("button")]);
const columns = [...form?.querySelectorAll("th[data-code]") ?? []];
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const placeOf = (cell) => {
  const row = rows.findIndex((cells) => cells.includes(cell));
  return [row, rows[row].indexOf(cell)];
};

function choose(cell) {
  for (const square of form.querySelectorAll("[aria-current], [tabindex='0']")) {
    square.removeAttribute("aria-current");
    square.tabIndex = -1;
  }
  cell.setAttribute("aria-current", "true");
  cell.tabIndex = 0;
  const { code, name, full } = columns[placeOf(cell)[1]].dataset;
  const unit = cell.value.slice(0, cell.value.lastIndexOf(`:${code}`));
  part("title").textContent = `${cell.closest("tr").querySelector("th").textContent} · ${name}`;
  part("text").textContent = `${cell.textContent} / ${full}`;
  part("story").textContent = cell.dataset.story;
  const past = new URL(form.dataset.changes, location.href);
  past.searchParams.set("unit", unit);
  past.searchParams.set("indicator", code);
  part("past").href = past;
}

if (rows.length) {
  for (const cell of rows.flat()) cell.tabIndex = -1;
  choose(form.querySelector("[aria-current]") ?? rows[0][0]);
  form.addEventListener("focusin", ({ target }) => { if (target.matches("td button")) choose(target); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", ({ target }) => target.closest("td button")?.focus());
  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td button");
    if (!cell) return;
    if (event.key === "Enter") part("past").click();
    else if (event.key in STEPS) {
      const [row, column] = placeOf(cell);
      const [down, right] = STEPS[event.key];
      rows[row + down]?.[column + right]?.focus();
    } else return;
    event.preventDefault();
  });
}
