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
  const elements = {};
  if (root.dataset?.part) elements[root.dataset.part] = root;
  for (const element of root.querySelectorAll("[data-part]")) {
    if (!elements[element.dataset.part]) elements[element.dataset.part] = element;
  }
  return elements;
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

/**
 * The zone of the competition's clocks, which every page bears: a time is the hall's on a device set
 * to another. Undefined, the device's own, where the page bears none or its browser does not know it.
 */
export function clockZone() {
  const timeZone = document.documentElement.dataset.zone || undefined;
  try {
    new Intl.DateTimeFormat("sv", { timeZone });
  } catch {
    return undefined;
  }
  return timeZone;
}

/** 2026-11-23 10:29:31, by the competition's clocks. */
const stamp = (time) => new Date(time).toLocaleString("sv", { timeZone: clockZone() });

/** 2026-11-23 by the competition's clocks. */
export const dayStamp = (time) => stamp(time).slice(0, 10);

/** 10:29 or 10:29:31 by the competition's clocks. */
export const clock = (time, seconds = false) => stamp(time).slice(11, seconds ? 19 : 16);

/** A time in the page's words, day before month in English: 2026年11月23日 10:29, 23 Nov 2026, 10:29. */
export function inWords(time, parts) {
  const { lang } = document.documentElement;
  const order = lang === "en" ? "en-GB" : lang;
  return new Date(time).toLocaleString(order, { ...parts, timeZone: clockZone() });
}
