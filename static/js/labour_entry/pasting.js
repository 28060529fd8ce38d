// The last paste: how much was written, what was not and why.

import { press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

export class Pasting {
  #last = null;
  /** Which of the squares that were not taken is mended next. */
  #next = 0;

  /** part: the page's elements by name; may(): whether anything is pasted now; send(body): asks the server. */
  constructor(part, grid, writing, may, send) {
    Object.assign(this, { part, grid, writing, may, send, model: grid.model });
    press(part.mend, () => {
      const wrong = this._wrong();
      const { unit, view } = wrong[this.#next++ % wrong.length];
      grid.goTo(unit, view);
    });
    // The same step and the same history as Ctrl+Z: whichever is pressed first.
    press(part.back, () => writing.undo(this.#last?.step ?? null));
    writing.addEventListener("written", () => this._follow());
  }

  /** The paste was taken back, or something else was written since. */
  _follow() {
    const step = this.#last?.step;
    if (!step || this.writing.has(step)) return this.draw();
    this.#last = null;
    show(this.part.paste, false);
  }

  /** Paste what is on the clipboard from the active square on. */
  async paste(clipboard) {
    if (!this.may()) return;
    if (this.model.signed) {
      this._refuse(_("签核以后一格一格更正，不能整片贴"));
      return;
    }
    const pasted = await this.writing.paste(clipboard, this.send);
    if (pasted?.refused) {
      this._refuse(pasted.refused);
      return;
    }
    this.#last = pasted;
    this.#next = 0;
    show(this.part.paste, false);
    this.draw();
  }

  _refuse(words) {
    const { part } = this;
    this.#last = null;
    write(part.pastewords, words);
    part.paste.dataset.bad = "true";
    show(part.paste, true);
    show(part.mend, false);
    show(part.back, false);
  }

  _wrong() {
    return this.#last.squares
      .map(({ unit, at: view }) => {
        const { code, kind } = this.grid.views[view];
        return { unit, view, entry: this.model.entry(unit, code, kind) };
      })
      .filter(({ entry }) => entry.why);
  }

  /** Say what became of it. */
  draw() {
    const { part, model } = this;
    const last = this.#last;
    if (!last) return;
    show(part.paste, true);
    const wrong = this._wrong();
    const not = wrong.length + last.strays.length;
    const why = wrong.slice(0, 4).map(({ unit, view, entry }) => _("%(unit)s %(column)s %(why)s", {
      unit: model.rowsBy.get(unit).name,
      column: model.columnsBy.get(this.grid.views[view].code).name, why: entry.why,
    }));
    if (last.strays.length) why.push(_("没有地方放的：%(texts)s", { texts: last.strays.slice(0, 5).join(_("、")) }));
    write(part.pastewords, _("刚贴进 %(rows)s 行 × %(columns)s 列，%(n)s 格写入，%(not)s 格没写入。%(why)s", {
      rows: last.rows, columns: last.columns, n: last.squares.length - wrong.length, not,
      why: why.join(_("；")),
    }));
    part.paste.dataset.bad = String(not > 0);
    show(part.mend, wrong.length > 0);
    show(part.back, last.step !== null && last.step === this.writing.last);
    write(part.mend, _("改这 %(n)s 格", { n: wrong.length }));
  }
}
