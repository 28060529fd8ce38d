// Who is still to come in a pass, looked through by units.
// A heap has one entry for each unit, with a position that none of the unit comes before; it is
// raised when it is looked at. Places of one kind, such as of one session, may have a heap of their
// own: it lets those units go that are barred from all of them for good.

import { Heap } from "./heap.js";

const isIn = (sets, unit) => sets.some((set) => set.has(unit));

export class Rest {
  /** `units` is the unit at each position, -1 or above, and changes with every swap. */
  constructor(units) {
    this.units = units;
    this.positions = new Map();
    units.forEach((unit, position) => {
      if (!this.positions.has(unit)) this.positions.set(unit, new Heap([]));
      this.positions.get(unit).push(position);
    });
    // An entry is one number: the position, and behind it the unit.
    this.size = this.positions.size + 1;
    const firsts = Array.from(this.positions, ([unit, all]) => this.entry(all.first(), unit));
    this.heaps = new Map([[null, new Heap(firsts)]]);
  }

  entry(position, unit) {
    return position * this.size + unit + 1;
  }

  unitOf(entry) {
    return (entry % this.size) - 1;
  }

  /** The first position after `place` of a unit in none of the sets `barred`, or -1. The first
   * `lasting` of these only grow, and are in those of the kind's later places too. */
  nextFitting(place, barred, { kind, lasting }) {
    const heap = this.heapOf(kind, place);
    const forGood = barred.slice(0, lasting);
    const passed = [];
    let position = -1;
    while (heap.first() !== undefined && position < 0) {
      const unit = this.unitOf(heap.first());
      if (isIn(barred, unit)) {
        const entry = heap.pop();
        if (!isIn(forGood, unit)) passed.push(entry);
      } else {
        position = this.raise(heap, place);
      }
    }
    passed.forEach((entry) => heap.push(entry));
    return position;
  }

  /** From now on somebody of the unit stands at a position, who stood before it. */
  comes(unit, position) {
    this.positions.get(unit).push(position);
  }

  heapOf(kind, place) {
    if (!this.heaps.has(kind)) {
      const common = this.heaps.get(null);
      this.raiseAll(common, place);
      this.heaps.set(kind, common.copy());
    }
    return this.heaps.get(kind);
  }

  /** Mend all entries before a place but that of the unit there, who may yet come later. */
  raiseAll(heap, place) {
    const own = [];
    while (heap.first() < this.entry(place + 1, -1)) {
      if (this.unitOf(heap.first()) === this.units[place]) own.push(heap.pop());
      else this.raise(heap, place);
    }
    own.forEach((entry) => heap.push(entry));
  }

  /** Where the unit of the first entry comes next, if the entry says so; else it is mended. */
  raise(heap, place) {
    const unit = this.unitOf(heap.first());
    const positions = this.positions.get(unit);
    while (positions.first() <= place || (positions.first() !== undefined && this.units[positions.first()] !== unit)) {
      positions.pop();
    }
    const next = positions.first();
    if (next === undefined) {
      heap.pop();
    } else if (heap.first() === this.entry(next, unit)) {
      return next;
    } else {
      heap.replace(this.entry(next, unit));
    }
    return -1;
  }
}
