// A bar of what a stage's total is made of: a piece for each part and lone module, as wide as it
// weighs; what is still missing to 100 is dashed.

const SMALLEST = 0.05;
const bars = () => document.querySelectorAll("[data-shares]");
const number = (text) => Number(String(text ?? "").normalize("NFKC").trim()) || 0;
const beside = (input, name) => document.getElementById(input.id.replace(/weight$/, name))?.value.trim() ?? "";

/** Whether a row counts: not within a part that counts for it, nor where it or what it is in is ticked to go. */
export function counts(input) {
  if (input.dataset.unless && document.getElementById(input.dataset.unless)?.value) return false;
  const path = input.name.split(".");
  return !path.some((_part, n) => input.form?.elements[`${path.slice(0, n).join(".")}.gone`]?.checked);
}

function piece(words, weight, kind = "") {
  const it = document.createElement("span");
  it.textContent = words;
  it.title = words;
  it.className = kind;
  it.style.flex = `${weight} 1 0`;
  return it;
}

function show(bar) {
  const inputs = [...document.querySelectorAll(`[data-adds="${CSS.escape(bar.dataset.shares)}"]`)];
  const counted = inputs.filter((input) => counts(input) && number(input.value) > 0);
  const pieces = counted.map((input) => piece(`${beside(input, "name")} ${input.value.trim()}%`, number(input.value)));
  const missing = 100 - counted.reduce((sum, input) => sum + number(input.value), 0);
  if (pieces.length && missing > SMALLEST) pieces.push(piece("?", missing, "is-missing"));
  bar.replaceChildren(...pieces);
  bar.hidden = !pieces.length;
}

/** Draw every stage's bar by what its fields say now. */
export function showShares() {
  bars().forEach(show);
}
