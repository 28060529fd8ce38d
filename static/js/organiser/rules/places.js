// Fields of the form are named by their place, as `awards[0].name`: what bears a place in its
// attributes, and how it is called once rows stand elsewhere.

const BEARERS = ["name", "id", "for", "aria-describedby", "data-adds", "data-unless", "data-factor-field",
  "data-sums", "data-goal-field", "data-times-field", "data-rows", "data-beside", "data-slides"];

export const form = document.getElementById("rules");

/** The field of that name, or null. */
export const field = (name) => form.elements.namedItem(name);

/** The element that holds a list's rows, such as `stages[0].modules[1].aspects`. */
export const boxOf = (list) => document.querySelector(`[data-rows="${CSS.escape(list)}"]`);

/** The element that holds what else its rows have, in the same order, in another step; or null. */
export const besideOf = (list) => document.querySelector(`[data-beside="${CSS.escape(list)}"]`);

/** What stands in a field; a box that is not ticked is empty. */
export const valueOf = (input) => (input.type === "checkbox" && !input.checked ? "" : input.value);

/** Call everything of a list's rows anew; `order` has for each row the number that it had. */
export function renumber(list, order) {
  const now = new Map(order.map((old, at) => [String(old), at]));
  const start = `${list}[`;
  const place = new RegExp(`(^|[ :]|try\\.)${escaped(list)}\\[(\\d+)\\]`, "g");
  const put = (text) => text.replace(place, (_whole, before, old) => `${before}${start}${now.get(old) ?? old}]`);
  for (const element of document.querySelectorAll("#main *")) {
    for (const name of BEARERS) {
      const text = element.getAttribute(name);
      if (text?.includes(start)) element.setAttribute(name, put(text));
    }
    if (element.tagName === "BUTTON" && element.value.includes(start)) element.value = put(element.value);
  }
  if (list.endsWith(".parts")) renumberChoices(list.slice(0, -".parts".length), now);
}

const escaped = (text) => text.replace(/[.[\]]/g, "\\$&");

/** Modules say by number which of the stage's parts they belong to. */
function renumberChoices(stage, now) {
  for (const select of form.querySelectorAll("select[name$='.part']")) {
    if (!select.name.startsWith(`${stage}.modules[`)) continue;
    for (const option of select.options) if (option.value) option.value = now.get(option.value) ?? option.value;
    select.append(...[...select.options].sort((a, b) => (a.value === "" ? -1 : b.value === "" ? 1 : a.value - b.value)));
  }
}
