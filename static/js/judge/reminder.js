// The chief judge's reminder of a sheet that came back: how it reads, and that it is
// heard and felt once, when it comes in while the page is open.

import { write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

/** The reminder that stands, in words, or "". reminded: "10:31" by the hall's clock, or null. */
export const reminderText = (reminded) =>
  (reminded ? _("裁判长 %(time)s 提醒你", { time: reminded }) : "");

/**
 * What the page showed from the start is not news. Returns hear(sheets), sheets being
 * [{id, code, reminded}]: what is new among them is said in place, a live region.
 */
export function reminders(place, shown) {
  const key = (sheet) => `${sheet.id} ${sheet.reminded}`;
  const known = new Set(shown.map(key));
  return (sheets) => {
    const fresh = sheets.filter((sheet) => sheet.reminded && !known.has(key(sheet)));
    if (!fresh.length) return;
    for (const sheet of fresh) known.add(key(sheet));
    write(place, fresh.map((sheet) => `${sheet.code} ${reminderText(sheet.reminded)}`).join(_("，")));
    // A browser complains of a page that shakes before it was ever touched.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(200);
  };
}
