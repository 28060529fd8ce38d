// The grid itself: Tabulator draws rows and heads and scrolls; what is chosen, how the keys go
// and how a square looks is here.

import { Selection } from "./selection.js";
import { columnsOf, viewsOf } from "./views.js";
import { _ } from "../shared/words.js";

/** So few rows, a unit's own above all, need no tall grid: what belongs to a square stands beside it. */
const FEW = 3;

/** Rows that are drawn above and below those in sight: what is drawn is what each picture costs. */
const BEYOND = 5;

/** How a square looks before anything is said of it. */
const PLAIN = { text: "", state: "", wants: false, noted: false, pasted: false, within: false, here: false };

/** Set one side of how a square looks, where it is another than before. */
function look(square, side, wanted) {
  if (square[side] === wanted) return;
  square[side] = wanted;
  square.place.dataset[side] = String(wanted);
}

export class Grid extends EventTarget {
  /** Of each unit its squares that were drawn, by their column: {place, text, …}. */
  #squares = new Map();
  #totals = new Map();
  /** Squares to be drawn anew with the next picture of the screen. */
  #stale = new Map();
  /** Where Tab began: Enter goes on below it. */
  #from = null;
  /** Written to the end: what is typed on does not replace what was written last. */
  ended = false;

  constructor(host, model) {
    super();
    this.host = host;
    this.model = model;
    this.views = viewsOf(model);
    this.entered = this.views.flatMap((view, at) => (view.entered ? [at] : []));
    this.ofColumn = new Map(model.columns.map(({ code }) => [
      code, this.views.flatMap((view, at) => (view.code === code ? [at] : [])),
    ]));
    this.fields = new Map(this.views.map((view, at) => [view.field, at]));
    this.rows = model.rows;
    this._count();
    this.chosen = new Selection();
    this.chosen.set(0, this.entered[0] ?? 0);
    /** The squares of the last paste, until the next act. */
    this.pasted = new Set();
    /** What has the keys while nobody writes in a square. */
    this.keys = host;
  }

  async open(library) {
    const { Tabulator, FormatModule, FrozenColumnsModule } = library;
    Tabulator.registerModule([FormatModule, FrozenColumnsModule]);
    this.host.classList.toggle("entry-few", this.model.rows.length <= FEW);
    const rowHeight = matchMedia("(hover: none)").matches ? 40 : 29;
    this.table = new Tabulator(this.host, {
      data: this._data(),
      index: "code",
      rowHeight,
      renderVerticalBuffer: BEYOND * rowHeight,
      layout: "fitColumns",
      columns: columnsOf(this.model, this.views, (cell) => this._format(cell)),
    });
    await new Promise((resolve) => { this.table.on("tableBuilt", resolve); });
    this.holder = this.host.querySelector(".tabulator-tableholder");
    this._keepWidth();
    // The keys are the grid's, whatever of it scrolls.
    this.holder.tabIndex = -1;
    this.host.addEventListener("mousedown", (event) => this._pressed(event));
    this.host.addEventListener("mouseover", (event) => this._explain(event));
    this.model.addEventListener("change", ({ detail }) => this._changed(detail));
    return this;
  }

  /** A tablet that is turned has another width: columns of the old one would lie under the sums. */
  _keepWidth() {
    let width = this.host.clientWidth;
    new ResizeObserver(() => {
      if (this.host.clientWidth === width) return;
      width = this.host.clientWidth;
      this.table.redraw();
    }).observe(this.host);
  }

  focus() {
    this.keys.focus({ preventScroll: true });
  }

  _count() {
    this.placeOf = new Map(this.rows.map((row, at) => [row.code, at]));
  }

  _data() {
    return this.rows.map((row, at) => ({ code: row.code, number: at + 1, name: row.name }));
  }

  /** Show these rows alone; the chosen square stays where its unit does. */
  async show(rows) {
    const unit = this.rows[this.chosen.row]?.code;
    this.rows = rows;
    this._count();
    this.#squares.clear();
    this.#totals.clear();
    await this.table.setData(this._data());
    this.choose(this.placeOf.get(unit) ?? 0, this.chosen.column);
  }

  /** The library takes a string for markup: what people wrote goes in as text. */
  _format(cell) {
    const field = cell.getField();
    const unit = cell.getData().code;
    const place = cell.getElement();
    if (field === "total") {
      this.#totals.set(unit, place);
      return document.createTextNode(this._total(unit));
    }
    if (field === "name") return this._name(unit, place);
    const at = this.fields.get(field);
    place.dataset.unit = unit;
    place.dataset.view = at;
    if (!this.#squares.has(unit)) this.#squares.set(unit, []);
    const squares = this.#squares.get(unit);
    if (squares[at]?.place !== place) squares[at] = { ...PLAIN, place };
    const square = squares[at];
    this._dress(square, unit, at);
    return document.createTextNode(square.text);
  }

  _total(unit) {
    return this.model.totals[unit] ?? "—";
  }

  _name(unit, place) {
    const row = this.model.rowsBy.get(unit);
    place.title = row.name;
    if (row.joined) place.dataset.note = _("%(period)s进场", { period: row.joined });
    return document.createTextNode(row.name);
  }

  /** Set how a square looks and note what it says. */
  _dress(square, unit, at) {
    const { model } = this;
    const view = this.views[at];
    const entry = model.entry(unit, view.code, view.kind, view.side);
    const away = model.rowsBy.get(unit)?.joined;
    const value = view.entered && view.kind === "value";
    const cell = value ? model.cell(unit, view.code) : null;
    let state = "";
    if (view.entered) state = entry.why ? "refused" : entry.text ? (entry.waits ? "waits" : "") : away ? "" : "empty";
    look(square, "state", state);
    look(square, "wants", Boolean(cell?.wants));
    look(square, "noted", value && Boolean(cell?.corrected || model.notes[unit]?.[view.code] || model.reason(unit, view.code)));
    look(square, "pasted", this.pasted.has(`${unit}|${at}`));
    this._choice(square, this.placeOf.get(unit) ?? -1, at);
    if (entry.text) square.text = entry.text;
    else if (view.entered) square.text = away ? "" : view.kind === "target" ? _("没写") : _("缺");
    else square.text = view.side === "own" && !away ? _("没交") : "";
  }

  _choice(square, row, at) {
    look(square, "within", this.chosen.has(row, at));
    look(square, "here", this.chosen.row === row && this.chosen.column === at);
  }

  _redress(unit, at) {
    const square = this.#squares.get(unit)?.[at];
    if (!square || square.place.firstElementChild) return;
    const { text } = square;
    this._dress(square, unit, at);
    if (square.text !== text || square.place.textContent !== square.text) square.place.textContent = square.text;
  }

  /** Once for each picture of the screen, however many acts and answers come before it. */
  _changed(squares) {
    const planned = this.#stale.size > 0;
    for (const [unit, code] of squares) {
      if (!this.#stale.has(unit)) this.#stale.set(unit, new Set());
      this.#stale.get(unit).add(code);
    }
    if (!planned && squares.length) requestAnimationFrame(() => this._freshen());
  }

  _freshen() {
    for (const [unit, codes] of this.#stale) {
      for (const code of codes) for (const at of this.ofColumn.get(code) ?? []) this._redress(unit, at);
      const place = this.#totals.get(unit);
      const text = this._total(unit);
      if (place && place.textContent !== text) place.textContent = text;
    }
    this.#stale.clear();
  }

  /** What a square asks or why it was not taken, for who rests on it. */
  _explain({ target }) {
    const place = target.closest?.("[data-view]");
    if (!place) return;
    const { code, kind, side } = this.views[place.dataset.view];
    const { why } = this.model.entry(place.dataset.unit, code, kind, side);
    const title = why || this.model.columnsBy.get(code).explained || "";
    if (place.title !== title) place.title = title;
  }

  _pressed(event) {
    const place = event.target.closest?.("[data-view]");
    if (!place || event.target.tagName === "INPUT" || event.button !== 0) return;
    event.preventDefault();
    this.focus();
    const row = this.placeOf.get(place.dataset.unit);
    const column = Number(place.dataset.view);
    this._scrollBy(place);
    if (event.shiftKey) this.stretch(row, column);
    else this.choose(row, column, false);
    const drag = (moved) => {
      const over = moved.target.closest?.("[data-view]");
      if (over) this.stretch(this.placeOf.get(over.dataset.unit), Number(over.dataset.view));
    };
    const done = () => {
      this.host.removeEventListener("mousemove", drag);
      removeEventListener("mouseup", done);
    };
    this.host.addEventListener("mousemove", drag);
    addEventListener("mouseup", done);
  }

  choose(row, column, scroll = true) {
    this.#from = null;
    this._move(scroll, () => this.chosen.set(this._rowIn(row), this._columnIn(column)));
  }

  stretch(row, column, scroll = false) {
    const [to, at] = [this._rowIn(row), this._columnIn(column)];
    if (to === this.chosen.toRow && at === this.chosen.toColumn) return;
    this._move(scroll, () => this.chosen.stretch(to, at));
  }

  _rowIn(row) {
    return Math.max(0, Math.min(this.rows.length - 1, row));
  }

  _columnIn(column) {
    return Math.max(0, Math.min(this.views.length - 1, column));
  }

  /** Only what was chosen and what is now look otherwise: 130 × 40 squares are too many to ask. */
  _move(scroll, set) {
    this.ended = false;
    const left = [...this.chosen.squares()];
    set();
    // Where things stand is asked before anything is written: else all is laid out twice.
    if (scroll && this.rows.length) this._scroll();
    for (const [row, at] of [...left, ...this.chosen.squares()]) {
      const square = this.#squares.get(this.rows[row]?.code)?.[at];
      if (square) this._choice(square, row, at);
    }
    this.dispatchEvent(new Event("chosen"));
  }

  _scroll() {
    const { toRow, toColumn } = this.chosen;
    const { code } = this.rows[toRow];
    const place = this.#squares.get(code)?.[toColumn]?.place;
    // The library draws every row in view anew to scroll by one: only for a far one.
    if (place?.isConnected) this._scrollBy(place);
    else {
      this.table.scrollToRow(code, "nearest", false).catch(() => {});
      this.table.scrollToColumn(this.views[toColumn].field, "middle", false).catch(() => {});
    }
  }

  _scrollBy(place) {
    const { holder } = this;
    const { top, left } = holder.getBoundingClientRect();
    const its = place.getBoundingClientRect();
    const over = its.bottom - top - holder.clientHeight;
    if (its.top < top) holder.scrollTop -= top - its.top;
    else if (over > 0) holder.scrollTop += over;
    // Names and sums lie over what scrolls: between them the square is wholly in sight.
    const [from, to] = this._between(place, left);
    if (its.left < from) holder.scrollLeft -= from - its.left;
    else if (its.right > to) holder.scrollLeft += its.right - to;
  }

  _between(place, left) {
    let [from, to] = [left, left + this.holder.clientWidth];
    for (const cell of place.parentElement.getElementsByClassName("tabulator-frozen")) {
      const its = cell.getBoundingClientRect();
      if (cell.classList.contains("tabulator-frozen-right")) to = Math.min(to, its.left);
      else from = Math.max(from, its.right);
    }
    return [from, to];
  }

  /** Go to a unit's square: its first that is entered, or the given one. */
  goTo(unit, column = this.entered[0] ?? 0) {
    const row = this.placeOf.get(unit) ?? -1;
    if (row >= 0) this.choose(row, column);
    this.focus();
    return row >= 0;
  }

  /** One further in a direction. */
  step(down, right, { stretch = false } = {}) {
    const { toRow, toColumn, row, column } = this.chosen;
    if (stretch) this.stretch(toRow + down, toColumn + right, true);
    else this.choose(row + down, column + right);
  }

  /** As Tab goes: the next entered square of the row, over its end to the next row; no further
      than the last row. */
  tab(right) {
    const { row, column } = this.chosen;
    const from = this.#from ?? column;
    const at = this.entered.findIndex((index) => (right > 0 ? index > column : index >= column));
    const before = at < 0 ? this.entered.length : at;
    const place = right > 0 ? before : before - 1;
    if (place >= this.entered.length) return this._go(row + 1, this.entered[0]);
    if (place < 0) return this._go(row - 1, this.entered.at(-1));
    this.choose(row, this.entered[place]);
    this.#from = from;
    return undefined;
  }

  /** As Enter goes: below the square in which Tab began, from the last row to the top of the
      next column that is entered. */
  enter(down) {
    const { row, column } = this.chosen;
    const next = this.entered.find((index) => index > column);
    if (row + down < this.rows.length) this._go(row + down, this.#from ?? column);
    else if (next !== undefined) this.choose(0, next);
  }

  _go(row, column) {
    if (this._rowIn(row) === row) this.choose(row, column);
  }

  /** As Ctrl and an arrow go: to the end of what is filled, or over what is empty to it. */
  jump(down, right, stretch) {
    const { chosen } = this;
    if (!this.rows.length) return;
    let [row, at] = stretch ? [chosen.toRow, chosen.toColumn] : [chosen.row, chosen.column];
    const inside = () => row + down >= 0 && row + down < this.rows.length
      && at + right >= 0 && at + right < this.views.length;
    const on = () => {
      row += down;
      at += right;
    };
    const filled = this._filled(row, at);
    if (inside()) on();
    const full = filled && this._filled(row, at);
    if (full) while (inside() && this._filled(row + down, at + right)) on();
    else while (inside() && !this._filled(row, at)) on();
    if (stretch) this.stretch(row, at, true);
    else this.choose(row, at);
  }

  _filled(row, at) {
    const { code, kind, side } = this.views[at];
    return Boolean(this.model.entry(this.rows[row].code, code, kind, side).text);
  }

  /** The view and unit of the active square. */
  get here() {
    const row = this.rows[this.chosen.row];
    const view = this.views[this.chosen.column];
    return row ? { unit: row.code, name: row.name, view, at: this.chosen.column } : null;
  }

  /** Where the active square is drawn, or null where it is scrolled away. */
  get place() {
    const { here } = this;
    return (here && this.#squares.get(here.unit)?.[here.at]?.place) ?? null;
  }

  /** Keep an edge around what was pasted; none for an empty list. */
  mark(squares) {
    const before = this.pasted;
    this.pasted = new Set(squares.map(({ unit, at }) => `${unit}|${at}`));
    for (const id of new Set([...before, ...this.pasted])) {
      const end = id.lastIndexOf("|");
      const square = this.#squares.get(id.slice(0, end))?.[id.slice(end + 1)];
      if (square) look(square, "pasted", this.pasted.has(id));
    }
  }

  redress() {
    const { here } = this;
    if (here) this._redress(here.unit, here.at);
  }
}
