// What all controls share: the head line with name, hint and marks, and the view
// of one aspect (value, marks, most) that they and the tiles are drawn from.

import { brief, exact, times } from "../../shared/exact.js";
import { marks, standing } from "../marking.js";
import { write } from "../../shared/dom.js";
import { _ } from "../../shared/words.js";

/** An aspect's `max` as it counts in the total. */
export const most = (aspect) => brief(times(exact(aspect.max), factor(aspect)));

const factor = (aspect) => exact(aspect.factor ?? 1);

/** The marks of the value that stands, as they count in the total; "" for none. */
export function got(aspect, value) {
  const exactly = value === undefined ? null : marks(aspect, value);
  return exactly ? brief(times(exactly, factor(aspect))) : "";
}

/** Fill a control's name and hint once: how it is marked, then the scheme's own words. */
export function head(part, aspect, ...words) {
  write(part.name, aspect.name);
  const factor = brief(exact(aspect.factor ?? 1), 6);
  if (factor !== "1") words.push(_("乘 %(factor)s 计入", { factor }));
  write(part.hint, words.filter(Boolean).join(_("，")));
}

/** Name a button for a screen reader: which aspect it is of, then what stands on it. */
export function name(button, aspect, words) {
  button.setAttribute("aria-label", _("%(name)s：%(words)s", { name: aspect.name, words }));
}

/** Write 得 16 / 20 from what stands. */
export function showMarks(part, aspect, values) {
  const value = standing(aspect, values);
  write(part.got, value === undefined ? "—" : got(aspect, value) || "—");
  write(part.most, most(aspect));
}

/** Call step once on a press, and again and again while it is held; `end` when let go. */
export function hold(button, step, end) {
  let timer = null;
  const stop = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    end();
  };
  button.addEventListener("pointerdown", (event) => {
    if (event.button || button.getAttribute("aria-disabled") === "true") return;
    const again = (wait) => {
      timer = setTimeout(() => { step(); again(110); }, wait);
    };
    step();
    again(450);
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
    button.addEventListener(name, stop);
  }
  // A click without a pointer comes from a keyboard or a screen reader.
  button.addEventListener("click", (event) => {
    if (event.detail || button.getAttribute("aria-disabled") === "true") return;
    step();
    end();
  });
}
