// Entering a paper sheet by keyboard: Enter goes on to the next field, and from the last one saves.
// 1 and 0 answer a yes-or-no question that has the focus.

import { parts } from "../shared/dom.js";

/** The places to type into or choose from, one for each question, in their order. */
function stops(form) {
  const seen = new Set();
  return [...form.querySelectorAll("input:not([type=hidden])")].filter((input) => {
    if (seen.has(input.name)) return false;
    seen.add(input.name);
    return true;
  });
}

function goOn(form, input) {
  const all = stops(form);
  const next = all[all.findIndex((field) => field.name === input.name) + 1];
  if (!next) return form.requestSubmit();
  const chosen = form.querySelector(`input[name="${CSS.escape(next.name)}"]:checked`);
  (chosen ?? next).focus();
  if (next.type === "text") next.select();
}

function answer(form, input, value) {
  const choice = [...form.elements[input.name]].find((radio) => radio.value === value);
  if (!choice) return;
  choice.checked = true;
  goOn(form, input);
}

/** Wire one form. */
export function enterByKeyboard(form) {
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (input.tagName !== "INPUT" || event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      goOn(form, input);
    } else if (input.type === "radio" && /^[01]$/.test(event.key)) {
      event.preventDefault();
      answer(form, input, event.key);
    }
  });
  (form.querySelector(".in-doubt input") ?? form.querySelector("[autofocus]"))?.focus();
}

const { entry } = parts(document);
if (entry) enterByKeyboard(entry);
