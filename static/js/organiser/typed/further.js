// Rows beyond the empty ones that the server gave: as many as were pasted or are typed in.

import { fieldsOf, usualText } from "./fields.js";

/** The row that a field's name stands for: the list, the number. */
const NUMBERED = /^(.+\[)(\d+)(?=\]\.[^[\]]+$)/;
/** The new row that a key is of: its list, its place among the new ones. */
const NEW = /^(.*)\{\+(\d+)\}/;

/** One more row like an empty one, its fields numbered on; null after one that is not empty. */
export function another(row) {
  const inputs = [...row.querySelectorAll("input[name], textarea")];
  const texts = inputs.filter(({ type }) => !["checkbox", "radio"].includes(type));
  const path = NUMBERED.exec(inputs[0]?.name ?? "");
  if (!path || texts.some(({ name, value }) => value !== usualText(name))) return null;
  const copy = row.cloneNode(true);
  const [before, list, number] = path;
  const after = list + (Number(number) + 1);
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    for (const { name, value } of [...element.attributes]) {
      if (value.startsWith(`${before}]`)) element.setAttribute(name, after + value.slice(before.length));
    }
  }
  row.after(copy);
  return copy;
}

/** The fields of a form, with rows for these `keys` as far as its lists can be made longer. */
export function withRowsFor(form, keys) {
  let fields = fieldsOf(form);
  for (const key of keys) {
    const [, list, place] = NEW.exec(key) ?? [];
    while (list !== undefined && !fields.has(key)) {
      const last = [...fields.values()].filter((each) => NEW.exec(each.key)?.[1] === list).at(-1);
      if (!last || Number(NEW.exec(last.key)[2]) >= Number(place)) break;
      let row = last.first;
      while (row && !row.parentElement?.matches("[data-rows]")) row = row.parentElement;
      if (!row || !another(row)) break;
      fields = fieldsOf(form);
    }
  }
  return fields;
}
