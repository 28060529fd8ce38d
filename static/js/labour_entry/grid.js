// The grid itself: Tabulator draws rows and heads and scrolls; what is chosen, how the keys go
// and how a square looks is here.

import { Selection } from "./selection.js";
import { columnsOf, viewsOf } from "./views.js";
import { _ } from "../shared/words.js";

/** So few rows, a unit's own above all, need no tall grid: what belongs to a square stands beside it. */
const FEW = 3;

export class Grid extends EventTarget {
  #squares = new Map();
  #lines = new Map();

  constructor(host, model) {
    super();
    this.host = host;
    this.model = model;
    this.views = viewsOf(model);
    this.entered = this.views.flatMap((view, at) => (view.entered ? [at] : []));
    this.rows = model.rows;
    this.#count();
    this.chosen = new Selection();
    this.chosen.set(0, this.entered[0] ?? 0);
    /** The squares of the last paste, until the next act. */
    this.pasted = new Set();
  }

  async open(library) {
    const { Tabulator, FormatModule, FrozenColumnsModule } = library;
    Tabulator.registerModule([FormatModule, FrozenColumnsModule]);
    this.host.classList.toggle("entry-few", this.model.rows.length <= FEW);
    this.table = new Tabulator(this.host, {
      data: this.#data(),
      index: "code",
      rowHeight: matchMedia("(hover: none)").matches ? 40 : 29,
      layout: "fitColumns",
      columns: columnsOf(this.model, this.views, (cell) => this.#format(cell)),
    });
    await new Promise((resolve) => { this.table.on("tableBuilt", resolve); });
    this.host.addEventListener("mousedown", (event) => this.#pressed(event));
    this.model.addEventListener("change", ({ detail }) => this.#changed(detail));
    this.#dressAll();
    return this;
  }

  #count() {
    this.placeOf = new Map(this.rows.map((row, at) => [row.code, at]));
  }

  #data() {
    return this.rows.map((row, at) => ({ code: row.code, number: at + 1, name: row.name }));
  }

  /** Show these rows alone; the chosen square stays where its unit does. */
  async show(rows) {
    const unit = this.rows[this.chosen.row]?.code;
    this.rows = rows;
    this.#count();
    this.#squares.clear();
    this.#lines.clear();
    await this.table.setData(this.#data());
    const row = rows.findIndex((each) => each.code === unit);
    this.choose(Math.max(row, 0), this.chosen.column);
  }

  #format(cell) {
    const field = cell.getField();
    const unit = cell.getData().code;
    const place = cell.getElement();
    if (field === "name" || field === "total") {
      this.#lines.set(`${unit}|${field}`, place);
      return this.#lineText(unit, field, place);
    }
    const at = this.views.findIndex((view) => view.field === field);
    place.dataset.unit = unit;
    place.dataset.view = at;
    this.#squares.set(`${unit}|${at}`, place);
    return this.#dress(place, unit, at);
  }

  #lineText(unit, field, place) {
    if (field === "total") return this.model.totals[unit] ?? "—";
    const row = this.model.rowsBy.get(unit);
    place.title = row.name;
    if (row.joined) place.dataset.note = _("%(period)s进场", { period: row.joined });
    return row.name;
  }

  /** Set how a square looks; returns what it says. */
  #dress(place, unit, at) {
    const view = this.views[at];
    const said = this.model.said(unit, view.code, view.kind, view.side);
    const cell = this.model.cell(unit, view.code, view.side);
    const row = this.placeOf.get(unit) ?? -1;
    const away = this.model.rowsBy.get(unit)?.joined;
    let state = "";
    if (view.entered) state = said.why ? "refused" : said.text ? (said.waits ? "waits" : "") : away ? "" : "empty";
    place.dataset.state = state;
    place.dataset.wants = String(Boolean(view.entered && view.kind === "value" && cell?.wants));
    place.dataset.noted = String(Boolean(view.entered && view.kind === "value" && (cell?.corrected || this.model.notes[unit]?.[view.code] || this.model.reason(unit, view.code))));
    place.dataset.pasted = String(this.pasted.has(`${unit}|${at}`));
    place.dataset.within = String(this.chosen.has(row, at));
    place.dataset.here = String(this.chosen.row === row && this.chosen.column === at);
    place.title = said.why || this.model.columnsBy.get(view.code).explained || "";
    if (said.text) return said.text;
    if (view.entered) return away ? "" : view.kind === "target" ? _("没写") : _("缺");
    return view.side === "own" && !away ? _("没交") : "";
  }

  #redress(unit, at) {
    const place = this.#squares.get(`${unit}|${at}`);
    if (!place || place.querySelector("input")) return;
    const text = this.#dress(place, unit, at);
    if (place.textContent !== text) place.textContent = text;
  }

  #dressAll() {
    for (const id of this.#squares.keys()) {
      const [unit, at] = id.split("|");
      this.#redress(unit, Number(at));
    }
  }

  #changed(squares) {
    for (const [unit, code] of squares) {
      this.views.forEach((view, at) => {
        if (code === null || view.code === code) this.#redress(unit, at);
      });
      const total = this.#lines.get(`${unit}|total`);
      if (total) total.textContent = this.model.totals[unit] ?? "—";
    }
    this.dispatchEvent(new Event("counts"));
  }

  #pressed(event) {
    const place = event.target.closest?.("[data-view]");
    if (!place || event.target.tagName === "INPUT" || event.button !== 0) return;
    event.preventDefault();
    this.host.focus({ preventScroll: true });
    const at = this.rows.findIndex((row) => row.code === place.dataset.unit);
    const go = (row, column, stretch) => (stretch ? this.stretch(row, column) : this.choose(row, column, false));
    go(at, Number(place.dataset.view), event.shiftKey);
    this.#scrollBy(place);
    const drag = (moved) => {
      const over = moved.target.closest?.("[data-view]");
      if (over) this.stretch(this.rows.findIndex((row) => row.code === over.dataset.unit), Number(over.dataset.view));
    };
    const done = () => {
      this.host.removeEventListener("mousemove", drag);
      removeEventListener("mouseup", done);
    };
    this.host.addEventListener("mousemove", drag);
    addEventListener("mouseup", done);
  }

  choose(row, column, scroll = true) {
    const last = this.rows.length - 1;
    const left = [...this.chosen.squares()];
    this.chosen.set(Math.max(0, Math.min(last, row)), Math.max(0, Math.min(this.views.length - 1, column)));
    this.#moved(scroll, left);
  }

  stretch(row, column, scroll = false) {
    const last = this.rows.length - 1;
    const left = [...this.chosen.squares()];
    this.chosen.stretch(Math.max(0, Math.min(last, row)), Math.max(0, Math.min(this.views.length - 1, column)));
    this.#moved(scroll, left);
  }

  /** Only what was chosen and what is now look otherwise: 130 × 40 squares are too many to ask. */
  #moved(scroll, left) {
    if (scroll && this.rows.length) this.#scroll();
    for (const [row, at] of [...left, ...this.chosen.squares()]) {
      const unit = this.rows[row]?.code;
      if (unit !== undefined) this.#redress(unit, at);
    }
    this.dispatchEvent(new Event("chosen"));
  }

  #scroll() {
    const { toRow, toColumn } = this.chosen;
    const { code } = this.rows[toRow];
    const place = this.#squares.get(`${code}|${toColumn}`);
    // The library draws every row in view anew to scroll by one: only for a far one.
    if (place?.isConnected) this.#scrollBy(place);
    else {
      this.table.scrollToRow(code, "nearest", false).catch(() => {});
      this.table.scrollToColumn(this.views[toColumn].field, "middle", false).catch(() => {});
    }
  }

  #scrollBy(place) {
    const holder = this.host.querySelector(".tabulator-tableholder");
    const { top } = holder.getBoundingClientRect();
    const its = place.getBoundingClientRect();
    const over = its.bottom - top - holder.clientHeight;
    if (its.top < top) holder.scrollTop -= top - its.top;
    else if (over > 0) holder.scrollTop += over;
    // Names and sums lie over what scrolls: between them the square is wholly in sight.
    const [left, right] = this.#between(place, holder);
    if (its.left < left) holder.scrollLeft -= left - its.left;
    else if (its.right > right) holder.scrollLeft += its.right - right;
  }

  #between(place, holder) {
    const { left } = holder.getBoundingClientRect();
    let [from, to] = [left, left + holder.clientWidth];
    for (const cell of place.parentElement.querySelectorAll(".tabulator-frozen")) {
      const its = cell.getBoundingClientRect();
      if (cell.classList.contains("tabulator-frozen-right")) to = Math.min(to, its.left);
      else from = Math.max(from, its.right);
    }
    return [from, to];
  }

  /** Go to a unit's square: its first that is entered, or the given one. */
  goTo(unit, column = this.entered[0] ?? 0) {
    const row = this.rows.findIndex((each) => each.code === unit);
    if (row >= 0) this.choose(row, column);
    this.host.focus({ preventScroll: true });
    return row >= 0;
  }

  /** One further in a direction; over the end of a row to the next one with `wrap`. */
  step(down, right, { stretch = false, wrap = false } = {}) {
    const { toRow, toColumn, row, column } = this.chosen;
    if (stretch) return this.stretch(toRow + down, toColumn + right, true);
    if (!wrap) return this.choose(row + down, column + right);
    const at = this.entered.findIndex((each) => (right > 0 ? each > column : each >= column));
    const before = at < 0 ? this.entered.length : at;
    const place = right > 0 ? before : before - 1;
    if (place >= this.entered.length) return this.choose(row + 1, this.entered[0]);
    if (place < 0) return this.choose(row - 1, this.entered.at(-1));
    return this.choose(row, this.entered[place]);
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
    return here ? this.#squares.get(`${here.unit}|${here.at}`) : null;
  }

  /** Keep an edge around what was pasted; none for an empty list. */
  mark(squares) {
    this.pasted = new Set(squares.map(({ unit, at }) => `${unit}|${at}`));
    this.#dressAll();
  }

  redress() {
    const { here } = this;
    if (here) this.#redress(here.unit, here.at);
  }
}
