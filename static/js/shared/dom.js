// Small helpers for the page.
// Markup and icons stand in the templates; the scripts clone <template>s and fill the elements
// named by data-part.

/** The JSON that the server put into the page under this id, or null. */
export function pageData(id) {
  const place = globalThis.document?.getElementById(id);
  return place ? JSON.parse(place.textContent) : null;
}

/** A fresh copy of the first element of <template id=…>. */
export function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** The elements of root named by data-part, as {name: element}; root itself counts. */
export function parts(root) {
  const found = {};
  if (root.dataset?.part) found[root.dataset.part] = root;
  for (const each of root.querySelectorAll("[data-part]")) found[each.dataset.part] ??= each;
  return found;
}

/** Set the text of an element that may be absent; writes only what changed. */
export function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Show or hide an element that may be absent. */
export function show(element, wanted) {
  if (element) element.hidden = !wanted;
}

/** Put a button out of use, and say so to a screen reader, without losing its focus. */
export function block(button, blocked) {
  if (!button) return;
  if (blocked) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

/** Call act on a click, unless the button is blocked. */
export function press(button, act) {
  button?.addEventListener("click", (event) => {
    if (button.getAttribute("aria-disabled") !== "true") act(event);
  });
}

/** Point an <svg><use> at another icon of the page's sheet of icons. */
export function icon(svg, name) {
  const use = svg?.querySelector("use");
  if (!use) return;
  const target = use.getAttribute("href").replace(/#.*/, `#${name}`);
  if (use.getAttribute("href") !== target) use.setAttribute("href", target);
}

/** 10:29 of a planned time that bears the competition's zone, whatever zone the tablet is set to. */
export const plannedClock = (time) => time.slice(11, 16);

/** 10:29 or 10:29:31 by the tablet's own clock. */
export function clock(time, seconds = false) {
  const when = new Date(time);
  const two = (number) => String(number).padStart(2, "0");
  const start = `${two(when.getHours())}:${two(when.getMinutes())}`;
  return seconds ? `${start}:${two(when.getSeconds())}` : start;
}
