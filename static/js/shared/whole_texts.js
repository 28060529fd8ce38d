// A field that takes no more cuts what was pasted without a word. Here it takes all of it and says
// below what is too much (the page's template `too-long`), and the form waits until it is shortened.

import { signsIn } from "./signs.js";

// Below that it is codes, numbers and PINs, of which nobody pastes too much.
const LEAST = 30;
const lines = new WeakMap();

function line(field) {
  const made = document.getElementById("too-long").content.firstElementChild.cloneNode(true);
  const words = made.querySelector("span");
  made.id = `${field.id || field.name}-too-long`;
  field.after(made);
  lines.set(field, { made, words, sentence: words.textContent, stood: field.getAttribute("aria-invalid"), described: field.getAttribute("aria-describedby") });
  return lines.get(field);
}

function put(field, name, value) {
  if (value === null) field.removeAttribute(name);
  else field.setAttribute(name, value);
}

/** Whether a field holds more than it may; it then says so. */
function tell(field) {
  const n = signsIn(field);
  const { most } = field.dataset;
  const over = n > Number(most);
  if (!over && !lines.has(field)) return false;
  const { made, words, sentence, stood, described } = lines.get(field) ?? line(field);
  made.hidden = !over;
  if (over) words.textContent = sentence.replace("{most}", most).replace("{n}", n);
  put(field, "aria-invalid", over ? "true" : stood);
  put(field, "aria-describedby", over ? [described, made.id].filter(Boolean).join(" ") : described);
  return over;
}

/** On a page with forms: nothing that is typed or pasted is cut. */
export function wholeTexts() {
  if (!document.getElementById("too-long")) return;
  for (const field of document.querySelectorAll("input[maxlength], textarea[maxlength]")) {
    if (field.maxLength < LEAST || field.type === "password") continue;
    field.dataset.most = field.maxLength;
    field.removeAttribute("maxlength");
    tell(field);
  }
  document.addEventListener("input", ({ target }) => {
    if (target.dataset?.most) tell(target);
  });
  // Before anything else takes the form for sent.
  document.addEventListener("submit", (event) => {
    const [first] = [...event.target.elements].filter((field) => field.dataset.most && tell(field));
    if (!first) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    for (let fold = first.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    first.focus();
  }, true);
}
