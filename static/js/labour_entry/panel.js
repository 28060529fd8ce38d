// The chosen square at the right: what stands in it, why points were taken, its history.

import { clone, parts, show, write } from "../shared/dom.js";
import { isTooLong } from "../shared/text_limits.js";
import { _ } from "../shared/words.js";

const LATER = 250;

export class Panel {
  #shown = null;
  #timer = null;

  /** part: the elements of the page by name. */
  constructor(part, grid, { line, notes, url, note, confirm }) {
    Object.assign(this, { part, grid, line, notes, url, model: grid.model });
    part.why.addEventListener("change", () => {
      if (this.#shown && !isTooLong(part.why, part.whyproblem)) note(this.#shown.unit, this.#shown.code, part.why.value.trim());
    });
    part.sure.addEventListener("click", () => confirm());
  }

  draw() {
    const { here } = this.grid;
    if (!here) return;
    const { unit, name, view } = here;
    const { model, part } = this;
    const column = model.columnsBy.get(view.code);
    const entry = model.entry(unit, view.code, view.kind, view.side);
    write(part.title, `${name}　${column.name}`);
    write(part.value, entry.text || (view.entered ? _("缺") : "—"));
    write(part.full, view.kind === "target" ? _("目标") : column.most === null ? "" : `/ ${column.full}`);
    write(part.beside, this._beside(unit, view.code));
    write(part.how, this._how(unit, view, column, entry));
    part.value.dataset.bad = String(Boolean(entry.why));
    write(part.problem, entry.why);
    show(part.problem, Boolean(entry.why));
    show(part.sure, entry.ask && !model.closed);
    const cell = model.cell(unit, view.code);
    const noting = model.mine === "department" && Boolean(cell || model.waits(unit, view.code, "value"));
    show(part.whybox, noting);
    part.why.readOnly = Boolean(model.closed);
    part.whybox.dataset.wanted = String(Boolean(cell?.wants) && !model.reason(unit, view.code));
    const square = `${unit}|${view.code}`;
    // What was too long was not kept: it stays to be shortened as long as its square is chosen.
    const other = this.#shown?.square !== square;
    if (other || (document.activeElement !== part.why && part.whyproblem.hidden)) {
      part.why.value = model.reason(unit, view.code);
      isTooLong(part.why, part.whyproblem);
    }
    if (this.#shown?.square !== square) this._forget();
    this.notes.move(unit, view.code);
    const noted = model.notes[unit]?.[view.code] ?? 0;
    const known = this.#shown?.square === square && this.#shown.at === cell?.at && this.#shown.noted === noted;
    if (!known) this._history(unit, view.code);
    this.#shown = { square, unit, code: view.code, at: cell?.at, noted };
  }

  /** What is to be written here, and what stands here comes to. */
  _how(unit, view, column, entry) {
    const points = entry.waits || entry.why || view.side === "own" ? null : this.model.points?.[unit]?.[view.code];
    return points ? _("%(how)s；这里得 %(points)s 分", { how: column.explained, points }) : column.explained ?? "";
  }

  _beside(unit, code) {
    const { model } = this;
    const other = model.mine === "self" ? "cells" : "own";
    const value = model.cell(unit, code, other)?.v;
    const before = model.before[unit]?.[code];
    const words = [];
    if (value) words.push(other === "own" ? _("自评 %(n)s", { n: value }) : _("考评 %(n)s", { n: value }));
    if (before) words.push(_("上期 %(n)s", { n: before }));
    return words.join(_("，"));
  }

  /** Another square's lines must not stand under this one while its own are on their way. */
  _forget() {
    this.part.history.replaceChildren();
    write(this.part.changes, "");
  }

  _history(unit, code) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const asked = new URLSearchParams({ unit, indicator: code });
      const { status, data } = await this.line.call(`${this.url}?${asked}`);
      if (status !== 200 || this.#shown?.square !== `${unit}|${code}`) return;
      const { lines, changes, notes } = data;
      this.part.history.replaceChildren(...lines.map((line) => this._line(line)));
      write(this.part.changes, this._times(changes, lines));
      this.notes.draw(notes);
    }, LATER);
  }

  _times(n, lines) {
    if (n) return _("这一格改过 %(n)s 次", { n });
    return lines.length ? _("这一格填了以后没改过") : _("这一格还没填过");
  }

  _line({ text, reason, by, when, own }) {
    const root = clone("t-change");
    const part = parts(root);
    write(part.when, when);
    write(part.said, own ? _("自评 %(n)s", { n: text }) : text);
    write(part.by, [by, reason].filter(Boolean).join(_("，")));
    return root;
  }
}
