// The map of questions: a tick for each below the question, all numbers in a dialog, and what is
// answered, flagged and open in words.

import { openDialog } from "../shared/dialog.js";
import { clone, parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

export function stateWords(number, { answered, flagged }) {
  const state = answered ? _("答了") : _("没答");
  return flagged ? _("第 %(n)s 题，%(state)s，想再看", { n: number, state }) : _("第 %(n)s 题，%(state)s", { n: number, state });
}

/** Buttons with the numbers of questions; go(place) leads to one. */
export function numbers(root, places, { stateOf, go, here = -1 }) {
  root.replaceChildren(...places.map((place) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const state = stateOf(place);
    button.type = "button";
    button.textContent = String(place + 1);
    button.setAttribute("aria-label", stateWords(place + 1, state));
    button.classList.toggle("answered", state.answered);
    button.classList.toggle("flagged", state.flagged);
    if (place === here) button.setAttribute("aria-current", "step");
    button.addEventListener("click", () => go(place));
    item.append(button);
    return item;
  }));
}

/** The map of so many questions; stateOf(place): {answered, flagged}; go(place) leads to one. */
export function questionMap(part, count, { stateOf, go }) {
  const ticks = Array.from({ length: count }, (_none, place) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    // One stop of the keyboard is enough: the dialog has all numbers.
    button.tabIndex = -1;
    button.addEventListener("click", () => go(place));
    item.append(button);
    return button;
  });
  part.ticks.replaceChildren(...ticks.map((button) => button.parentElement));
  const all = Array.from({ length: count }, (_none, place) => place);
  let here = 0;
  const firstFlagged = () => all.find((place) => stateOf(place).flagged);
  const firstSkipped = () => all.find((place) => place < here && !stateOf(place).answered);
  press(part.all, () => {
    const box = clone("t-map");
    const inner = parts(box);
    const close = openDialog(box, inner.title.textContent);
    numbers(inner.numbers, all, { stateOf, here, go: (place) => { close(); go(place); } });
    press(inner.close, close);
    inner.numbers.querySelector("[aria-current]")?.focus();
  });
  press(part.marked, () => go(firstFlagged()));
  press(part.skipped, () => go(firstSkipped()));
  return {
    update(place) {
      here = place;
      const states = all.map(stateOf);
      ticks.forEach((button, at) => {
        button.classList.toggle("answered", states[at].answered);
        button.classList.toggle("flagged", states[at].flagged);
        button.setAttribute("aria-label", stateWords(at + 1, states[at]));
        if (at === here) button.setAttribute("aria-current", "step");
        else button.removeAttribute("aria-current");
      });
      const answered = states.filter((state) => state.answered).length;
      const flagged = states.filter((state) => state.flagged).length;
      write(part.done, _("%(n)s 答了", { n: answered }));
      write(part.marked, _("%(n)s 想再看", { n: flagged }));
      show(part.marked, flagged > 0);
      write(part.open, _("%(n)s 没答", { n: count - answered }));
      const skipped = firstSkipped();
      show(part.skipped, skipped !== undefined);
      if (skipped !== undefined) write(part.skipped, _("前面漏了第 %(n)s 题", { n: skipped + 1 }));
    },
  };
}
