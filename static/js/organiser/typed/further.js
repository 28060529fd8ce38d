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
  numbered(copy, before, list + (Number(number) + 1));
  const other = besideOf(row);
  if (other) {
    const more = other.cloneNode(true);
    numbered(more, before, list + (Number(number) + 1));
    other.after(more);
  }
  row.after(copy);
  return copy;
}

/** What else belongs to a row, in a list of its own elsewhere in the form; or undefined. */
function besideOf(row) {
  const box = row.parentElement;
  const other = row.closest("form")?.querySelector(`[data-beside="${CSS.escape(box?.dataset.rows ?? "")}"]`);
  return other?.children[[...box.children].indexOf(row)];
}

/** Call a row and all in it `after` instead of `before`, such as `awards[3`. */
function numbered(row, before, after) {
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes(`${before}]`)) element.setAttribute(name, value.replaceAll(`${before}]`, `${after}]`));
    }
    if (element.value?.includes?.(`${before}]`)) element.value = element.value.replaceAll(`${before}]`, `${after}]`);
  }
}

const boxes = (form) => [...form.querySelectorAll("[data-rows]")];

/** How a row is called that has no code yet, as `awards[3`, or undefined. */
function begunName(row, list) {
  const codes = [...row.querySelectorAll("input[type=hidden][name$='].was']")];
  const own = codes.find(({ name }) => name.startsWith(`${list}[`) && !name.slice(list.length + 1).includes("["));
  return own?.value === "" ? own.name.slice(0, -"].was".length) : undefined;
}

/** {list, row, other, path} of every row that has no code yet. */
export function begunRows(form) {
  return boxes(form).flatMap((box) => [...box.children].map((row) => ({ list: box.dataset.rows, row, other: besideOf(row), path: begunName(row, box.dataset.rows) }))).filter(({ path }) => path);
}

/** Put rows back that were begun, last in their lists, where a list has none such. */
export function putBegun(form, rows) {
  const has = new Set(begunRows(form).map(({ list }) => list));
  const bare = new Map(boxes(form).filter(({ dataset }) => !has.has(dataset.rows)).map((box) => [box.dataset.rows, box]));
  for (const { list, row, other, path } of rows) {
    const box = bare.get(list);
    if (!box) continue;
    numbered(row, path, `${list}[${box.children.length}`);
    if (other) {
      numbered(other, path, `${list}[${box.children.length}`);
      form.querySelector(`[data-beside="${CSS.escape(list)}"]`)?.append(other);
    }
    box.append(row);
    box.closest("[hidden]")?.removeAttribute("hidden");
  }
}

/** The fields of a form, with rows for these `keys` as far as its lists can be made longer. */
export function withRowsFor(form, keys) {
  let fields = fieldsOf(form);
  for (const key of keys) {
    const [, list, place] = NEW.exec(key) ?? [];
    while (list !== undefined && !fields.has(key)) {
      const last = [...fields.values()].filter((field) => NEW.exec(field.key)?.[1] === list).at(-1);
      if (!last || Number(NEW.exec(last.key)[2]) >= Number(place)) break;
      let row = last.first;
      while (row && !row.parentElement?.matches("[data-rows]")) row = row.parentElement;
      if (!row || !another(row)) break;
      fields = fieldsOf(form);
    }
  }
  return fields;
}
