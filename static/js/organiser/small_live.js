// A small contest while it runs: the page follows what comes in, and its grid is typed by keyboard.

import { placeBlock } from "../shared/blocks.js";
import { _ } from "../shared/words.js";
import { sendBlock } from "./send_block.js";

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

// A block out of a spreadsheet goes by names, without any by rows and columns: the server says where.
const notice = document.querySelector('[data-part="pasted"]');
const items = Number(form?.dataset.items);
const names = () => JSON.parse(form.dataset.itemNames);

const send = (body) => sendBlock(form, body);

/** The grid as it stands: rows of people, and the cell of each judge. */
function standing() {
  const rows = [...form.querySelectorAll(".small-grid tbody tr")];
  const judges = [...form.querySelectorAll(".small-grid thead th[data-judge]")].map((head) => head.dataset.judge);
  const cells = rows.map((row) => [...row.querySelectorAll("td[data-cell]")]);
  return { rows, judges, cells, people: rows.map((row) => [row.dataset.code, row.dataset.name, `${row.dataset.name}（${row.dataset.unit}）`]) };
}

function stateOf(cell) {
  const field = cell.querySelector("input");
  if (field) return { text: field.value };
  return { shut: _("已经有了，不盖"), text: cell.dataset.text ?? cell.textContent.trim() };
}

/** With several items: the marks of one judge, a column an item, as one text a person. */
function joined(squares, column) {
  const byRow = new Map();
  for (const { row, column: item, text, cell } of squares) {
    if (!byRow.has(row)) byRow.set(row, { row, column, cell, texts: [] });
    byRow.get(row).texts[item] = text;
  }
  return [...byRow.values()].map(({ texts, ...rest }) => ({ ...rest, text: texts.filter(Boolean).join(" ") }));
}

async function paste(start, text) {
  const { rows, judges, cells, people } = standing();
  const cell = start.closest("td");
  const row = rows.indexOf(cell.parentNode);
  const column = cells[row].indexOf(cell);
  const byItem = items > 1 && !judges.some((judge) => text.includes(judge));
  const columns = byItem ? names().map((name) => [name]) : judges.map((judge) => [judge]);
  const at = [row, byItem ? 0 : column];
  const look = (square) => {
    if (!square.text) return { text: "" };
    if (!byItem) return stateOf(cells[square.row][square.column]);
    const stands = stateOf(cells[square.row][column]);
    return { ...stands, text: stands.text.split(" ")[square.column] ?? "" };
  };
  const placed = await placeBlock({ send, kind: "texts", text, rows: people, columns, at, look });
  if (!placed) return;
  if (placed.refused) {
    say(placed.refused);
    return;
  }
  const fills = byItem ? joined(placed.fills, column) : placed.fills;
  for (const square of fills) {
    const field = cells[square.row][square.column].querySelector("input");
    if (field) field.value = square.text;
  }
  const not = [
    ...placed.shut.map((square) => `${people[square.row][1]} ${square.text}（${square.shut}）`),
    ...placed.out.map(({ text: what, why }) => `${what}（${why}）`),
  ];
  say(not.length
    ? _("填了 %(n)s 格。没填的：%(not)s", { n: fills.length, not: not.join(_("；")) })
    : _("填了 %(n)s 格", { n: fills.length }));
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function say(words) {
  if (!notice) return;
  notice.hidden = false;
  notice.firstElementChild.textContent = words;
}

form?.addEventListener("paste", (event) => {
  const start = event.target.closest(".small-grid input");
  const text = event.clipboardData.getData("text/plain").replace(/(\r?\n)+$/, "");
  if (!start || !/[\t\r\n]/.test(text)) return;
  event.preventDefault();
  paste(start, text);
});

form?.addEventListener("input", () => {
  const fold = document.getElementById("typing");
  if (fold && fields().some((field) => field.value)) fold.open = true;
});
