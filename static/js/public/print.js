// The button that prints a public page; without script the browser's own menu does.

const button = document.querySelector('[data-part="print"]');

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
