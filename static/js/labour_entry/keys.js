// What the keys do while a square is chosen and nobody writes in it.

const ARROWS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
const PAGE = 15;

/** acts: {begin(text), empty, undo, redo, fillDown, find, all}. */
export function listenForKeys(grid, acts) {
  grid.host.addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT" || event.isComposing) return;
    if (handled(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  function handled(event) {
    const { key, shiftKey, altKey } = event;
    const command = event.ctrlKey || event.metaKey;
    if (altKey) return false;
    if (command) return commanded(key.toLowerCase(), shiftKey);
    if (ARROWS[key]) return done(grid.step(...ARROWS[key], { stretch: shiftKey }));
    if (key === "Enter") return done(grid.step(shiftKey ? -1 : 1, 0));
    // Out of the grid by keyboard: Esc, then Tab.
    if (key === "Tab" && leaving) return false;
    if (key === "Tab") return done(grid.step(0, shiftKey ? -1 : 1, { wrap: true }));
    if (key === "Escape") return done(letGo());
    if (key === "Home") return done(grid.choose(grid.chosen.row, grid.entered[0] ?? 0));
    if (key === "End") return done(grid.choose(grid.chosen.row, grid.entered.at(-1) ?? 0));
    if (key === "PageDown") return done(grid.step(PAGE, 0, { stretch: shiftKey }));
    if (key === "PageUp") return done(grid.step(-PAGE, 0, { stretch: shiftKey }));
    if (key === "F2") return done(acts.begin(null));
    if (key === "Delete" || key === "Backspace") return done(acts.empty());
    // The letter itself, or what an input method makes of it, goes into the field.
    if (key.length === 1 || key === "Process") acts.begin("");
    return false;
  }

  let leaving = false;
  grid.host.addEventListener("focusin", () => { leaving = false; });
  function letGo() {
    leaving = true;
    grid.mark([]);
  }

  function commanded(key, shift) {
    if (key === "z") return done(shift ? acts.redo() : acts.undo());
    if (key === "y") return done(acts.redo());
    if (key === "d") return done(acts.fillDown());
    if (key === "g") return done(acts.find());
    if (key === "a") return done(acts.all());
    if (key === "home") return done(grid.choose(0, grid.entered[0] ?? 0));
    if (key === "end") return done(grid.choose(grid.rows.length - 1, grid.entered.at(-1) ?? 0));
    return false;
  }

  const done = () => true;
}
