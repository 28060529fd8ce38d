// Menus made of <details>: Escape and a click elsewhere close them, and what opens stays in sight.

const MARGIN = 16;
const FLOATING = "details:is(.menu, .floats)[open]";

/** Move what hangs from the right edge of its button to the right, where the left would cut it. */
function keepInSight(menu) {
  menu.style.setProperty("--moved", "0px");
  const cut = MARGIN - menu.lastElementChild.getBoundingClientRect().left;
  if (cut > 0) menu.style.setProperty("--moved", `${Math.ceil(cut)}px`);
}

/** Wire the menus of the page. */
export function menus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  // A toggle does not bubble.
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (target.matches(FLOATING)) keepInSight(target);
    },
    true,
  );
  addEventListener("resize", () => document.querySelectorAll(FLOATING).forEach(keepInSight));
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
