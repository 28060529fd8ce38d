// Two sheets of this judge side by side, from the server's word and from what this
// tablet has not sent yet. Nothing can be changed here.

import { typeOf } from "./aspect_types.js";
import { judgesChip } from "./chip.js";
import { got, most } from "./sheet_controls/common.js";
import { clone, pageData, parts, write } from "../shared/dom.js";
import { judgesKeeping } from "./keeping/judges_keeping.js";
import { standing, totalText } from "./marking.js";
import { menus } from "../shared/menus.js";
import { replay } from "./keeping/replay.js";
import { stateWord } from "./states.js";
import { themeSwitch } from "../shared/theme.js";
import { valueText } from "./value_text.js";
import { _ } from "../shared/words.js";

const { judge } = document.body.dataset;
const part = parts(document.body);
const { journal, outbox } = await judgesKeeping(judge).open();
const sheets = pageData("compare-data");

async function draw() {
  const waiting = await journal.waiting();
  const now = await Promise.all(sheets.map(async (sheet) => {
    const kept = await journal.keepSheet(sheet);
    return replay(kept, waiting.filter((row) => row.sheet === sheet.id).map((row) => row.act));
  }));
  if (sheets.length !== 2) return;
  now.forEach(({ state, values }, side) => {
    write(part[`state${side}`], stateWord(state));
    write(part[`total${side}`], state === "not_begun" ? "—" : totalText(sheets[side].aspects, values));
  });
  part.rows.replaceChildren(...sheets[0].aspects.map((aspect) => row(aspect, now)));
}

function row(aspect, now) {
  const root = clone("t-compare");
  const inner = parts(root);
  write(inner.name, aspect.name);
  write(inner.most, _("满分 %(max)s", { max: most(aspect) }));
  const values = now.map(({ values, state }) => (state === "not_begun" ? undefined : standing(aspect, values)));
  values.forEach((value, side) => {
    write(inner[`value${side}`], value === undefined ? _("没评") : valueText(aspect, value));
    const meaning = typeOf(aspect).inLevels && value !== undefined ? aspect.descriptors?.[Number(value)] : "";
    if (meaning) {
      const small = document.createElement("small");
      small.textContent = meaning;
      inner[`value${side}`].append(small);
    }
    write(inner[`got${side}`], value === undefined ? "—" : got(aspect, value) || "—");
  });
  root.classList.toggle("differs", values[0] !== values[1] && !values.includes(undefined));
  return root;
}

for (const select of part.choose?.querySelectorAll("select") ?? []) {
  select.addEventListener("change", () => part.choose.requestSubmit());
}
journal.addEventListener("news", draw);
judgesChip(outbox);
menus();
themeSwitch();
await draw();
await outbox.start();
document.getElementById("main").dataset.ready = "yes";
