// The sheet page: puts the controls in place and keeps them true to the sheet.

import { judgesChip } from "./chip.js";
import { commentDialog } from "./comment.js";
import { build } from "./sheet_controls/build.js";
import { MarkedSheet } from "./marked_sheet.js";
import { pageData, parts, press, show, write } from "../shared/dom.js";
import { fold } from "./fold.js";
import { judgesKeeping } from "./keeping/judges_keeping.js";
import { missing } from "./marking.js";
import { noteDialog } from "./note.js";
import { oddQuestions } from "./outliers.js";
import { keepAtHand } from "../keeping/offline.js";
import { photoButton } from "./photos.js";
import { followRules } from "./other_rules.js";
import { remark } from "./remark.js";
import { reminders, reminderText } from "./reminder.js";
import { askSide } from "./wrong_sheet.js";
import { foot } from "./submit.js";
import { alerts } from "./alerts.js";
import { watchTheServer } from "./keeping/poll.js";
import { keepKey } from "./keeping/tablet_key.js";
import { guardTaps } from "./taps.js";
import { themeSwitch } from "../shared/theme.js";
import { undoLine } from "./undo.js";
import { _ } from "../shared/words.js";

const main = document.getElementById("main");
const { judge } = document.body.dataset;
const part = parts(document.body);

const { journal, line, outbox } = await judgesKeeping(judge).open();
const markedSheet = await new MarkedSheet(pageData("sheet-data"), journal, line).open();

/** What the controls may ask of the page. */
const page = {
  markedSheet,
  opened: null,
  address: (id) => main.dataset.address.replace("SHEET", encodeURIComponent(id)),
  put(aspect, value, extra) {
    const problem = markedSheet.put(aspect, value, extra);
    if (problem) return tell(problem);
    if (!controls.get(aspect.code).opens) page.opened = aspect.code;
    page.askOdd(aspect);
  },
  askOdd: (aspect, why) => odd.ask(aspect, why),
  askAllOdd: () => odd.askAll(),
  open(code) {
    page.opened = code;
    draw();
    controls.get(code).root.scrollIntoView({ block: "nearest" });
    controls.get(code).focus();
  },
  closed() {
    page.opened = null;
    journal.written().then(() => {
      draw();
      const next = missing(markedSheet.aspects, markedSheet.now.values)[0];
      if (next) page.go(next);
      else part.submit?.focus();
    });
  },
  /** To an aspect; `enter`: with its keypad open at once, where it has one of its own. */
  go(aspect, enter = false) {
    const control = controls.get(aspect.code);
    page.opened = aspect.code;
    draw();
    control.root.scrollIntoView({ block: control.opens ? "nearest" : "center" });
    if (enter && control.openKeypad) control.openKeypad();
    else control.focus();
  },
  note: (aspect) => noteDialog(aspect, markedSheet),
  // Signing is fetched when it is wanted: it needs the server anyway.
  sign: () => import("./signing/signing.js").then(
    ({ signDialog }) => signDialog({ ...page, journal, line, outbox }),
    () => tell(_("没有网络，签名要连着服务器。分数都在，连上再签")),
  ),
};

guardTaps();
const { controls, groups } = build(markedSheet.aspects, page, part);
const odd = oddQuestions(page, controls);
const tell = alerts(part.alerts, markedSheet);
const folding = fold(part.tiles, groups, controls, page);
const talks = remark(part.talks, controls, page);
const bottom = foot(part.foot, page);
const undo = undoLine(part.undoline, markedSheet);
part.wholenote?.addEventListener("click", () => page.note(null));
part.comment?.addEventListener("click", () => commentDialog(markedSheet));
photoButton(part.photo, part.photowords, page, outbox.photos);
const hear = reminders(part.heard, [markedSheet.server]);

const apartSeen = new Set();
press(part.apartaway, () => {
  for (const words of [...markedSheet.server.apart ?? [], ...markedSheet.server.lost ?? []]) apartSeen.add(words);
  draw();
});

function draw() {
  const now = markedSheet.now;
  for (const aspect of markedSheet.aspects) {
    controls.get(aspect.code).update(now, page.opened === aspect.code);
  }
  talks.update(now);
  folding.update(now, page.opened);
  bottom.update(now);
  undo.update(Boolean(page.opened && controls.get(page.opened).opens));
  const returned = now.open && markedSheet.server.returned_reason;
  show(part.returned, Boolean(returned));
  if (returned) write(part.returnedwords, _("退回：%(reason)s", { reason: markedSheet.server.returned_reason }));
  // Where nothing was called back, all lies folded: nothing else says that a tile opens.
  const whole = returned && !markedSheet.server.remark && !missing(markedSheet.aspects, now.values).length;
  show(part.returnedhow, Boolean(whole));
  // What the judge has done since, sent or not, answers it.
  const reminded = now.open && !markedSheet.waits ? markedSheet.server.reminded : null;
  // Its room is kept: nothing may move under a finger when it comes or goes.
  part.reminded.classList.toggle("reserved", !reminded);
  write(part.reminded, reminderText(reminded ?? "00:00"));
  hear([{ ...markedSheet.server, reminded }]);
  const signed = now.state === "signed" && markedSheet.server.signing?.signed;
  show(part.signednote, Boolean(signed));
  // What is locked takes none of these: the server would refuse them.
  show(part.wholenote, now.state !== "signed" && !markedSheet.server.locked);
  // Where the rules have since let go of comments, none is asked for.
  const comments = Boolean(markedSheet.server.comments);
  show(part.comment, comments && now.state !== "signed" && !markedSheet.server.locked);
  write(part.commentwords, now.comment ? _("改评语") : _("写评语"));
  show(part.commentline, comments && Boolean(now.comment));
  write(part.commenttext, now.comment);
  show(part.withdraw, !markedSheet.server.locked);
  // What the contestant has signed may still be read.
  if (part.record) show(part.record, !markedSheet.server.locked || "signed" in part.record.dataset);
  write(part.signedat, signed ? _("已签名 %(time)s", { time: signed.clock }) : "");
  const brought = markedSheet.server.brought ?? [];
  show(part.broughtnote, brought.length > 0);
  write(part.broughtwords, brought.join(" · "));
  // What was tapped since and has not gone out answers it.
  const apart = now.open && !markedSheet.waits ? markedSheet.server.apart ?? [] : [];
  const lost = now.open ? markedSheet.server.lost ?? [] : [];
  const fresh = [...apart, ...lost].filter((words) => !apartSeen.has(words));
  // It lies over the sheet: nothing may move under a finger when it comes or goes.
  show(part.apartnote, fresh.length > 0);
  write(part.apartwords, fresh.join(" · "));
  const time = now.open ? null : markedSheet.server.time;
  show(part.timeline, Boolean(time));
  write(part.timewords, time ? _("用时：%(what)s", { what: time }) : "");
  write(part.signedwords, signed ? signed.words : "");
}

markedSheet.addEventListener("change", draw);
judgesChip(outbox);
themeSwitch();
draw();
await outbox.start();
watchTheServer(line, journal, markedSheet);
followRules(markedSheet, tell);
keepKey(journal, line);
main.dataset.ready = "yes";
askSide({ markedSheet, journal, address: page.address });
if (location.hash === "#sign" && markedSheet.now.state === "submitted") page.sign();
keepAtHand();
