// What was typed and not saved, put back into its fields; and for a row that only the server
// adds, such as a module, that row asked for first.

import { nameToKey } from "./fields.js";

/** The outermost new row that a key is of, by its list. */
const OUTERMOST = /^(.*?)\{\+\d+\}/;

/** Fill the fields with what was kept of them; `ask` what the server has otherwise by now. */
export function putBack(fields, kept, ask) {
  for (const [key, [was, mine]] of Object.entries(kept)) {
    const field = fields.get(key);
    if (!field || field.value === mine) continue;
    const now = field.value;
    field.value = mine;
    if (field.value !== mine) {
      field.value = now;
      continue;
    }
    for (let fold = field.first.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    // In a new row nothing stood yet.
    if (now !== (was ?? field.usual)) ask(field, now);
    field.first.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** The button that adds a row to the list of one of these keys, or null. */
export function adderOf(form, keys) {
  const lists = new Set(keys.map((key) => OUTERMOST.exec(key)?.[1]));
  const toKey = nameToKey(form);
  const adds = [...form.querySelectorAll('button[name="act"][value^="more:"]')];
  return adds.find(({ value }) => lists.has(toKey(value.slice("more:".length)))) ?? null;
}
