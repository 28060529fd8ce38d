// The grid ends above the foot bar, however much stands over it: a name of two lines, a message
// of what was not written. labour_grid.css says what it is until this has measured.

/** Keep the room over the grid and the foot's height known to the style sheet. */
export function fitGrid(grid, foot) {
  const box = grid.closest(".entry-with-side");
  const fit = () => {
    const above = grid.getBoundingClientRect().top + scrollY;
    box.style.setProperty("--above", `${Math.round(above)}px`);
    box.style.setProperty("--below", `${foot ? foot.offsetHeight : 0}px`);
  };
  const watch = new ResizeObserver(fit);
  watch.observe(document.querySelector("main"));
  if (foot) watch.observe(foot);
  fit();
}
