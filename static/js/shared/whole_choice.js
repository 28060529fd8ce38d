// A closed list shows the beginning of what is chosen alone: where that is cut off, all of it
// stands below, so that two that begin alike are told apart.

const ARROW = 24;

function cut(select, text) {
  const style = getComputedStyle(select);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - ARROW;
  return pen.measureText(text).width > room;
}

function tell(select) {
  const text = select.selectedOptions[0]?.textContent.trim() ?? "";
  const old = select.parentElement.querySelector(".chosen-whole");
  // Nothing is measured where nothing is drawn, as in a fold that is shut.
  if (!select.clientWidth || !cut(select, text)) {
    old?.remove();
    return;
  }
  const line = old ?? document.createElement("span");
  line.className = "hint chosen-whole";
  // The list itself says it to who listens.
  line.setAttribute("aria-hidden", "true");
  line.textContent = text;
  if (!old) select.after(line);
}

/** Below every list of a form, what is chosen in it, where the list cuts it off. */
export function wholeChoices() {
  const all = () => document.querySelectorAll(".field select:not([multiple])").forEach(tell);
  all();
  addEventListener("resize", all);
  document.addEventListener("toggle", all, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches(".field select:not([multiple])")) tell(event.target);
  });
}
