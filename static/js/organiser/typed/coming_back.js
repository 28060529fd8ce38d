// What was typed and not saved, put back into its fields; and for a row that only the server
// adds, such as a module, that row asked for first.

import { isPoint, nameToKey } from "./fields.js";
import { renamed } from "./merging.js";

/** The outermost new row that a key is of, by its list. */
const OUTERMOST = /^(.*?)\{\+\d+\}/;

/**
 * Of what was sent without an answer, such as over a page loaded anew meanwhile, how keys are
 * called now that its new rows have got their codes, and the {key: value} that arrived.
 */
export function arrived(sent, fields) {
  const entries = Object.entries(sent?.values ?? {});
  const names = (rows) => renamed([...(sent?.rows ?? []), ...entries.map(([key]) => key)], fields.keys(), rows);
  const stands = (name) => ([key, value]) => isPoint(key) || fields.get(name(key))?.value === value;
  const all = names(sent?.filled ?? []);
  const name = names((sent?.filled ?? []).filter((row) => entries.filter(([key]) => key.startsWith(`${row}.`)).every(stands(all))));
  return { name, values: new Map(entries.filter(stands(name))) };
}

/** The fields that were kept, as they are called now: {key: [what stood or arrived, what was typed]}. */
export function calledNow({ fields: kept, sent }, fields) {
  const { name, values } = arrived(sent, fields);
  return Object.fromEntries(Object.entries(kept).map(([key, [was, mine]]) => [name(key), [values.get(key) ?? was, mine]]));
}

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
