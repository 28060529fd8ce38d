// One question a screen: its text, what it is answered with, the way to the others.

import { isOpen, openDialog } from "../shared/dialog.js";
import { block, clone, parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";
import { kindWord, showQuestion } from "./answers.js";
import { numbers, questionMap } from "./question_map.js";

/** Which question lay open, so that a page that was loaded anew, or another tab, opens there. */
const placeKey = (sitting) => `exam-place ${sitting}`;

function keptPlace(sitting) {
  try {
    return Number(localStorage.getItem(placeKey(sitting))) || 0;
  } catch {
    return 0;
  }
}

/** Keep the place; none once the paper is gone. */
export function keepPlace(sitting, place) {
  try {
    if (place === null) localStorage.removeItem(placeKey(sitting));
    else localStorage.setItem(placeKey(sitting), String(place));
  } catch { /* then it opens at the first */ }
}

/** Drive the questions of an open paper; part: the page's parts. */
export function questions(part, paper, sitting) {
  const list = paper.questions;
  const last = list.length - 1;
  let place = 0;
  let control = null;
  const question = () => list[place];
  const stateOf = (at) => ({
    answered: sitting.isAnswered(list[at].code),
    flagged: sitting.now.flags.has(list[at].code),
  });
  const isLocked = () => sitting.state !== "open";

  const draw = () => {
    control.update(isLocked());
    map.update(place);
    const flagged = stateOf(place).flagged;
    part.flag.setAttribute("aria-pressed", String(flagged));
    for (const button of [part.flag, part.handin]) block(button, isLocked());
  };

  const go = (to) => {
    if (to === undefined || !list[to]) return;
    control?.flush();
    place = to;
    keepPlace(sitting.id, place);
    const { kind, points } = question();
    const words = _("第 %(n)s 题，共 %(count)s 题", { n: place + 1, count: list.length });
    write(part.place, words);
    write(part.kind, _("%(kind)s，%(points)s 分", { kind: kindWord(kind), points }));
    control = showQuestion(part, question(), sitting);
    block(part.before, place === 0);
    // The last question leads to handing in.
    write(part.after, place === last ? _("交卷") : _("下一题"));
    part.handin.hidden = place === last;
    draw();
    scrollTo(0, 0);
    part.stem.focus({ preventScroll: true });
    control.focus();
  };

  const handIn = () => {
    control.flush();
    if (isLocked()) return;
    const open = list.map((_question, at) => at).filter((at) => !stateOf(at).answered);
    const flagged = list.filter((_question, at) => stateOf(at).flagged).length;
    const box = clone("t-hand-in");
    const inner = parts(box);
    const marked = flagged ? _("%(n)s 题想再看。", { n: flagged }) : "";
    write(inner.text, open.length
      ? _("还有 %(n)s 题没答，点题号回去答。%(marked)s", { n: open.length, marked })
      : _("%(n)s 题都答了。%(marked)s", { n: list.length, marked }));
    const close = openDialog(box, inner.title.textContent);
    numbers(inner.numbers, open, { stateOf, go: (at) => { close(); go(at); } });
    show(inner.numbers, open.length > 0);
    press(inner.stay, close);
    press(inner.yes, () => {
      close();
      sitting.handIn();
    });
    inner.stay.focus();
  };

  const flag = () => {
    if (!isLocked()) sitting.flag(question().code, !stateOf(place).flagged);
  };
  const next = () => (place === last ? handIn() : go(place + 1));

  const map = questionMap(part, list.length, { stateOf, go });
  press(part.before, () => go(place - 1));
  press(part.after, next);
  press(part.flag, flag);
  press(part.handin, handIn);

  /** A–J and 1–9 choose, the arrows turn, M flags, Enter goes on; in a field letters are letters. */
  const typed = (event) => {
    if (part.work.hidden || isOpen() || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    const writes = target.matches("input, textarea");
    if (writes && !(key === "Enter" && target.matches("input"))) return;
    const act = () => {
      if (key === "Enter") {
        // A button that has the focus is pressed by it.
        if (target.closest("button, a") && !target.matches(".exam-option")) return false;
        return next();
      }
      if (key === "ArrowRight") return go(place + 1);
      if (key === "ArrowLeft") return go(place - 1);
      if (/^[1-9]$/.test(key)) return isLocked() ? null : control.pick(Number(key) - 1);
      const letter = key.toUpperCase();
      if (/^[A-J]$/.test(letter)) return isLocked() ? null : control.pick(letter.charCodeAt(0) - 65);
      if (letter === "M") return flag();
      return false;
    };
    if (act() !== false) event.preventDefault();
  };
  document.addEventListener("keydown", typed);

  go(Math.min(keptPlace(sitting.id), last));
  return { draw, go, flush: () => control.flush() };
}
