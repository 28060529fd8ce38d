// J and K go on to the next and back to the previous of the list one came from.

const KEYS = { j: "next", k: "prev" };

/** Let the keys follow the page's links of that relation, where there are any. */
export function neighbours() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const relation = KEYS[event.key.toLowerCase()];
    if (!relation) return;
    document.querySelector(`main a[rel="${relation}"]`)?.click();
  });
}
