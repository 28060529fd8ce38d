// Writing into squares: typed, pasted, filled down, emptied, undone. Each is one step to undo.

import { writeBlock } from "./clipboard.js";
import { placeBlock } from "../shared/blocks.js";
import { _ } from "../shared/words.js";
import { numberIn } from "./model.js";

const MOST_STEPS = 200;
/** Of a copied block what stands in columns that are entered here: it goes back into such alone. */
const COLUMNS = "application/x-compete-columns";

/** Whether two texts say the same value: the server writes 9.0 as 9. */
const alike = (text, other) => text === other || (numberIn(text) !== null && numberIn(text) === numberIn(other));

export class Writing extends EventTarget {
  #undone = [];
  #done = [];
  #before = Promise.resolve();

  /** correct(): asks for the reason where the period is signed off; resolves with null for none. */
  constructor(grid, keeping, correct) {
    super();
    Object.assign(this, { grid, keeping, correct, model: grid.model });
  }

  /** The step that an undo would take back; null for none. */
  get last() {
    return this.#done[this.#done.length - 1] ?? null;
  }

  /** Whether a step stands and was not taken back. */
  has(step) {
    return this.#done.includes(step);
  }

  get canUndo() {
    return this.#done.length > 0 && !this.model.closed;
  }

  /** One act after another: what was written before it stands in the model by then. */
  _turn(act) {
    const done = this.#before.then(act);
    this.#before = done.catch(() => {});
    return done;
  }

  /** A change of one square, or null where it changes nothing. */
  _change(unit, at, text, extra = {}) {
    const view = this.grid.views[at];
    if (!view?.entered) return null;
    const { text: was, settled } = this.model.entry(unit, view.code, view.kind);
    if (was === text && !extra.sure) return null;
    // Which of both may come back without being asked about again.
    const sure = { was: settled, text: Boolean(extra.sure) };
    return { unit, at, was, text, view, extra, sure };
  }

  async _write(changes, { remember = true, marked = [], given = "", noted = [] } = {}) {
    this.grid.mark(marked);
    if (!changes.length || this.model.closed) return false;
    let reason = given;
    if (this.model.signed && !reason) {
      reason = await this.correct(changes.length);
      if (!reason) return false;
    }
    const acts = changes.map(({ unit, text, view, extra }) => ({
      unit, indicator: view.code, kind: view.kind, text, // A workbook's changes bring their own.
      reason: given ? "" : reason,
      seen: this.model.cell(unit, view.code)?.at ?? null, ...extra,
    }));
    await this.keeping.write(this.model.period, acts);
    if (remember) this._remember({ changes, noted });
    this.dispatchEvent(new Event("written"));
    return true;
  }

  /** A step: squares' {was, text}, and reasons beside them as `noted`: {unit, code, was, text}. */
  _remember(step) {
    this.#done.push(step);
    if (this.#done.length > MOST_STEPS) this.#done.shift();
    this.#undone = [];
  }

  /** Put the reasons of one side of a step there; null: as they are. */
  async _note(noted, side, extra = {}) {
    const wanted = noted.filter((reason) => reason[side] !== null);
    if (!wanted.length || this.model.closed) return;
    await this.keeping.write(this.model.period, wanted.map(({ unit, code, [side]: text }) => ({
      unit, indicator: code, kind: "reason", text, reason: "", seen: this.model.cell(unit, code)?.at ?? null, ...extra,
    })));
  }

  /** Write one text into the active square. */
  type(text, extra = {}) {
    const { here } = this.grid;
    return this._turn(() => {
      const change = here && this._change(here.unit, here.at, text, extra);
      return this._write(change ? [change] : []);
    });
  }

  /** Write one text into each chosen square. */
  typeAll(text) {
    const { squares } = this._everywhere(text);
    return this._turn(() => this._write(this._over(squares, () => text)));
  }

  /** Why points were taken in a square; no step to undo. */
  note(unit, code, text) {
    return this._turn(async () => {
      if (this.model.closed || this.model.reason(unit, code) === text) return;
      const seen = this.model.cell(unit, code)?.at ?? null;
      await this.keeping.write(this.model.period, [
        { unit, indicator: code, kind: "reason", text, reason: "", seen },
      ]);
    });
  }

  /**
   * Write what a workbook brings, cells of {unit, indicator, kind, text, was, seen}; `reason` is
   * why what stood there changes. One step to undo, with the reasons for points that were taken.
   */
  fill(cells, reason) {
    return this._turn(() => this._filled(cells, reason));
  }

  async _filled(cells, reason) {
    const { grid, model } = this;
    const source = "workbook";
    const atOf = new Map(grid.views.flatMap((view, at) => (view.entered ? [[`${view.code}|${view.kind}`, at]] : [])));
    const changes = [];
    for (const { unit, indicator, kind, text, was, seen } of cells) {
      const at = atOf.get(`${indicator}|${kind}`);
      const extra = { source, seen, ...(was || model.signed ? { reason } : {}) };
      const change = at === undefined ? null : this._change(unit, at, text, extra);
      if (change) changes.push(change);
    }
    const marked = changes.map(({ unit, at }) => ({ unit, at }));
    const reasons = cells.filter(({ kind }) => kind === "reason");
    const noted = reasons.map(({ unit, indicator: code, text }) => ({ unit, code, was: model.reason(unit, code), text }));
    // What stood beside a square goes with its value: it comes back with it too.
    const squares = new Set(noted.map(({ unit, code }) => `${unit}|${code}`));
    for (const { unit, view: { code } } of changes) {
      const was = model.reason(unit, code);
      if (was && !model.signed && !squares.has(`${unit}|${code}`)) noted.push({ unit, code, was, text: null });
    }
    const written = await this._write(changes, { marked, given: reason, noted });
    if (model.closed || (changes.length && !written)) return;
    await this._note(noted, "text", { source });
    if (changes.length || !noted.length) return;
    this._remember({ changes, noted });
    this.dispatchEvent(new Event("written"));
  }

  /** Empty what is chosen; asks nothing. */
  empty() {
    const squares = this._chosen();
    return this._turn(() => this._write(this._over(squares, () => "")));
  }

  /** The chosen block's first row into all below it; one row alone takes what stands above it. */
  fillDown() {
    const { grid } = this;
    const { top, bottom } = grid.chosen;
    const first = grid.rows[top === bottom ? top - 1 : top]?.code;
    if (first === undefined) return Promise.resolve(false);
    const squares = this._chosen();
    return this._turn(() => {
      const texts = new Map(grid.views.map((view, at) => [at, this.model.entry(first, view.code, view.kind).text]));
      return this._write(this._over(squares, (unit, at) => (unit === first ? null : texts.get(at))));
    });
  }

  /** The chosen squares, each as {unit, at}: by its turn another may be chosen. */
  _chosen() {
    const { chosen, rows } = this.grid;
    return [...chosen.squares()].map(([row, at]) => ({ unit: rows[row].code, at }));
  }

  _over(squares, textOf) {
    const changes = [];
    for (const { unit, at } of squares) {
      const text = textOf(unit, at);
      const change = text === null ? null : this._change(unit, at, text);
      if (change) changes.push(change);
    }
    return changes;
  }

  /** Put what is chosen on the clipboard as a block of text. */
  copy(clipboard) {
    const { chosen, rows, views } = this.grid;
    const block = [];
    for (let row = chosen.top; row <= chosen.bottom; row += 1) {
      const line = [];
      for (let at = chosen.left; at <= chosen.right; at += 1) {
        const view = views[at];
        line.push(this.model.entry(rows[row].code, view.code, view.kind, view.side).text);
      }
      block.push(line);
    }
    const text = writeBlock(block);
    const columns = views.slice(chosen.left, chosen.right + 1).map(({ entered }) => Boolean(entered));
    const entered = columns.includes(true) ? writeBlock(block.map((row) => row.filter((_text, at) => columns[at]))) : "";
    clipboard.setData("text/plain", text);
    clipboard.setData(COLUMNS, JSON.stringify({ text, entered }));
  }

  /** The text on the clipboard; of a block that was copied here the columns that are entered. */
  _text(clipboard) {
    const text = clipboard.getData("text/plain").replace(/(\r?\n)+$/, "");
    const { text: copied, entered } = JSON.parse(clipboard.getData(COLUMNS) || "{}");
    return entered && copied?.trim() === text.replaceAll("\r\n", "\n").trim() ? entered : text;
  }

  /**
   * Paste a block from the active square on, into entered columns alone: send(body) asks the server
   * what goes where. Resolves with what became of it: {rows, columns, squares: [{unit, at}],
   * strays, step: what an undo takes back}, with {refused: words} where nothing could be placed,
   * or null.
   */
  async paste(clipboard, send) {
    const { grid } = this;
    const left = grid.entered.findIndex((at) => at >= grid.chosen.left);
    if (left < 0) return null;
    const text = this._text(clipboard);
    const single = !/[\t\r\n]/.test(text);
    const placed = single ? this._everywhere(text) : await this._placed(text, left, send);
    if (!placed || placed.refused) return placed;
    const { squares, strays } = placed;
    return this._turn(async () => {
      const changes = squares
        .map(({ unit, at, text: value }) => this._change(unit, at, value))
        .filter((change) => change !== null);
      const written = await this._write(changes, { marked: squares });
      if (!written && changes.length) return null;
      const wide = new Set(squares.map(({ at }) => at)).size;
      const high = new Set(squares.map(({ unit }) => unit)).size;
      return { rows: high, columns: wide, squares, strays, step: written ? this.last : null };
    });
  }

  /** As often as a block of rows x wide goes into what is chosen, as spreadsheets do: [down, right]. */
  _times(rows, wide, left) {
    const { chosen, entered } = this.grid;
    const high = chosen.bottom - chosen.top + 1;
    const across = entered.filter((at, place) => place >= left && at <= chosen.right).length;
    const times = (all, size) => (all % size === 0 && all > size ? all / size : 1);
    const [down, right] = [times(high, rows), times(across, wide)];
    const fits = (down > 1 || high <= rows) && (right > 1 || across <= wide);
    return fits ? [down, right] : [1, 1];
  }

  async _placed(text, left, send) {
    const { grid } = this;
    const { rows, entered } = grid;
    const unitOf = ({ row }) => rows[row].code;
    const placed = await placeBlock({
      send, kind: "values", text, rows: rows.map((row) => [row.name]), columns: this._heads(),
      at: [grid.chosen.top, left],
      look: ({ row, column }) => {
        const { code, kind } = grid.views[entered[column]];
        return { text: this.model.entry(rows[row].code, code, kind).text };
      },
    });
    if (!placed || placed.refused) return placed;
    const strays = placed.out.map(({ text: what }) => what).filter(Boolean);
    const as = (square, down = 0, right = 0) => ({
      unit: unitOf({ row: square.row + down }), at: entered[square.column + right], text: square.text,
    });
    const [down, right] = placed.by === "places" ? this._times(placed.rows, placed.wide, left) : [1, 1];
    const squares = [];
    for (let below = 0; below < down; below += 1) {
      for (let beside = 0; beside < right; beside += 1) {
        squares.push(...placed.squares.map((square) => as(square, below * placed.rows, beside * placed.wide)));
      }
    }
    return { squares, strays };
  }

  /** What each entered column may be headed by: its indicator, and with a target which of both. */
  _heads() {
    const { views, entered } = this.grid;
    return entered.map((at) => {
      const { code, kind, label } = views[at];
      const { name, full, target } = this.model.columnsBy.get(code);
      const both = [`${name}${label}`, `${name} ${label}`, `${name}（${label}）`];
      if (kind === "target") return both;
      return [name, code, _("%(name)s 满 %(full)s", { name, full }), ...(target ? both : [])];
    });
  }

  _everywhere(text) {
    const { grid } = this;
    const squares = [...grid.chosen.squares()]
      .filter(([, at]) => grid.views[at].entered)
      .map(([row, at]) => ({ unit: grid.rows[row].code, at, text }));
    return { squares, strays: [] };
  }

  /** Take the last step back; with `only`, where that step is still the last. */
  undo(only = null) {
    return this._turn(() => (only && only !== this.last ? false : this._back(this.#done, this.#undone, "was")));
  }

  redo() {
    return this._turn(() => this._back(this.#undone, this.#done, "text"));
  }

  /** What somebody else wrote there since is left as it is, and told by the event `kept`. */
  async _back(from, to, side) {
    const step = from.pop();
    if (!step) return false;
    const left = side === "was" ? "text" : "was";
    const mine = step.changes.filter(({ unit, view, [left]: text }) =>
      alike(this.model.entry(unit, view.code, view.kind).text, text));
    const kept = step.changes.length - mine.length;
    if (kept) this.dispatchEvent(new CustomEvent("kept", { detail: kept }));
    for (const { unit, view, sure } of mine) {
      if (this.model.entry(unit, view.code, view.kind).settled) sure[left] = true;
    }
    const changes = mine.flatMap(({ unit, at, sure, [side]: text }) => {
      const change = this._change(unit, at, text);
      return change ? [{ ...change, extra: sure[side] ? { sure: true } : {} }] : [];
    });
    const written = await this._write(changes, { remember: false });
    if (written || !changes.length) {
      to.push(step);
      await this._note(step.noted, side);
    } else from.push(step);
    const [first] = step.changes;
    if (first) this.grid.goTo(first.unit, first.at);
    else this.grid.goTo(step.noted[0].unit);
    this.dispatchEvent(new Event("written"));
    return written;
  }
}
