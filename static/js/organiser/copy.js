// A link that is copied by a button; where the browser forbids it, it is selected instead.

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.querySelector(`[data-part="${button.dataset.copy}"]`);
  const hint = button.parentElement.querySelector('[data-part="copied"]');
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      hint.textContent = hint.dataset.done;
    } catch {
      getSelection().selectAllChildren(text);
      hint.textContent = hint.dataset.select;
    }
  });
}
