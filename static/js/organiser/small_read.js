// Lines of a small contest before it starts: it opens once every doubtful row is answered.

const form = document.getElementById("read");
const start = document.querySelector(".foot-bar .primary, .foot-bar button[form=read]");
const left = document.querySelector('[data-part="left"]');

const changed = (row) => [...row.querySelectorAll("input.input, select")].some((field) => (
  field.tagName === "SELECT" ? !field.selectedOptions[0].defaultSelected : field.value !== field.defaultValue));

/** Whether a row is answered: agreed to, or another thing was written. */
function answered(row) {
  const most = row.querySelector('[name$="-max"]');
  if (most && !most.value.trim()) return false;
  const agreed = row.querySelector('[name$="-ok"]');
  return agreed?.type === "checkbox" ? agreed.checked || changed(row) : changed(row);
}

const open = () => [...form.querySelectorAll("tr[data-asked]")].filter((row) => !answered(row));

function count() {
  const rows = open();
  for (const row of form.querySelectorAll("tr[data-asked]")) {
    const agreed = row.querySelector('[type=checkbox][name$="-ok"]');
    if (agreed) agreed.required = !changed(row);
  }
  left.textContent = rows.length ? left.dataset.words.replace("#", rows.length) : "";
  start.disabled = rows.length > 0;
}

form.addEventListener("input", (event) => {
  const how = event.target.closest('select[name$="-how"]');
  if (how) how.nextElementSibling.hidden = how.value !== "each";
  count();
});

form.addEventListener("click", (event) => {
  const offer = event.target.closest("[data-offer]");
  if (!offer) return;
  offer.closest("tr").querySelector('[name$="-max"]').value = offer.dataset.offer;
  count();
});

// Enter agrees to the row that it is pressed in, then goes to the next one that is open.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.closest("button")) return;
  event.preventDefault();
  const agreed = event.target.closest("tr")?.querySelector('[type=checkbox][name$="-ok"]');
  if (agreed) agreed.checked = true;
  count();
  const next = open()[0];
  if (next) next.querySelector(".input").focus();
  else start.focus();
});

count();
open()[0]?.querySelector(".input").focus();
