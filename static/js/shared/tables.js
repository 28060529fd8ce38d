// On a phone each row of a table is a card of its own (narrow.css): every cell gets its
// column's head to stand above it, and the roles that drawing it as a block takes from it.

const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell" };

/** The head of each column; where heads stand over heads, the lowest. */
function heads(table) {
  const columns = [];
  for (const [number, row] of [...(table.tHead?.rows ?? [])].entries()) {
    let column = 0;
    for (const cell of row.cells) {
      while ((columns[column]?.until ?? 0) > number) column += 1;
      const head = { text: cell.textContent.trim(), until: number + cell.rowSpan };
      for (let over = 0; over < cell.colSpan; over += 1) columns[column + over] = head;
      column += cell.colSpan;
    }
  }
  return columns.map(({ text }) => text);
}

function label(table) {
  const names = heads(table);
  for (const element of [table, ...table.querySelectorAll("thead, tbody, tfoot, tr, td")]) element.setAttribute("role", ROLES[element.tagName]);
  for (const head of table.querySelectorAll("th")) head.setAttribute("role", head.closest("thead") ? "columnheader" : "rowheader");
  for (const row of table.rows) {
    if (row.closest("thead")) continue;
    let column = 0;
    for (const cell of row.cells) {
      if (names[column] && cell.colSpan === 1) cell.dataset.label = names[column];
      column += cell.colSpan;
    }
  }
}

/** Name the cells of every table of the page, and of those that come later. */
export function labelledTables() {
  const all = () => document.querySelectorAll("table.table").forEach(label);
  all();
  new MutationObserver((changes) => {
    const rows = changes.some(({ addedNodes }) => [...addedNodes].some((node) => node.nodeType === 1 && (node.tagName === "TR" || node.querySelector("tr"))));
    if (rows) all();
  }).observe(document.body, { childList: true, subtree: true });
}
