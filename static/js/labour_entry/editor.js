// Writing in a square. Typing replaces what is there, F2 goes on with it; Enter goes down,
// Tab to the right, Esc leaves it as it was. Where neither leads further typing replaces nothing.

export class Editor {
  #input = null;

  /**
   * commit(text, how): the text is to be written; how: "enter", "back", "tab", "untab", an
   * arrow's "down", "up", "right", "left", "stay", or "all" for each chosen square.
   */
  constructor(grid, commit) {
    this.grid = grid;
    this.commit = commit;
    // Rows far out of sight are taken down: what was typed in one of them is written first.
    grid.holder.addEventListener("scroll", () => {
      if (this.#input && !this.#input.isConnected) this._end(true, "stay");
    });
  }

  get open() {
    return this.#input !== null;
  }

  /** Begin in the active square; with text null what stands in it stays and the caret is at its
      end. By `touch` it is chosen, so that typing replaces it here too, and the next square
      opens as well, since nothing else brings the keypad back. */
  begin(text = null, touch = false) {
    const { grid } = this;
    const { here, place } = grid;
    if (!here?.view.entered || !place || this.#input || grid.model.closed) return false;
    if (text !== null && grid.ended) return false;
    const old = grid.model.entry(here.unit, here.view.code, here.view.kind).text;
    const input = document.createElement("input");
    input.className = "entry-input";
    input.value = text ?? old;
    input.maxLength = 80;
    input.inputMode = "decimal";
    input.enterKeyHint = "next";
    input.autocomplete = "off";
    input.setAttribute("aria-label", here.name);
    place.textContent = "";
    place.append(input);
    this.#input = input;
    this.replacing = text !== null;
    this.touch = touch;
    if (touch) place.scrollIntoView({ block: "nearest", inline: "nearest" });
    input.focus({ preventScroll: true });
    input.setSelectionRange(touch ? 0 : input.value.length, input.value.length);
    input.addEventListener("keydown", (event) => this._key(event));
    input.addEventListener("blur", () => this._end(true, "stay"));
    return true;
  }

  _key(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const all = event.ctrlKey || event.metaKey;
    const moves = {
      Enter: all ? "all" : event.shiftKey ? "back" : "enter", Tab: event.shiftKey ? "untab" : "tab",
    };
    const arrows = { ArrowDown: "down", ArrowUp: "up", ArrowRight: "right", ArrowLeft: "left" };
    const how = moves[event.key] ?? (this.replacing ? arrows[event.key] : undefined);
    if (how) {
      event.preventDefault();
      this._end(true, how);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this._end(false, "stay");
    }
  }

  _end(keep, how) {
    const input = this.#input;
    if (!input) return;
    this.#input = null;
    const text = input.value.trim();
    input.remove();
    this.grid.redress();
    if (document.activeElement === document.body) this.grid.focus();
    const { unit, at } = this.grid.here;
    this.commit(keep ? text : null, how);
    if (["stay", "all"].includes(how)) return;
    const { here } = this.grid;
    // What was just written is not in the model yet: the same square again would empty it.
    if (here.unit === unit && here.at === at) this.grid.ended = true;
    else if (this.touch) this.begin(null, true);
  }
}
