// What stands in the squares: the server's word, with what this browser has not sent on top.

import { _ } from "../shared/words.js";

const NUMBER = /^[+-]?(\d{1,12}(\.\d{0,6})?|\.\d{1,6})$/;
const THOUSANDS = /^\d{1,3}(,\d{3})+(\.\d+)?$/;

const KINDS = ["value", "target", "reason"];

const key = (unit, code, kind) => `${unit}|${code}|${kind}`;

function put(squares, unit, code, value) {
  if (!squares[unit]) squares[unit] = {};
  squares[unit][code] = value;
}

/** What was read last: the same few texts are asked about thousands of times. */
const read = new Map();
const MOST_READ = 2000;

/** A text as the server will read it: full-width digits, thousands' commas and 。 for the point too. */
export function numberIn(text) {
  if (!read.has(text)) {
    if (read.size >= MOST_READ) read.clear();
    read.set(text, reading(text));
  }
  return read.get(text);
}

function reading(text) {
  const plain = text.normalize("NFKC").replace("。", ".").trim();
  const bare = THOUSANDS.test(plain) ? plain.replaceAll(",", "") : plain;
  return NUMBER.test(bare) ? Number(bare) : null;
}

/** Why a text is no value of this column, as far as it can be said without the server. */
export function wrongIn(text, column, kind) {
  if (!text) return "";
  const number = numberIn(text);
  if (number === null) return _("“%(text)s”不是数", { text: text.slice(0, 20) });
  if (kind === "target") return number > 0 ? "" : _("目标要大于 0");
  if (column.least && number < 0) return _("%(found)s 小于 0", { found: text });
  if (column.most !== null && number > Number(column.most)) {
    return _("%(found)s 超过满分 %(most)s", { found: text, most: column.most });
  }
  return "";
}

/** Of a row's squares the one that says most about it. */
const WORST = ["refused", "empty", "reason", "away"];

export class Model extends EventTarget {
  #pending = new Map();
  /** What another tab of this browser has sent, until the server's word on it is here too. */
  #landed = new Map();
  /** Acts whose answer came to this tab. */
  #answered = new Set();
  /** How the squares of a unit count, until one of them changes. */
  #counted = new Map();
  #parts;

  constructor(state) {
    super();
    Object.assign(this, state);
    this.#parts = Object.keys(state);
    this.columnsBy = new Map(this.columns.map((column) => [column.code, column]));
    /** Those that are entered here: a unit sees the others and is not asked. */
    this.asked = this.columns.filter((column) => this.mine !== "self" || column.own !== false);
    this.rowsBy = new Map(this.rows.map((row) => [row.code, row]));
  }

  /** What the server says, as it would say it. */
  toJSON() {
    return Object.fromEntries(this.#parts.map((name) => [name, this[name]]));
  }

  /** Acts that wait, oldest first: the newest of each square and kind is what shows. */
  setWaiting(rows) {
    const before = this.#pending;
    this.#pending = new Map();
    for (const { act, uuid } of rows) {
      if (act.period !== this.period) continue;
      const { unit, indicator, kind, text, sure } = act;
      this.#pending.set(key(unit, indicator, kind), { text, sure, uuid, square: [unit, indicator] });
    }
    const touched = [];
    for (const [id, { uuid, square }] of this.#pending) {
      if (before.get(id)?.uuid !== uuid) touched.push(square);
      this.#landed.delete(id);
    }
    for (const [id, was] of before) {
      if (this.#pending.has(id)) continue;
      if (!this.#answered.delete(was.uuid)) this.#landed.set(id, was);
      touched.push(was.square);
    }
    if (touched.length) this._tell(touched);
  }

  /** The answer to these acts came to this tab, and with it what stands now. */
  answered(uuids) {
    for (const uuid of uuids) this.#answered.add(uuid);
  }

  /** These acts were not written: what the server says stands. */
  drop(uuids) {
    const gone = new Set(uuids);
    const touched = [];
    for (const [id, { uuid, square }] of this.#landed) {
      if (!gone.has(uuid)) continue;
      this.#landed.delete(id);
      touched.push(square);
    }
    if (touched.length) this._tell(touched);
  }

  /** Whether the server's word on something that was sent is still to come. */
  get behind() {
    return this.#landed.size > 0;
  }

  /** Take in what the server says now; returns the squares that somebody else changed. */
  merge(now) {
    const touched = [];
    const ended = this.closed !== now.closed;
    const others = [];
    for (const side of ["cells", "own"]) {
      for (const [unit, squares] of Object.entries(now[side])) {
        for (const [code, cell] of Object.entries(squares)) {
          const old = this[side][unit]?.[code];
          if (old && old.at > cell.at) continue;
          put(this[side], unit, code, cell);
          if (side === this.sideEntered && old?.at !== cell.at) {
            for (const kind of KINDS) this.#landed.delete(key(unit, code, kind));
          }
          touched.push([unit, code]);
          if (!cell.mine && old?.at !== cell.at) others.push([unit, code]);
        }
      }
    }
    const totals = new Set([...Object.keys(this.totals), ...Object.keys(now.totals)]);
    for (const unit of totals) if (this.totals[unit] !== now.totals[unit]) touched.push([unit, null]);
    this.totals = now.totals;
    this.points = now.points;
    this.overview = now.overview;
    this._mergeNotes(now.notes, touched);
    this.left = now.left;
    this.signed = now.signed;
    this.closed = now.closed;
    this.last = Math.max(this.last, now.last);
    this._tell(touched);
    if (ended) this.dispatchEvent(new Event("closed"));
    return others;
  }

  /** A backup was restored: what stood here is no longer what the server has. */
  restored(state) {
    const touched = [];
    for (const side of ["cells", "own"]) {
      for (const [unit, squares] of Object.entries(this[side])) {
        for (const code of Object.keys(squares)) touched.push([unit, code]);
      }
      this[side] = {};
    }
    this.#landed.clear();
    this.last = 0;
    this.generation = state.generation;
    this.merge(state);
    this._tell(touched);
  }

  /** Nothing of it is entered here any more, and nothing more is asked: `why` is said. */
  end(why) {
    this.gone = true;
    this.closed = why;
    this._tell([]);
    this.dispatchEvent(new Event("closed"));
  }

  _mergeNotes(notes, touched) {
    for (const [unit, codes] of Object.entries({ ...this.notes, ...notes })) {
      for (const code of Object.keys(codes)) {
        if (this.notes[unit]?.[code] !== notes[unit]?.[code]) touched.push([unit, code]);
      }
    }
    this.notes = notes;
  }

  /** So many comments and files stand on a square. */
  setNotes(unit, code, n) {
    put(this.notes, unit, code, n);
    this._tell([[unit, code]]);
  }

  _tell(squares) {
    for (const [unit] of squares) this.#counted.delete(unit);
    this.dispatchEvent(new CustomEvent("change", { detail: squares }));
  }

  get sideEntered() {
    return this.mine === "self" ? "own" : "cells";
  }

  cell(unit, code, side = this.sideEntered) {
    return this[side][unit]?.[code] ?? null;
  }

  waits(unit, code, kind) {
    return this.#pending.has(key(unit, code, kind));
  }

  /** What a square says, as it was written: {text, why, ask, waits, settled: taken in or confirmed}. */
  entry(unit, code, kind, side = this.sideEntered) {
    const cell = this.cell(unit, code, side);
    const pending = side === this.sideEntered ? this._written(unit, code, kind) : null;
    if (pending) {
      const why = wrongIn(pending.text, this.columnsBy.get(code), kind);
      const settled = !why && Boolean(pending.sure);
      return { text: pending.text, why, ask: false, waits: this.waits(unit, code, kind), settled };
    }
    if (!cell) return { text: "", why: "", ask: false, waits: false, settled: true };
    const ofTarget = Boolean(cell.text) && Boolean(cell.v);
    const refused = cell.text && ofTarget === (kind === "target");
    if (refused) return { text: cell.text, why: cell.why, ask: Boolean(cell.ask), waits: false, settled: false };
    const text = (kind === "target" ? cell.g : cell.v) ?? "";
    return { text, why: "", ask: false, waits: false, settled: true };
  }

  _written(unit, code, kind) {
    const id = key(unit, code, kind);
    return this.#pending.get(id) ?? this.#landed.get(id);
  }

  reason(unit, code) {
    return this._written(unit, code, "reason")?.text ?? this.cell(unit, code)?.reason ?? "";
  }

  /** filled, empty, refused or away: how a square counts. */
  state(unit, code) {
    if (this.rowsBy.get(unit)?.joined) return "away";
    const value = this.entry(unit, code, "value");
    const target = this.columnsBy.get(code).target ? this.entry(unit, code, "target") : null;
    if (value.why || target?.why) return "refused";
    if (!value.text || (target && !target.text)) return "empty";
    return this.cell(unit, code)?.wants && !this.reason(unit, code) ? "reason" : "filled";
  }

  /** How the squares of a row count, once for each change: {state, tally}. */
  _row(unit) {
    const known = this.#counted.get(unit);
    if (known) return known;
    const tally = { empty: 0, refused: 0, reason: 0, filled: 0, away: 0 };
    for (const column of this.asked) tally[this.state(unit, column.code)] += 1;
    const row = { state: WORST.find((state) => tally[state]) ?? "filled", tally };
    this.#counted.set(unit, row);
    return row;
  }

  /** How a whole row counts: by its worst square. */
  rowState(unit) {
    return this._row(unit).state;
  }

  /** {empty, refused, reason, filled, away} over all squares. */
  counts() {
    const all = { empty: 0, refused: 0, reason: 0, filled: 0, away: 0 };
    for (const { code } of this.rows) {
      const { tally } = this._row(code);
      for (const state of Object.keys(all)) all[state] += tally[state];
    }
    return all;
  }
}
