// A unit's own marks on a phone: one indicator at a time with its stepper, the others below it.
// What is chosen and written is the grid's and the writing's: here it only looks otherwise.

import { clone, parts, press, show, write } from "../shared/dom.js";
import { numberIn } from "./model.js";
import { _ } from "../shared/words.js";

/** Points go by halves, what is counted by ones. */
const STEPS = { points: 0.5, counted: 1 };

const TICKS = { filled: "submitted", empty: "missing", refused: "refused", away: "not_begun" };

export class Cards {
  #rows = new Map();

  /** part: the elements of the page by name. */
  constructor(part, grid, model, writing) {
    Object.assign(this, { part, grid, model, writing, unit: model.rows[0]?.code });
    const listed = model.asked.map(({ code }) => {
      const root = clone("t-own");
      const own = parts(root);
      const tick = document.createElement("span");
      tick.className = "entry-tick";
      press(own.go, () => this.choose(code));
      this.#rows.set(code, { root, own, tick });
      return root;
    });
    part.ownlist.replaceChildren(...listed);
    part.ownticks.replaceChildren(...[...this.#rows.values()].map(({ tick }) => tick));
    press(part.less, () => this.step(-1));
    press(part.more, () => this.step(1));
    for (const [field, kind] of [[part.ownvalue, "value"], [part.owntarget, "target"]]) {
      field.addEventListener("change", () => this.type(kind, field.value.trim()));
    }
    press(part.ownsure, () => this.type("value", this.said("value").text, { sure: true }));
    press(part.ownback, () => this.go(-1));
    press(part.ownnext, () => this.go(1));
    grid.addEventListener("chosen", () => this.draw());
    model.addEventListener("change", () => this.draw());
    this.draw();
  }

  get column() {
    const code = this.grid.here?.view.code;
    return this.model.asked.find((each) => each.code === code) ?? this.model.asked[0];
  }

  said(kind, code = this.column.code) {
    return this.model.said(this.unit, code, kind);
  }

  place(kind, code = this.column.code) {
    return this.grid.views.findIndex((view) => view.entered && view.code === code && view.kind === kind);
  }

  choose(code) {
    this.grid.choose(0, this.place("value", code));
    this.part.ownleft.scrollIntoView({ block: "nearest" });
  }

  /** So many indicators on, not over the ends. */
  go(by) {
    const { asked } = this.model;
    const next = asked[asked.indexOf(this.column) + by];
    if (next) this.choose(next.code);
  }

  type(kind, text, extra) {
    this.grid.choose(0, this.place(kind));
    return this.writing.type(text, extra);
  }

  /** One step up or down; an empty one begins with full marks, or with nothing to count. */
  step(by) {
    const { column } = this;
    const most = column.most === null ? null : Number(column.most);
    const step = most === null ? STEPS.counted : STEPS.points;
    const found = numberIn(this.part.ownvalue.value);
    const first = most === null ? Math.max(by, 0) : most;
    let wanted = found === null ? first : found + by * step;
    if (column.least) wanted = Math.max(0, wanted);
    if (most !== null) wanted = Math.min(most, wanted);
    this.part.ownvalue.value = String(Number(wanted.toFixed(6)));
    return this.type("value", this.part.ownvalue.value);
  }

  draw() {
    const { part, model, column } = this;
    if (!column) return;
    const { asked } = model;
    const at = asked.indexOf(column);
    const open = asked.filter(({ code }) => model.state(this.unit, code) !== "filled").length;
    write(part.ownleft, open
      ? _("填了 %(n)s 项，还剩 %(left)s 项", { n: asked.length - open, left: open })
      : _("%(n)s 项都填了", { n: asked.length }));
    const place = _("第 %(n)s 项，满 %(full)s", { n: at + 1, full: column.full });
    write(part.ownplace, column.heading ? _("%(heading)s · %(place)s", { heading: column.heading, place }) : place);
    write(part.ownname, column.name);
    const before = model.before[this.unit]?.[column.code];
    write(part.ownhow, [column.explained, before ? _("上期 %(n)s", { n: before }) : ""].filter(Boolean).join(_("；")));
    this._field(part.ownvalue, "value");
    this._field(part.owntarget, "target");
    show(part.ownaim, column.target);
    write(part.ownfull, column.most === null ? column.counted : `/ ${column.full}`);
    const { why, ask } = this.said("value");
    const wrong = why || (column.target ? this.said("target").why : "");
    write(part.ownwrong, wrong);
    show(part.ownwrong, Boolean(wrong));
    show(part.ownsure, ask && !model.closed);
    for (const button of [part.less, part.more]) button.disabled = Boolean(model.closed);
    for (const { code, name, full, most } of asked) this._row(code, name, most === null ? "" : `/ ${full}`);
    part.ownback.disabled = at === 0;
    part.ownnext.disabled = at === asked.length - 1;
    write(part.ownnext, at === asked.length - 1 ? _("到底了") : _("下一项 %(name)s", { name: asked[at + 1].name }));
  }

  /** What a field says, unless somebody writes in it. */
  _field(field, kind) {
    const { text, why } = this.said(kind);
    if (document.activeElement !== field || field.dataset.of !== this.column.code) field.value = text;
    field.dataset.of = this.column.code;
    field.readOnly = Boolean(this.model.closed);
    field.setAttribute("aria-invalid", String(Boolean(why)));
  }

  _row(code, name, full) {
    const { root, own, tick } = this.#rows.get(code);
    const state = this.model.state(this.unit, code);
    const here = code === this.column.code;
    root.hidden = here;
    write(own.name, name);
    write(own.text, this.said("value", code).text || _("没填"));
    write(own.full, this.said("value", code).text ? full : "");
    root.dataset.state = state;
    tick.dataset.tick = TICKS[state];
    tick.dataset.here = String(here);
  }
}
