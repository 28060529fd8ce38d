// Leaving while something still waits on the tablet: signing out says that it stays here, and asks;
// a page that alone holds something asks before it is closed.

import { ask } from "../shared/dialog.js";
import { _ } from "../shared/words.js";

/** Ask before the menu's form signs out, as long as the outbox holds something. */
export function askBeforeLeaving(outbox) {
  const form = document.querySelector('.menu form[action$="/sign-out"]');
  let sure = false;
  form?.addEventListener("submit", async (event) => {
    const count = outbox.allWaiting.length;
    if (!count || sure) return;
    event.preventDefault();
    const stay = await ask({
      title: _("还有 %(count)s 条没上传", { count }),
      text: _("退出以后它们留在这台平板上，你在这台平板上再登录时自动上传。别人登录看不到，也改不了。"),
      yes: _("先不退出"),
      no: _("退出登录"),
    });
    if (stay !== false) return;
    sure = true;
    form.requestSubmit();
  });
  outbox.addEventListener("change", () => {
    const { journal, photos } = outbox;
    if (journal.fragile || (photos.fragile && photos.waiting.length)) {
      addEventListener("beforeunload", stayHere);
    } else removeEventListener("beforeunload", stayHere);
  });
}

/** The browser asks in its own words. */
const stayHere = (event) => event.preventDefault();
