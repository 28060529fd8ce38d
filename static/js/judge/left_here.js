// Marks that wait on this tablet, whoever is signed in or nobody: by whom, how many, and how to
// hand them over. On a shared tablet the next judge sees those of the one before.

import { keptAside } from "../keeping/aside.js";
import { isKept, Store } from "../keeping/store.js";
import { saveFile, showCodes } from "./offline_package.js";
import { clone, parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

/** The judges whose acts wait here, but one: [{judge, name, rows, key}]. */
export async function leftHere(but = null) {
  if (!(await isKept())) return [];
  const store = new Store();
  const judges = Object.keys(await store.counts().catch(() => ({}))).filter((judge) => judge !== but);
  return Promise.all(judges.map(async (judge) => ({
    judge,
    name: await store.get(`${judge}:name`),
    key: await store.get(`${judge}:key`),
    rows: [...(await store.waiting(judge)), ...keptAside(judge)],
  })));
}

/** Draw a line for each of them into a list. */
export function drawLeft(list, left) {
  list.replaceChildren(...left.map(({ judge, name, rows, key }) => {
    const line = clone("t-left");
    const part = parts(line);
    const codes = [...new Set(rows.map((row) => row.label?.code).filter(Boolean))];
    write(part.who, name || _("一位裁判"));
    write(part.what, _("%(count)s 条没上传：%(codes)s", { count: rows.length, codes: codes.join(_("、")) }));
    press(part.file, () => saveFile(judge, rows, key, name));
    press(part.codes, () => showCodes(judge, rows, key));
    return line;
  }));
}

const root = document.querySelector('[data-part="lefthere"]');
if (root) {
  leftHere().then((left) => {
    drawLeft(parts(root).leftlist, left);
    show(root, left.length > 0);
  });
}
