// The search over published results: / puts the cursor into it, Esc empties it, and where the
// page shows what was found leads back to everybody. Without script it is a form like any other.

const field = document.getElementById("q");

const isTyping = (target) => target instanceof Element
  && target.matches("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (!field || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "/" && !isTyping(event.target)) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Escape" && event.target === field) {
    event.preventDefault();
    field.value = "";
    if (field.defaultValue) field.form.requestSubmit();
  }
});
