// The rules changed while a sheet lay open: its controls are built once, so the page opens anew.

import { _ } from "../shared/words.js";

const PLACE = "compete.rules";

/** What was tapped is on the disk first; where the page stays as it was, the judge is told once. */
export function followRules(markedSheet, tell) {
  const lastReload = sessionStorage.getItem(PLACE);
  let done = false;
  if (lastReload && lastReload === `${markedSheet.server.id} ${markedSheet.rules}`) {
    sessionStorage.removeItem(PLACE);
    tell(_("规则换了新的一版：配分可能变了，看一遍再评、再交。已经评的分都在"));
  }
  const look = async () => {
    if (done || !markedSheet.isOutdated) return;
    done = true;
    const now = `${markedSheet.server.id} ${markedSheet.server.rules}`;
    if (sessionStorage.getItem(PLACE) === now) {
      tell(_("规则换了新的一版，这一页还是旧的：连上网，回去再打开"));
      return;
    }
    sessionStorage.setItem(PLACE, now);
    await markedSheet.journal.written();
    location.reload();
  };
  markedSheet.addEventListener("change", look);
  look();
}
