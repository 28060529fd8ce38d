// Blocks as spreadsheets put them on the clipboard: rows by line ends, cells by tabs.

/** Rows of cells; quoted cells may hold tabs, line ends and doubled quotes. */
export function readBlock(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const end = () => {
    rows.at(-1).push(cell.trim());
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") end();
    else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") at += 1;
      end();
      rows.push([]);
    } else cell += sign;
  }
  end();
  while (rows.length > 1 && rows.at(-1).every((each) => each === "")) rows.pop();
  return rows;
}

/** The same the other way. */
export function writeBlock(rows) {
  const quote = (text) => (/["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(quote).join("\t")).join("\n");
}

/**
 * Where a block goes. names: unit names of all rows; first: the row it begins at; left: the
 * column. Returns {cells: [{row, column, text}], strays: [text that has no place]}; a row is
 * an index of `names`, a column one of the `width` entered columns.
 */
export function placeBlock(block, { names, first, left, width }) {
  const rowOf = new Map(names.map((name, row) => [name, row]));
  const named = block.filter((row) => rowOf.has(row[0])).length;
  const byName = named > 0 && named >= block.length / 2 && block[0].length > 1;
  const cells = [];
  const strays = [];
  block.forEach((row, down) => {
    const texts = byName ? row.slice(1) : row;
    const at = byName ? rowOf.get(row[0]) : first + down;
    texts.forEach((text, right) => {
      const column = left + right;
      if (at === undefined || at >= names.length || column >= width) {
        if (text) strays.push(byName && at === undefined ? `${row[0]} ${text}` : text);
      } else cells.push({ row: at, column, text });
    });
  });
  return { cells, strays, byName };
}
