// A small contest while it runs: the page follows what comes in, and its grid is typed by keyboard.

const seconds = Number(document.querySelector("[data-refresh]")?.dataset.refresh ?? 0);
const form = document.getElementById("marks");

const fields = () => [...(form?.querySelectorAll(".small-grid input") ?? [])];
const typing = () => fields().some((field) => field.value !== field.defaultValue || field === document.activeElement);

async function follow() {
  if (document.hidden || typing()) return;
  const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" }).catch(() => null);
  if (!answer?.ok || typing()) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const place of document.querySelectorAll("#live, #codes, [data-part=state], [data-part=foot], [data-part=next]")) {
    const same = fresh.querySelector(place.id ? `#${place.id}` : `[data-part="${place.dataset.part}"]`);
    if (same && place.innerHTML !== same.innerHTML) place.innerHTML = same.innerHTML;
  }
}

if (seconds) setInterval(follow, seconds * 1000);

/** The field of the cell so many rows down and columns right, over what is no field. */
function beside(field, down, right) {
  const cell = field.closest("td");
  const row = [...cell.parentNode.parentNode.rows];
  const at = row.indexOf(cell.parentNode);
  const column = cell.cellIndex;
  for (let step = 1; step <= 100; step += 1) {
    const input = row[at + down * step]?.cells[column + right * step]?.querySelector("input");
    if (input) return input;
    if (!row[at + down * step]?.cells[column + right * step]) return null;
  }
  return null;
}

const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };

form?.addEventListener("keydown", (event) => {
  const way = event.target.closest(".small-grid") && WAYS[event.key];
  if (!way || event.ctrlKey) return;
  event.preventDefault();
  beside(event.target, ...way)?.focus();
});

// A block out of a spreadsheet: rows downwards, columns of tabs to the right.
form?.addEventListener("paste", (event) => {
  const start = event.target.closest(".small-grid input");
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  if (!start || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const items = Number(form.dataset.items);
  let first = start;
  for (const line of text.split(/\r?\n/)) {
    if (!first) break;
    const cells = line.split("\t");
    // With several items a line of tabs is one sheet.
    const values = items > 1 ? [cells.join(" ").trim()] : cells.map((cell) => cell.trim());
    let field = first;
    for (const value of values) {
      if (!field) break;
      field.value = value;
      field = beside(field, 0, 1);
    }
    first = beside(first, 1, 0);
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
});

form?.addEventListener("input", () => {
  const fold = document.getElementById("typing");
  if (fold && fields().some((field) => field.value)) fold.open = true;
});
