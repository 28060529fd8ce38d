// The register of certificates: Esc closes what is open, first what was opened last.

const LINK = "[data-part=close]";

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  const fold = document.querySelector(".row-acts details[open]");
  if (fold) {
    fold.open = false;
    fold.querySelector("summary").focus();
  } else document.querySelector(LINK)?.click();
});
