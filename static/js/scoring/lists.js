// What the file's lists say of one event's people, sorted by stage and module. The later of two
// entries for the same thing counts; penalties add up.

import { plus } from "../shared/exact.js";
import { number } from "./points.js";
import { versionOf } from "./versions.js";

export class Lists {
  #places = new Map();

  constructor(bundle, event, people) {
    this.version = versionOf(bundle);
    this.playoffs = (bundle.playoffs ?? []).filter((playoff) => playoff.event === event.code);
    const ours = (row) => people.has(row.entrant);
    for (const mark of bundle.marks ?? []) {
      if (!ours(mark)) continue;
      const judges = inside(this.of(mark.stage, mark.module).sheets, mark.entrant);
      inside(judges, mark.judge).set(mark.aspect, mark.value);
      if (mark.difficulty == null) continue;
      const { difficulties } = this.of(mark.stage, mark.module);
      inside(difficulties, mark.entrant).set(mark.aspect, number(mark.difficulty));
    }
    for (const row of bundle.outcomes ?? []) {
      if (ours(row)) this.of(row.stage, row.module ?? null).outcomes.set(row.entrant, row.status);
    }
    for (const row of bundle.penalties ?? []) {
      if (!ours(row)) continue;
      const place = this.of(row.stage, row.module);
      place.penalised.add(row.entrant);
      for (const what of ["points", "seconds"]) {
        if (row[what] == null) continue;
        const before = place[what].get(row.entrant);
        const more = number(row[what]);
        place[what].set(row.entrant, before ? plus(before, more) : more);
      }
    }
    for (const row of bundle.times ?? []) {
      if (ours(row)) this.of(row.stage, row.module).times.set(row.entrant, number(row.seconds));
    }
  }

  /** Of a module, or with null of a whole stage. */
  of(stage, module) {
    const modules = inside(this.#places, stage);
    let place = modules.get(module);
    if (!place) {
      place = {
        sheets: new Map(),
        difficulties: new Map(),
        outcomes: new Map(),
        penalised: new Set(),
        points: new Map(),
        seconds: new Map(),
        times: new Map(),
      };
      modules.set(module, place);
    }
    return place;
  }
}

function inside(map, key) {
  let inner = map.get(key);
  if (!inner) {
    inner = new Map();
    map.set(key, inner);
  }
  return inner;
}
