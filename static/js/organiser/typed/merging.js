// What two set at one desk, put together field by field; and which key a row that was new has
// got now that it is saved.

import { rowOf } from "./fields.js";

/**
 * For each key what becomes of it, where `was` is what this page knew, `mine` what stands in its
 * fields, `now` what stands at the server: {take} the other's alone, {both} where each set
 * another value; nothing where it stays as it is here.
 */
export function together(was, mine, now) {
  const differences = new Map();
  for (const [key, theirs] of now) {
    if (!mine.has(key) || theirs === was.get(key) || theirs === mine.get(key)) continue;
    differences.set(key, mine.get(key) === was.get(key) ? { take: theirs } : { both: theirs });
  }
  return differences;
}

const NEW = /^(.*)\{\+(\d+)\}$/;
/** The rows that keys are of. */
export const listed = (keys) => new Set([...keys].map(rowOf).filter(Boolean));

/**
 * How keys of rows that were sent without a code are called in the form that came back: each in
 * its list has got the next code that was not there before. `filled` are the rows that were sent
 * with something in them, in order.
 */
export function renamed(before, after, filled) {
  const [old, now] = [listed(before), listed(after)];
  const names = new Map();
  const lists = Map.groupBy([...filled].filter((row) => NEW.test(row)), (row) => NEW.exec(row)[1]);
  for (const [list, rows] of lists) {
    // A new row of a new row is found once that one is.
    const here = renamedRow(list, names);
    const got = [...now].filter((row) => row.startsWith(`${here}{`) && !row.slice(here.length + 1, -1).includes("{") && !NEW.test(row) && (here !== list || !old.has(row)));
    rows.forEach((row, at) => got[at] && names.set(row, got[at]));
    // The empty rows behind them move up.
    for (const row of old) {
      const match = NEW.exec(row);
      if (!match || match[1] !== list || names.has(row)) continue;
      const gone = rows.filter((other) => Number(NEW.exec(other)[2]) < Number(match[2])).length;
      names.set(row, `${here}{+${Number(match[2]) - gone}}`);
    }
  }
  return (key) => renamedRow(key, names);
}

function renamedRow(key, names) {
  const row = [...names.keys()].filter((prefix) => key === prefix || key.startsWith(`${prefix}.`)).sort((a, b) => b.length - a.length)[0];
  return row ? names.get(row) + key.slice(row.length) : key;
}

/** Rows of rows stand for themselves and for the rows they are in. */
export const outermost = (rows) => new Set([...rows].flatMap((row) => [...row.matchAll(/\}/g)].map(({ index }) => row.slice(0, index + 1))));
