// Menus and drawers made of <details>: Escape closes them, a click elsewhere a menu, another drawer
// a drawer; what opens stays in sight, and what is closed gives the focus back.

const MARGIN = 16;
const FLOATING = "details:is(.menu, .floats)[open]";
const DRAWER = "details.drawer[open]";

/** Move what hangs from the right edge of its button to the right, where the left would cut it. */
function keepInSight(menu) {
  menu.style.setProperty("--moved", "0px");
  const cut = MARGIN - menu.lastElementChild.getBoundingClientRect().left;
  if (cut > 0) menu.style.setProperty("--moved", `${Math.ceil(cut)}px`);
}

/** A drawer has the right side for itself, and the keyboard begins in it. */
function alone(drawer) {
  for (const other of document.querySelectorAll(DRAWER)) if (other !== drawer) other.open = false;
  drawer.querySelector("form :is(input, select, textarea, button):not([type=hidden])")?.focus();
}

/** Close what is open and go back to what opened it. */
function close(details) {
  details.open = false;
  details.querySelector("summary").focus();
}

/** Wire the menus and drawers of the page. */
export function menus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  // A toggle does not bubble.
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (target.matches(FLOATING)) keepInSight(target);
      if (target.matches(DRAWER)) alone(target);
    },
    true,
  );
  addEventListener("resize", () => document.querySelectorAll(FLOATING).forEach(keepInSight));
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
    const closing = event.target.closest("[data-close]");
    if (closing) close(closing.closest("details"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const details of [...document.querySelectorAll(DRAWER), ...open()]) close(details);
  });
}
