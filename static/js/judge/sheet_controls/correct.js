// 更正: a time put right by hand, with the reason in one tap.

import { clone, parts, press, show, write } from "../../shared/dom.js";
import { openDialog } from "../../shared/dialog.js";
import * as duration from "../../shared/duration.js";
import { keypad } from "../keypad.js";
import { refusal } from "../marking.js";
import { _ } from "../../shared/words.js";

/** Ask for the right time and why; calls done(milliseconds, reason). */
export function correct(aspect, elapsed, done) {
  const box = clone("t-correct");
  const part = parts(box);
  const reasons = [...box.querySelectorAll("[data-reason]")];
  let reason = "";
  write(part.title, _("更正%(name)s", { name: aspect.name }));
  // Where no time was taken there is no former one: a zero would be read as a reading.
  write(part.before, elapsed > 0 ? _("原 %(time)s", { time: duration.show(elapsed) }) : _("没有计过时"));

  const missing = () => {
    if (reason && reason !== "other") return null;
    if (reason === "other" && part.other.value.trim()) return null;
    return reason ? _("写一句为什么改") : _("点一下为什么改");
  };
  const pad = keypad({
    label: aspect.name,
    text: duration.show(elapsed),
    shape: duration.typed,
    point: false,
    check(text) {
      const ms = duration.read(text);
      return (ms === null ? _("秒数最多 59，%(text)s 没有记下", { text })
        : refusal(aspect, duration.seconds(ms))) ?? missing();
    },
    confirm(text) {
      const words = reason === "other" ? part.other.value.trim() : reason;
      close();
      done(duration.read(text), words);
    },
    cancel: () => close(),
  });
  part.place.append(pad.root);
  for (const chip of reasons) {
    press(chip, () => {
      reason = chip.dataset.reason;
      for (const button of reasons) button.setAttribute("aria-pressed", String(button === chip));
      show(part.otherbox, reason === "other");
      // A keyboard goes on with the time where the finger chose why.
      if (reason === "other") part.other.focus();
      else pad.focus();
    });
  }
  // Typing the reason is no typing of digits.
  part.other.addEventListener("keydown", (event) => event.stopPropagation());
  const close = openDialog(box, part.title.textContent);
  press(part.close, close);
  pad.focus();
}
