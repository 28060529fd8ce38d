// What the keys do while a square is chosen and nobody writes in it.

const ARROWS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
const PAGE = 15;

/**
 * acts: {begin(text), empty, undo, redo, fillDown, find, all}. catching: what an input method
 * makes has a field of its own (composing.js).
 */
export function listenForKeys(grid, acts, { catching = false } = {}) {
  grid.host.addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT" || event.isComposing) return;
    if (!["Tab", "Shift"].includes(event.key)) leaving = false;
    if (handled(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  function handled(event) {
    const { key, shiftKey, altKey } = event;
    const command = event.ctrlKey || event.metaKey;
    if (altKey) return false;
    if (command) return ARROWS[key] ? done(grid.jump(...ARROWS[key], shiftKey)) : commanded(key.toLowerCase(), shiftKey);
    if (ARROWS[key]) return done(grid.step(...ARROWS[key], { stretch: shiftKey }));
    if (key === "Enter") return done(grid.enter(shiftKey ? -1 : 1));
    // Out of the grid by keyboard: Esc, then Tab.
    if (key === "Tab" && leaving) return false;
    if (key === "Tab") return done(grid.tab(shiftKey ? -1 : 1));
    if (key === "Escape") return done(letGo());
    if (key === "Home") return done(to(shiftKey, null, first()));
    if (key === "End") return done(to(shiftKey, null, last()));
    if (key === "PageDown") return done(grid.step(PAGE, 0, { stretch: shiftKey }));
    if (key === "PageUp") return done(grid.step(-PAGE, 0, { stretch: shiftKey }));
    if (key === "F2") return done(acts.begin(null));
    if (key === "Delete") return done(acts.empty());
    // As in a spreadsheet: the chosen square alone, and Esc brings back what stood there.
    if (key === "Backspace") return done(acts.begin(""));
    // The letter itself goes into the field, or what an input method makes of it.
    if (key.length === 1 || (key === "Process" && !catching)) acts.begin("");
    return false;
  }

  const first = () => grid.entered[0] ?? 0;
  const last = () => grid.entered.at(-1) ?? 0;

  /** Go there, or stretch what is chosen to there; row null: the row one is in. */
  function to(stretch, row, column) {
    const { chosen } = grid;
    if (stretch) grid.stretch(row ?? chosen.toRow, column, true);
    else grid.choose(row ?? chosen.row, column);
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
    if (key === "home") return done(to(shift, 0, first()));
    if (key === "end") return done(to(shift, grid.rows.length - 1, last()));
    return false;
  }

  const done = () => true;
}
