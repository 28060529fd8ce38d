// Which columns the grid shows: the ones that are entered here, and the other side in grey.

import { _ } from "../shared/words.js";

/** {field, code, kind, side, entered, label} for each column, in order. */
export function viewsOf(model) {
  const own = model.mine === "self";
  const views = [];
  for (const column of model.columns) {
    const of = { code: column.code };
    // A count is no score: ten faults are not ten points.
    const counted = (label) => (column.counted ? _("%(label)s（%(what)s）", { label, what: column.counted }) : label);
    const value = (side, entered) => views.push({
      ...of, kind: "value", side, entered, field: `${side}:${column.code}`,
      label: counted(side === "own" ? _("自评") : _("考评")),
    });
    const target = () => views.push({
      ...of, kind: "target", side: own ? "own" : "cells", entered: true,
      field: `target:${column.code}`, label: _("目标"),
    });
    if (own) {
      value("cells", false);
      if (column.own === false) continue;
      if (column.target) target();
      value("own", true);
    } else {
      if (column.own !== false) value("own", false);
      if (column.target) target();
      value("cells", true);
    }
  }
  return views;
}

/** The library takes a title for markup; an indicator's name may hold any sign. */
const titleFormatter = (title) => document.createTextNode(title.getValue());

/** The columns as the grid library wants them. */
export function columnsOf(model, views, formatter) {
  const number = { hozAlign: "right", headerHozAlign: "right", minWidth: 72 };
  // On a phone two frozen columns would cover what is entered; elsewhere the sum stays in sight.
  const small = matchMedia("(width <= 640px)").matches;
  const total = model.columns.reduce((sum, column) => sum + Number(column.full), 0);
  return [
    { title: "", field: "number", width: 44, hozAlign: "center", frozen: true, cssClass: "entry-number", visible: !small },
    { title: _("单位"), field: "name", width: small ? 104 : 148, frozen: true, cssClass: "entry-unit", formatter },
    ...model.columns.map((column) => ({
      title: _("%(name)s 满 %(full)s", { name: column.name, full: column.full }),
      titleFormatter,
      headerHozAlign: "center",
      columns: views.filter((view) => view.code === column.code).map((view) => ({
        ...number, title: view.label, field: view.field, formatter,
        cssClass: view.entered ? "entry-own" : "entry-other",
      })),
    })),
    { ...number, title: _("合计 %(total)s", { total }), field: "total", minWidth: 104, formatter, frozen: !small, cssClass: "entry-total" },
  ];
}
