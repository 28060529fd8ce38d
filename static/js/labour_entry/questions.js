// What is asked in a dialog: which unit, why something signed off is changed, name and PIN.

import { openDialog } from "../shared/dialog.js";
import { clone, parts, show, write } from "../shared/dom.js";
import { isTooLong } from "../shared/text_limits.js";
import { _ } from "../shared/words.js";

/** Go to a unit: go(code) for the one whose name or number was typed. */
export function askUnit(rows, go) {
  const root = clone("t-find");
  const part = parts(root);
  const close = openDialog(root, _("找单位"));
  const match = () => {
    const wanted = part.unit.value.trim();
    if (!wanted) return null;
    return rows.find((row) => row.name === wanted || row.code === wanted)
      ?? rows.find((row) => row.name.includes(wanted)) ?? null;
  };
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const row = match();
    show(part.none, !row);
    if (!row) return;
    close();
    go(row.code);
  });
  part.unit.focus();
}

/** Why so many squares that are signed off are changed; resolves with null for no answer. */
export function askReason(squares) {
  return new Promise((resolve) => {
    const root = clone("t-reason");
    const part = parts(root);
    let reason = null;
    const close = openDialog(root, _("更正"), () => resolve(reason));
    write(part.size, _("更正 %(n)s 格", { n: squares }));
    root.addEventListener("submit", (event) => {
      event.preventDefault();
      if (isTooLong(part.reason, part.reasonproblem)) return;
      reason = part.reason.value.trim() || null;
      if (reason) close();
    });
    part.reason.focus();
  });
}

/** Name and PIN; send({name, pin}) resolves with what is wrong, or with "". */
export function askName({ who, units }, send) {
  const root = clone("t-name");
  const part = parts(root);
  const close = openDialog(root, _("签核"));
  write(part.size, _("%(who)s签核 %(n)s 家", { who, n: units }));
  let busy = false;
  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const problem = await send({ name: part.name.value, pin: part.pin.value });
    busy = false;
    if (!problem) return close();
    write(part.problem, problem);
    show(part.problem, true);
    part.pin.value = "";
    part.pin.focus();
    return undefined;
  });
  part.name.focus();
}
