// The line of the last act, with 撤销 until the sheet is handed in.

import { block, clock, parts, press, show, write } from "../shared/dom.js";
import { typeOf } from "./aspect_types.js";
import { showValue } from "./list.js";
import { _ } from "../shared/words.js";

/** What a row did, in a sentence: 记了第 2 次碰杆, 操作平稳评 2. */
function sentence(row, aspect) {
  const { act, before, undoes } = row;
  const name = aspect.name;
  if (act.kind === "clear") return _("%(name)s 改回没评", { name });
  if (undoes) return _("撤了，%(name)s 回到 %(value)s", { name, value: showValue(act) });
  const { countsFaults } = typeOf(aspect);
  if (countsFaults && BigInt(act.value) === BigInt(before ?? "0") + 1n) {
    return _("记了第 %(count)s 次%(name)s", { count: act.value, name });
  }
  if (countsFaults) {
    return _("%(name)s 改成 %(count)s 次", { name, count: act.value });
  }
  return _("%(name)s 评 %(value)s", { name, value: showValue(act) });
}

/** Draw and drive the line; root carries parts words and undo. */
export function undoLine(root, markedSheet) {
  const part = parts(root);
  press(part.undo, () => markedSheet.undo());
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("dialog, .keypad");
    if (!(event.ctrlKey || event.metaKey) || event.key !== "z" || typing) return;
    event.preventDefault();
    markedSheet.undo();
  });
  return {
    update(away) {
      const { open } = markedSheet.now;
      // It has its room from the beginning: nothing may move under a finger with the first tap.
      show(root, open && !away);
      const row = open ? markedSheet.latest : null;
      const aspect = row && markedSheet.aspects.find((candidate) => candidate.code === row.act.aspect);
      write(part.words, aspect ? `${clock(row.act.at, true)} ${sentence(row, aspect)}` : _("还没有记过，记了写在这里"));
      block(part.undo, !aspect || !markedSheet.last);
    },
  };
}
