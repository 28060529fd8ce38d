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
  while (rows.length > 1 && rows.at(-1).every((value) => value === "")) rows.pop();
  return rows;
}

/** The same the other way. */
export function writeBlock(rows) {
  const quote = (text) => (/["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(quote).join("\t")).join("\n");
}

const plain = (text) => text.normalize("NFKC").replace(/\s+/g, "");
const isNumber = (text) => /^[-+]?[\d.,]+%?$/.test(plain(text));
/** A word, as a unit's name is one; no number and no sign for nothing. */
const isWord = (text) => /\p{L}{2}/u.test(text);

/** Texts by what they are compared by, to their places; what two share is nobody's. */
function placesOf(lists) {
  const places = new Map();
  lists.forEach((texts, place) => new Set(texts.map(plain)).forEach((text) => {
    places.set(text, places.has(text) && places.get(text) !== place ? null : place);
  }));
  return places;
}

/** The places that cells name, where at least half of those with something do; else null. */
function named(cells, places) {
  const texts = cells.filter((text) => text !== "");
  const known = texts.filter((text) => places.get(plain(text)) !== undefined && places.get(plain(text)) !== null);
  return known.length > 0 && known.length >= texts.length / 2 ? cells.map((text) => places.get(plain(text)) ?? null) : null;
}

const turned = (block) => block[0].map((_cell, at) => block.map((row) => row[at] ?? ""));

/**
 * Where a block goes. names: unit names of all rows; heads: the texts that head each entered
 * column; first, left: the row and column it begins at where it says no names. A first row of
 * headings says which column each goes to, a column of unit names which row. Returns {cells:
 * [{row, column, text}], strays: [text that has no place]}, or {unknown: [names]} where
 * a first column of words names nobody here: nothing of it is placed.
 */
export function placeBlock(block, { names, heads, first, left }) {
  const rowOf = placesOf(names.map((name) => [name]));
  const columnOf = placesOf(heads);
  let body = block;
  let columns = null;
  let headings = [];
  const wide = Math.max(...block.map((row) => row.length));
  if (block.length > 1 && !block[0].some(isNumber)) {
    const lines = block.map((row) => [...row, ...Array(wide - row.length).fill("")]);
    // Units along the top: the same table, turned.
    const across = named(lines[0].slice(1), rowOf);
    body = across && named(lines.slice(1).map((row) => row[0]), columnOf) ? turned(lines) : lines;
    const places = named(body[0].filter((text) => text !== ""), columnOf) ?? named(body[0].slice(1), columnOf);
    if (places) {
      headings = body[0];
      columns = headings.map((text) => columnOf.get(plain(text)) ?? null);
      columns = columns.map((place, at) => (columns.indexOf(place) === at ? place : null));
      body = body.slice(1);
    }
  }
  const width = Math.max(...body.map((row) => row.length));
  const sides = Array.from({ length: width }, (_cell, at) => at).filter((at) => columns === null || columns[at] === null);
  const side = width > 1 ? sides.find((at) => named(body.map((row) => row[at] ?? ""), rowOf)) : undefined;
  const column = body.map((row) => row[0] ?? "").filter((text) => text !== "");
  if (width > 1 && side === undefined && column.length && column.every(isWord)) {
    return { unknown: column, cells: [], strays: [] };
  }
  const byName = side !== undefined;
  const cells = [];
  const strays = headings.filter((text, at) => columns[at] === null && at !== side && text);
  // What stands before the names, such as a serial number, is no value.
  if (!columns && byName) strays.push(...body[0].slice(0, side).filter(Boolean));
  body.forEach((row, down) => {
    const at = byName ? rowOf.get(plain(row[side] ?? "")) : first + down;
    row.forEach((text, right) => {
      if (right === side) return;
      const to = columns ? columns[right] : left + right - (byName ? side + 1 : 0);
      if (to === null || (!columns && byName && right < side)) return;
      if (at === undefined || at === null || at >= names.length || to >= heads.length) {
        if (text) strays.push(byName && (at === undefined || at === null) ? `${row[side]} ${text}` : text);
      } else cells.push({ row: at, column: to, text });
    });
  });
  return { cells, strays };
}
