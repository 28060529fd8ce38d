// How an arbiter decides: the act is named for what it does. Without a reason the browser says so.

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
  act.textContent = way ? form.dataset.ruling.replace("{what}", effect(way)) : plain;
}

if (act) {
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}
