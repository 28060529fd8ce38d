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
  /** Whether all of it is looked at, before it is handed over, and whether it was. */
  #all = false;
  #handed = false;

  /** part: the elements of the page by name; waiting(): how much is still to go up, send(): now. */
  constructor(part, grid, model, writing, { waiting, send }) {
    Object.assign(this, { part, grid, model, writing, waiting, send, unit: model.rows[0]?.code });
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
    press(part.ownsure, () => this.type("value", this.entry("value").text, { sure: true }));
    press(part.ownback, () => (this.#all ? this.choose(this.bare[0] ?? this.open[0] ?? model.asked[0].code) : this.go(-1)));
    press(part.ownnext, () => (this.#all ? this.handOver() : this.go(1)));
    grid.addEventListener("chosen", () => this.draw());
    model.addEventListener("change", () => this.draw());
    this.draw();
  }

  get column() {
    const code = this.grid.here?.view.code;
    return this.model.asked.find((column) => column.code === code) ?? this.model.asked[0];
  }

  entry(kind, code = this.column.code) {
    return this.model.entry(this.unit, code, kind);
  }

  place(kind, code = this.column.code) {
    return this.grid.views.findIndex((view) => view.entered && view.code === code && view.kind === kind);
  }

  /** The indicators that nothing is written for, or nothing that could be taken. */
  get open() {
    return this.model.asked.map(({ code }) => code).filter((code) => this.model.state(this.unit, code) !== "filled");
  }

  /** Those that lost points without anything to show for it. */
  get bare() {
    const lost = (this.model.overview?.headings ?? []).flatMap((heading) => Object.keys(heading.lost));
    return lost.filter((code) => !this.model.notes[this.unit]?.[code]);
  }

  choose(code) {
    this.#all = false;
    this.grid.choose(0, this.place("value", code));
    this.part.ownleft.scrollIntoView({ block: "nearest" });
  }

  /** So many indicators on; after the last stands all of it. */
  go(by) {
    const { asked } = this.model;
    const next = asked[asked.indexOf(this.column) + by];
    if (next) this.choose(next.code);
    else if (by > 0) {
      this.#all = true;
      this.draw();
      scrollTo(0, 0);
    }
  }

  /** What was kept here goes up, once nothing is open; it may be changed until the deadline. */
  handOver() {
    if (this.open.length) {
      this.choose(this.open[0]);
      return;
    }
    this.#handed = true;
    this.send();
    this.draw();
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
    const number = numberIn(this.part.ownvalue.value);
    const first = most === null ? Math.max(by, 0) : most;
    let wanted = number === null ? first : number + by * step;
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
    const { why, ask } = this.entry("value");
    const wrong = why || (column.target ? this.entry("target").why : "");
    write(part.ownwrong, wrong);
    show(part.ownwrong, Boolean(wrong));
    show(part.ownsure, ask && !model.closed);
    for (const button of [part.less, part.more]) button.disabled = Boolean(model.closed);
    for (const { code, name, full, most } of asked) this._row(code, name, most === null ? "" : `/ ${full}`);
    part.ownback.disabled = at === 0;
    part.ownnext.disabled = false;
    write(part.ownback, _("上一项"));
    write(part.ownnext, at === asked.length - 1 ? _("看一遍") : _("下一项 %(name)s", { name: asked[at + 1].name }));
    this._drawAll(open);
  }

  /** By heading what was written, and what lost points with nothing to show for it. */
  _drawAll(open) {
    const { part, model } = this;
    part.own.closest(".by-cards").dataset.all = String(this.#all);
    show(part.ownall, this.#all);
    show(part.ownsaid, this.#all);
    if (!this.#all) return;
    const { headings, total } = model.overview ?? { headings: [], total: "" };
    part.ownheadings.replaceChildren(...headings.map((heading) => this._heading(heading)));
    write(part.owntotal, total);
    const n = model.asked.length;
    const waiting = this.waiting();
    const done = this.#handed && !open;
    const handed = waiting ? _("还有 %(n)s 格没传上去，连上网自己传", { n: waiting }) : _("%(n)s 项都交上去了，部门来核；截止前还能改", { n });
    write(part.ownsaid, model.closed ?? (done ? handed : _("交上去后部门来核，截止前还能改。网断了也能填，连上自己传。")));
    part.ownback.disabled = Boolean(model.closed);
    write(part.ownback, this.bare.length ? _("去补证据") : _("回去改"));
    part.ownnext.disabled = (done && !waiting) || Boolean(model.closed);
    write(part.ownnext, open ? _("还差 %(n)s 项", { n: open }) : done && !waiting ? _("交了") : _("交 %(n)s 项", { n }));
  }

  _heading({ name, got, full, share, lost }) {
    const root = clone("t-heading");
    const own = parts(root);
    write(own.name, name);
    write(own.got, got);
    write(own.full, `/ ${full}`);
    own.bar.value = share;
    const bare = this.bare.filter((code) => code in lost).map((code) => _("%(name)s 扣 %(points)s", {
      name: this.model.columnsBy.get(code).name, points: lost[code],
    }));
    write(own.bare, _("%(what)s，没有证据", { what: bare.join(_("、")) }));
    show(own.bare, bare.length > 0);
    return root;
  }

  /** What a field says, unless somebody writes in it. */
  _field(field, kind) {
    const { text, why } = this.entry(kind);
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
    write(own.text, this.entry("value", code).text || _("没填"));
    write(own.full, this.entry("value", code).text ? full : "");
    root.dataset.state = state;
    tick.dataset.tick = TICKS[state];
    tick.dataset.here = String(here);
  }
}
