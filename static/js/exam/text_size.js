// Letters in three sizes, for the whole page; the choice stays with the device.

const KEY = "exam-size";

export function textSizes() {
  const buttons = [...document.querySelectorAll("[data-size]")].filter((element) => element.tagName === "BUTTON");
  const set = (size) => {
    document.documentElement.dataset.size = size;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.size === size));
  };
  let kept = "1";
  try {
    kept = localStorage.getItem(KEY) ?? "1";
  } catch { /* then it begins small */ }
  set(kept);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      set(button.dataset.size);
      try {
        localStorage.setItem(KEY, button.dataset.size);
      } catch { /* for this page then */ }
    });
  }
}
