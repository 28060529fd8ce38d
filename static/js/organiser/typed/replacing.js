// Rows came or went at the server: the form as it stands there takes the place of the one that is
// open, with what was typed since, the caret, open folds and the place on the page as they were.

import { rowOf } from "./fields.js";
import { begunRows, putBegun, withRowsFor } from "./further.js";

const NEW = /\{\+\d+\}$/;

const folds = (form) => [...form.querySelectorAll("details")];

/** The fields of the new form; `name` gives the new keys of the `old` fields. */
export function replaced(form, fresh, { old, typed, name }) {
  const focused = [...old.values()].find((field) => field.hasFocus);
  const { selectionStart: start, selectionEnd: end } = focused?.first ?? {};
  const open = folds(form).map((fold) => fold.open);
  // Of several of one name only one can be open, and that is the one in which somebody is.
  const named = new Map(folds(form).filter(({ id }) => id).map(({ id, open }) => [id, open]));
  const [x, y] = [scrollX, scrollY];
  // A row that was sent with nothing in it is not at the server, and who asked for it wants it.
  const stays = new Set([...old].filter(([key]) => NEW.test(rowOf(name(key)))).map(([, { first }]) => first.name.slice(0, first.name.lastIndexOf("]"))));
  const begun = begunRows(form).filter(({ path }) => stays.has(path));
  form.replaceChildren(...fresh.childNodes);
  form.dataset.changes = fresh.dataset.changes ?? "[]";
  putBegun(form, begun);
  folds(form).forEach((fold, place) => (fold.open = named.get(fold.id) ?? (fold.open || (open[place] ?? false))));
  const fields = withRowsFor(form, typed.keys());
  for (const [key, value] of typed) {
    const field = fields.get(key);
    if (field) field.value = value;
  }
  const field = focused && fields.get(name(focused.key));
  field?.first.focus({ preventScroll: true });
  if (field && typeof start === "number") field.first.setSelectionRange?.(start, end);
  scrollTo(x, y);
  return fields;
}

export const sameKeys = (fields, now) => fields.size === now.size && [...fields.keys()].every((key) => now.has(key));

/** Whether somebody writes in another field of its row. */
export const isBeside = (field) => !field.hasFocus && field.first.closest("tr")?.contains(document.activeElement);

/** Hear once that nobody writes in the field's row any more. */
export function onceLeft(field, heard) {
  const row = field.first.closest("tr");
  row.addEventListener("focusout", ({ relatedTarget }) => (row.contains(relatedTarget) ? onceLeft(field, heard) : heard()), { once: true });
}

/** The codes of all rows in the order in which they stand. */
export const orderOf = (form) => [...form.elements].filter(({ type, name, value }) => type === "hidden" && value && name.endsWith("].was")).map(({ value }) => value).join(" ");
