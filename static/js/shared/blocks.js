// A pasted block at any grid: the server says what goes where, the page asks about what is doubtful.

import { openDialog } from "./dialog.js";
import { clone, parts, press, show, write } from "./dom.js";
import { _ } from "./words.js";

const STATES = { sure: _("一定"), like: _("像是"), asked: _("问你"), unused: _("不用"), rows: _("一定") };
const ORDER = { asked: 0, like: 1, rows: 2, sure: 3, unused: 4 };
const MOST_SHOWN = 12;

/**
 * Ask what of a block goes where, and once about what is doubtful or would be overwritten.
 *
 * send(body): posts JSON, resolves with {status, data, refusal}. kind: "values" or "texts". rows,
 * columns: how each may be called; at: the cursor's row and column. look(square): {shut: why it
 * takes nothing, text: what stands there}. Resolves with {fills, out, by, rows, wide} or, where
 * nothing goes in, {refused: words}; null where somebody said no.
 */
export async function placeBlock({ send, kind, text, rows, columns, at, look }) {
  const read = async (answers) => {
    const { status, data, refusal } = await send({ kind, text, rows, columns, at, answers });
    if (status === 200) return { data };
    return { refused: data?.error ?? refusal?.error ?? _("没连上，没有贴。连上再贴一次") };
  };
  const first = await read({});
  if (first.refused) return first;
  const { data } = first;
  if (data.by === "nowhere" && !data.columns.length) {
    const names = data.asked.slice(0, 3).map(({ text: name }) => name);
    return { refused: _("没有贴：认不出“%(names)s…”。名称改成和这里一样再贴，或者只复制数", { names: names.join(_("、")) }) };
  }
  const sorted = sort(data, look);
  const quiet = !data.asked.length && !sorted.over.length
    && data.columns.every(({ state }) => state !== "asked" && state !== "like");
  if (quiet) return done(data, sorted);
  return new Promise((resolve) => { new Asking({ data, read, look, rows, columns, resolve }).draw(); });
}

const done = (data, { fills, shut }) => ({
  fills, shut, squares: data.squares, out: data.out, by: data.by, rows: data.rows, wide: data.wide,
});

/** Squares that are filled, of these those that overwrite, and those that take nothing. */
function sort(data, look) {
  const fills = [];
  const over = [];
  const shut = [];
  for (const square of data.squares) {
    const stands = look(square);
    if (stands.shut) {
      if (square.text && square.text !== stands.text) shut.push({ ...square, ...stands, text: square.text });
      continue;
    }
    if (square.text === stands.text) continue;
    fills.push(square);
    if (stands.text) over.push({ ...square, old: stands.text });
  }
  return { fills, over, shut };
}

class Asking {
  #answers = {};
  #close = null;
  #result = null;

  constructor({ data, read, look, rows, columns, resolve }) {
    Object.assign(this, { data, read, look, rows, columns });
    this.root = clone("t-block");
    this.part = parts(this.root);
    press(this.part.fill, () => {
      this.#result = done(this.data, sort(this.data, this.look));
      this.#close();
    });
    press(this.part.leave, () => this.#close());
    this.#close = openDialog(this.root, _("贴进来的表"), () => resolve(this.#result));
    this.root.closest("dialog")?.classList.add("block-dialog");
  }

  _line(list, words) {
    const item = document.createElement("li");
    for (const [tag, text] of words) {
      const made = document.createElement(tag);
      made.textContent = text;
      item.append(made);
    }
    list.append(item);
  }

  draw() {
    const { part, data } = this;
    const { fills, over, shut } = sort(data, this.look);
    const asked = data.columns.filter(({ state }) => state === "asked").length;
    const known = data.columns.filter(({ state }) => state !== "asked" && state !== "unused").length;
    write(part.title, this._title(known, asked));
    write(part.what, this._what());
    this._columns();
    part.over.replaceChildren();
    for (const square of over.slice(0, MOST_SHOWN)) {
      this._line(part.over, [["span", this._named(square)], ["s", square.old], ["b", square.text || _("空着")]]);
    }
    if (over.length > MOST_SHOWN) this._line(part.over, [["span", _("还有 %(n)s 格", { n: over.length - MOST_SHOWN })]]);
    show(part.overpart, over.length > 0);
    part.left.replaceChildren();
    for (const remark of data.asked) this._line(part.left, [["b", remark.place], ["span", remark.text], ["span", remark.why]]);
    for (const square of shut) this._line(part.left, [["b", square.cell], ["span", `${this._named(square)} ${square.text}`], ["span", square.shut]]);
    for (const remark of data.out) this._line(part.left, [["b", remark.place], ["span", remark.text], ["span", remark.why]]);
    show(part.leftpart, part.left.children.length > 0);
    const written = fills.length;
    write(part.sum, _("能填 %(n)s 格", { n: written }));
    write(part.below, over.length
      ? _("%(empty)s 格是空的，%(over)s 格会盖掉旧数", { empty: written - over.length, over: over.length })
      : _("都填在空格里"));
    write(part.wait, asked ? _("先答 %(n)s 列", { n: asked }) : "");
    write(part.fill, _("填进 %(n)s 格", { n: written }));
    part.fill.disabled = asked > 0 || !fills.length;
  }

  /** What was understood; a block without headings goes from the cursor on, or by the names of rows. */
  _title(known, asked) {
    if (!this.data.columns.length) {
      return _("贴来 %(n)s 格，没有列名", { n: this.data.squares.filter(({ text }) => text).length });
    }
    return asked
      ? _("看懂了 %(known)s 列，问你 %(asked)s 列", { known, asked })
      : _("看懂了 %(known)s 列", { known });
  }

  _what() {
    const { rows, wide, by, columns } = this.data;
    if (columns.length) return _("贴来 %(rows)s 行 × %(wide)s 列，还没填进去。认名字，不认第几行", { rows, wide });
    return by === "places"
      ? _("从光标那一格起一格对一格，还没填进去")
      : _("行认名字，列从光标那一格起，还没填进去");
  }

  _named({ row, column }) {
    return `${this.rows[row].at(-1)} ${this.columns[column][0]}`;
  }

  _columns() {
    const { part, data } = this;
    part.columns.replaceChildren();
    const sorted = [...data.columns].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
    for (const column of sorted) {
      const row = clone("t-block-column");
      const own = parts(row);
      row.dataset.state = column.state;
      write(own.letters, column.cell.replace(/\d+$/, ""));
      write(own.heading, column.heading || "—");
      write(own.certainty, STATES[column.state] + (column.why ? `，${column.why}` : ""));
      write(own.samples, column.samples.join(_("、")));
      if (column.state === "rows") own.as.replaceWith(_("名字"));
      else this._choices(own.as, column);
      part.columns.append(row);
    }
    show(part.columnspart, sorted.length > 0);
  }

  _choices(select, column) {
    select.setAttribute("aria-label", _("%(cell)s 当作", { cell: column.cell }));
    const option = (value, label) => {
      const made = document.createElement("option");
      made.value = value;
      made.textContent = label;
      select.append(made);
    };
    if (column.state === "asked") option("", _("选一项"));
    const may = new Set(column.may);
    this.columns.forEach((names, place) => { if (may.has(place)) option(place, names[0]); });
    this.columns.forEach((names, place) => { if (!may.has(place)) option(place, names[0]); });
    option("none", _("不用"));
    select.value = column.state === "asked" ? "" : column.place === null ? "none" : String(column.place);
    select.addEventListener("change", () => this._answer(column.cell, select.value));
  }

  async _answer(cell, value) {
    if (value === "") return;
    this.#answers[cell] = value === "none" ? null : Number(value);
    const { data, refused } = await this.read(this.#answers);
    if (refused) write(this.part.wait, refused);
    else {
      this.data = data;
      this.draw();
    }
  }
}
