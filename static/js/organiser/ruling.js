// How an arbiter decides: the act is named for what it does, and looks blocked until there is a
// reason; pressed nevertheless, the browser leads to what is lacking.

import { block, show as reveal } from "../shared/dom.js";

const form = document.querySelector("form[data-ruling]");
const act = form?.querySelector("button:not([type=button])");
const plain = act?.textContent.trim();

function effect(way) {
  const value = form.elements.value?.value.trim();
  if (way.value === "changed" && value) return form.dataset.changed.replace("{value}", value);
  return way.closest("label").textContent.trim();
}

function show() {
  const way = form.querySelector("input[name=outcome]:checked");
  const lacks = !way || !form.elements.reason.value.trim();
  block(act, lacks);
  reveal(form.querySelector("[data-part=lacks]"), lacks);
  act.textContent = way ? form.dataset.ruling.replace("{what}", effect(way)) : plain;
}

if (act) {
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}
