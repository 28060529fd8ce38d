// Beside each field that was changed stands what the rules in force say, struck through; the
// foot says how many there are.

import { pageData } from "../../shared/dom.js";
import { field, form, valueOf } from "./places.js";

/** So many changes are named in the foot. */
const NAMED = 3;
const LONGEST = 24;
let inForce = pageData("in-force") ?? {};
// What was saved is in force from then on.
document.addEventListener("typed:put", () => (inForce = pageData("in-force") ?? {}));
const foot = document.querySelector("[data-part=changed]");

/** A field's name by the codes of its rows, which outlive their places; null in a new row. */
function lasting(name) {
  let isNew = false;
  const text = name.replace(/[a-z]+\[\d+\](?=\.)/g, (row, at) => {
    const code = field(`${name.slice(0, at + row.length)}.was`)?.value;
    if (!code) isNew = true;
    return row.replace(/\[\d+\]/, `{${code}}`);
  });
  return isNew ? null : text;
}

/** The row's code where a field points at a row by its number. */
function meant(input) {
  const value = valueOf(input);
  if (!value) return value;
  if (input.name.endsWith(".part")) return field(`${input.name.split(".")[0]}.parts[${value}].was`)?.value ?? value;
  if (input.name.endsWith(".carry.from")) return field(`stages[${value}].was`)?.value ?? value;
  return value;
}

/** What the rules in force say there; undefined where they have no such field. */
function before(input) {
  const name = lasting(input.name);
  if (name === null || input.name.endsWith(".gone")) return undefined;
  if (input.type === "checkbox") {
    const list = name.slice(0, name.lastIndexOf("."));
    const last = name.slice(list.length + 1);
    if (name in inForce || !(list in inForce)) return inForce[name] ?? "";
    return inForce[list].split(" ").includes(last) ? input.value : "";
  }
  return inForce[name] ?? "";
}

const wordOf = (input, value) => {
  if (input.tagName !== "SELECT") return value;
  const option = [...input.options].find((choice) => (choice.value && meantOption(input, choice.value)) === value);
  return option?.text ?? value;
};
const meantOption = (input, value) => meant({ name: input.name, value, type: "select" });
const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
const isShown = (input) => {
  const own = input.closest(".of-type > div");
  return !own || getComputedStyle(own).display !== "none";
};

function labelOf(input) {
  const label = input.getAttribute("aria-label") ?? input.labels?.[0]?.firstChild?.textContent ?? "";
  const row = input.name.slice(0, input.name.lastIndexOf("]") + 1);
  const named = row && !input.name.endsWith(".name") ? field(`${row}.name`)?.value : "";
  return [named, label].map((word) => (word ?? "").trim()).filter(Boolean).join(" ");
}

function strike(input, was) {
  const place = input.closest(".tried-box") ?? input;
  let mark = place.previousElementSibling?.matches(".was") ? place.previousElementSibling : null;
  const differs = was !== undefined && was !== meant(input);
  (input.type === "checkbox" ? input.closest("label") ?? input : input).classList.toggle("differs", differs);
  const word = differs && input.type !== "checkbox" ? wordOf(input, was) : "";
  if (!word) {
    mark?.remove();
    return differs;
  }
  if (!mark) {
    mark = document.createElement("s");
    mark.className = "was";
    place.before(mark);
  }
  if (mark.title !== word) {
    mark.title = word;
    mark.textContent = short(word);
    mark.setAttribute("aria-label", form.dataset.was.replace("{was}", word));
  }
  return true;
}

/** Lists whose rows stand in another order than in the rules in force. */
function movedLists() {
  return [...form.querySelectorAll("[data-rows]")].filter((box) => {
    const names = [...box.children].map((_row, at) => lasting(`${box.dataset.rows}[${at}].was`)?.replace(/\.was$/, ""));
    const places = names.filter(Boolean).map((name) => Number(inForce[name])).filter(Boolean);
    const isMoved = places.some((place, at) => at > 0 && place < places[at - 1]);
    box.classList.toggle("is-moved", isMoved);
    return isMoved;
  }).length;
}

/** Rows of the rules in force that the form lacks: another organiser added them meanwhile, or an
 * earlier version that is taken back did not have them. */
function missing() {
  const here = new Set([...form.elements].filter(({ name }) => name?.endsWith(".was")).map(({ name }) => lasting(name)?.slice(0, -".was".length)));
  return Object.keys(inForce).filter((name) => name.endsWith("}") && !here.has(name))
    .map((name) => form.dataset.missing.replace("{name}", inForce[`${name}.name`] ?? inForce[`${name}.cite`] ?? ""));
}

export function showChanges() {
  const changes = missing();
  const moved = movedLists();
  let count = changes.length + moved;
  if (moved) changes.push(form.dataset.order);
  for (const input of form.elements) {
    if (!input.name || ["hidden", "file", "submit", "button"].includes(input.type) || !form.contains(input) || input.closest("#scheme")) continue;
    const was = before(input);
    if (was === undefined) {
      const isNew = input.name.endsWith(".name") || input.name.endsWith(".gone");
      if (isNew && valueOf(input)) {
        count += 1;
        changes.push(labelOf(input));
      }
    } else if (strike(input, was) && isShown(input)) {
      count += 1;
      const [old, now] = [wordOf(input, was), wordOf(input, meant(input))].map((text) => short(text || form.dataset.empty));
      changes.push(input.type === "checkbox" ? labelOf(input) : `${labelOf(input)} ${old} → ${now}`);
    }
  }
  if (!foot) return;
  foot.hidden = !count;
  const lines = changes.filter(Boolean).slice(0, NAMED).flatMap((text) => {
    const dot = document.createElement("span");
    dot.className = "dot";
    return [dot, text];
  });
  const number = document.createElement("b");
  number.textContent = form.dataset.changed.replace("{n}", count);
  foot.replaceChildren(number, ...lines);
}
