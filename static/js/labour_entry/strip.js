// One tick for a unit, group by group; a tick leads to its row.

import { _ } from "../shared/words.js";

const TICKS = { filled: "submitted", empty: "missing", reason: "missing", refused: "refused", away: "not_begun" };

export class Strip {
  #ticks = new Map();
  #drawn = new Map();

  constructor(place, model, go) {
    this.model = model;
    const groups = Map.groupBy(model.rows, (row) => row.group);
    for (const [group, rows] of groups) {
      const part = document.createElement("div");
      part.className = "entry-group";
      part.style.flexGrow = rows.length;
      const list = document.createElement("div");
      list.className = "entry-ticks";
      for (const row of rows) {
        const tick = document.createElement("button");
        tick.type = "button";
        tick.className = "entry-tick";
        tick.tabIndex = -1;
        tick.addEventListener("click", () => go(row.code));
        this.#ticks.set(row.code, tick);
        list.append(tick);
      }
      const name = document.createElement("span");
      name.className = "entry-group-name";
      name.textContent = group ? _("%(group)s %(n)s", { group, n: rows.length }) : _("%(n)s 家", { n: rows.length });
      name.title = name.textContent;
      part.append(list, name);
      place.append(part);
    }
  }

  draw() {
    const words = {
      filled: _("填齐了"), empty: _("缺"), refused: _("没写入"), reason: _("没写原因"), away: _("还没进场"),
    };
    for (const row of this.model.rows) {
      const state = this.model.rowState(row.code);
      if (this.#drawn.get(row.code) === state) continue;
      this.#drawn.set(row.code, state);
      const tick = this.#ticks.get(row.code);
      tick.dataset.tick = TICKS[state];
      tick.title = `${row.name} ${words[state]}`;
    }
  }
}
