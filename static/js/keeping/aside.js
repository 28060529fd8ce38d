// The browser's other, small memory (localStorage), for acts that the store could not be given:
// they outlive the page there, also on a full disk as long as the browser runs.

const START = "compete-aside:";
const key = (judge) => START + judge;

/** What is kept aside for a judge, by uuid; nothing where that memory fails too. */
function read(judge) {
  try {
    return new Map(JSON.parse(localStorage.getItem(key(judge)) ?? "[]").map((row) => [row.uuid, row]));
  } catch {
    return new Map();
  }
}

/** Change what is kept for a judge; false where it could not be kept. Other tabs change it too. */
function change(judge, by) {
  try {
    const rows = read(judge);
    by(rows);
    if (rows.size) localStorage.setItem(key(judge), JSON.stringify([...rows.values()]));
    else localStorage.removeItem(key(judge));
    return true;
  } catch {
    return false;
  }
}

export const keptAside = (judge) => [...read(judge).values()];

export const putAside = (judge, rows) => change(judge, (kept) => {
  for (const row of rows) kept.set(row.uuid, row);
});

export const dropAside = (judge, uuids) => change(judge, (kept) => {
  for (const id of uuids) kept.delete(id);
});

/** How many rows of other judges lie here. */
export function othersAside(judge) {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(START) && name !== key(judge))
      .reduce((sum, name) => sum + read(name.slice(START.length)).size, 0);
  } catch {
    return 0;
  }
}
