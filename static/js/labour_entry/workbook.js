// A workbook brought back: what it would write is looked at first, then written square by
// square as if it were typed, so it can be undone.

import { openDialog } from "../shared/dialog.js";
import { clone, parts, press, show, write } from "../shared/dom.js";
import { isTooLong } from "../shared/text_limits.js";
import { _ } from "../shared/words.js";

const SHOWN = 200;

/** file: an <input type=file>; url: where it is read; fill(cells, reason): writes them. */
export function takeWorkbook(file, { line, url, tell, fill }) {
  const read = async (chosen, columns) => {
    const form = new FormData();
    form.set("file", chosen);
    form.set("columns", JSON.stringify(columns));
    tell(_("正在看 %(name)s", { name: chosen.name }), false);
    const { status, data, refusal } = await line.call(url, form);
    if (status !== 200) {
      tell(refusal?.error ?? _("没连上，文件没有读，什么都没写"), true);
      return;
    }
    tell("", false);
    look(chosen.name, data, fill, tell, (answers) => read(chosen, answers));
  };
  file.addEventListener("change", () => {
    const [chosen] = file.files;
    if (!chosen) return;
    file.value = "";
    read(chosen, {});
  });
}

function look(name, seen, fill, tell, again) {
  const root = clone("t-book");
  const part = parts(root);
  const changes = seen.cells.filter((cell) => cell.was);
  // As the page counts them: a target or a reason beside a value is no square of its own.
  const count = (cells) => new Set(cells.map(({ unit, indicator }) => JSON.stringify([unit, indicator]))).size;
  const squares = count(seen.cells);
  const changed = count(changes);
  const odd = seen.cells.filter((cell) => cell.ask);
  write(part.name, name);
  write(part.counts, [
    _("新填 %(n)s 格", { n: squares - changed }), _("改 %(n)s 格", { n: changed }),
    _("不变 %(n)s 格", { n: seen.same }), _("读不进 %(n)s 处", { n: seen.problems.length }),
  ].join(_("，")));
  const row = (text, bad) => {
    const item = document.createElement("li");
    item.textContent = text;
    if (bad) item.className = "is-bad";
    return item;
  };
  const list = (place, title, rows) => {
    show(title, rows.length > 0);
    place.replaceChildren(...rows.slice(0, SHOWN));
    if (rows.length > SHOWN) place.append(row(_("还有 %(n)s 条", { n: rows.length - SHOWN })));
  };
  list(part.told, part.toldtitle, seen.told.map((text) => row(text)));
  list(part.problems, part.problemstitle, seen.problems.map(({ place, what, why }) => row(
    /(^|!)\d+$/.test(place) ? _("第 %(row)s 行 %(what)s：%(why)s", { row: place, what, why })
      : _("%(place)s 格 %(what)s：%(why)s", { place, what, why }), true)));
  list(part.odd, part.oddtitle, odd.map(({ place, name: unit, heading, ask }) => row(
    _("%(place)s 格 %(what)s：%(why)s", { place, what: `${unit} ${heading}`, why: ask }))));
  list(part.changes, part.changestitle, changes.map(({ name: unit, heading, was, text }) => row(
    _("%(unit)s %(heading)s：%(was)s 改成 %(text)s", { unit, heading, was, text }))));
  const asked = seen.columns.map((column) => ({ ...column, select: choice(column, seen.choices) }));
  list(part.columns, part.columnstitle, asked.map(({ letters, heading, samples, select }) => {
    const item = row(_("%(letters)s 列 %(heading)s（%(samples)s）当作", {
      letters, heading, samples: samples.join(_("、")),
    }));
    item.append(" ", select);
    return item;
  }));
  const wanted = changes.some((cell) => cell.kind !== "reason");
  show(part.reasonbox, wanted);
  part.reason.required = wanted;
  write(part.go, _("写入 %(n)s 格", { n: squares }));
  show(part.go, seen.cells.length > 0);
  show(part.nothing, seen.cells.length === 0);
  const close = openDialog(root, _("整表上传"));
  press(part.cancel, () => close());
  for (const { select } of asked) {
    select.addEventListener("change", () => {
      close();
      again(Object.fromEntries(asked.map((column) => [column.key, column.select.value])));
    });
  }
  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = part.reason.value.trim();
    if (wanted && (!reason || isTooLong(part.reason, part.reasonproblem))) return;
    close();
    await fill(seen.cells, reason);
    tell(_("从 %(name)s 写入 %(n)s 格", { name, n: squares }), false);
  });
}

/** A select of what a column may be. */
function choice(column, choices) {
  const select = document.createElement("select");
  select.setAttribute("aria-label", _("%(cell)s 列当作", { cell: column.letters }));
  for (const value of ["", ...choices]) {
    const option = document.createElement("option");
    option.value = value;
    option.textContent = value || _("不用");
    option.selected = value === column.said;
    select.append(option);
  }
  return select;
}
