// The wrong contestant's sheet: when one is opened while another ought to come first
// at this station, the judge is asked, before any mark is on it and once for each
// that was passed over.

import { ask } from "../shared/dialog.js";
import { _ } from "../shared/words.js";

/** Ask where there is reason to; goes to the other sheet when the judge says so. */
export async function askSide({ markedSheet, journal, address }) {
  const { server } = markedSheet;
  const before = server.expected;
  if (!before || markedSheet.now.state !== "not_begun" || !markedSheet.now.open) return;
  if (await begun(journal, before.id)) return;
  const key = `side:${before.id}`;
  if (await journal.get(key)) return;
  await journal.set(key, true);
  const stay = await ask({
    title: _("这是 %(code)s，排在前面的是 %(before)s，对吗？", { code: server.code, before: before.code }),
    text: _("%(before)s 还没评。看看选手身上的编号。", { before: before.code }),
    below: _("只问一次。跳过 %(before)s 也没关系，它还在待评的里面。", { before: before.code }),
    yes: _("对，就评 %(code)s", { code: server.code }),
    no: _("打开 %(before)s", { before: before.code }),
  });
  if (stay === false) location.href = address(before.id);
}

/** Whether this tablet knows better than the page that the other one is begun. */
async function begun(journal, id) {
  const kept = (await journal.sheets()).find((sheet) => sheet.id === id);
  if (kept && kept.state !== "not_begun") return true;
  return (await journal.ofSheet(id)).some(({ act }) => act.kind === "mark");
}
