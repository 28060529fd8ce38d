// What an input method makes, caught before a square has its field: where the caret is it asks as
// the key goes down, so a field that opens only then has lost the first letter to it.

/** The field that has the keys while nobody writes: begin(text) writes what was composed. */
export function catchComposing(grid, begin) {
  const { host } = grid;
  // An <input> is the sign of a square in which somebody writes.
  const field = document.createElement("textarea");
  field.className = "entry-catch";
  field.rows = 1;
  field.autocomplete = "off";
  field.spellcheck = false;
  field.setAttribute("aria-label", host.getAttribute("aria-label"));
  host.append(field);
  host.tabIndex = -1;
  host.addEventListener("focusin", ({ target }) => {
    if (target === host || target === grid.holder) field.focus({ preventScroll: true });
  });
  grid.keys = field;

  // The list of signs to choose from opens beside it.
  field.addEventListener("compositionstart", () => {
    const { place } = grid;
    if (!place) return;
    const [its, all] = [place.getBoundingClientRect(), host.getBoundingClientRect()];
    Object.assign(field.style, {
      left: `${its.left - all.left}px`, top: `${its.top - all.top}px`,
      width: `${its.width}px`, height: `${its.height}px`,
    });
    field.dataset.composing = "true";
  });
  field.addEventListener("compositionend", take);
  field.addEventListener("input", (event) => { if (!event.isComposing) take(); });

  function take() {
    field.dataset.composing = "false";
    const text = field.value.trim();
    field.value = "";
    if (text) begin(text);
  }
}
