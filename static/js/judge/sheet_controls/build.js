// From a sheet's aspects to its controls, in groups under their headings.
// Fault counters stand two a row; all else takes the width.

import { clone, parts, write } from "../../shared/dom.js";
import { typeOf } from "../aspect_types.js";
import { _ } from "../../shared/words.js";
import { checklist } from "./checklist.js";
import { counter } from "./counter.js";
import { ladder } from "./ladder.js";
import { measured } from "./measured.js";
import { score } from "./score.js";
import { timed, watch } from "./watch.js";
import { yesno } from "./yesno.js";

/** Which control stands for which type. */
const MAKERS = {
  score, judgement: ladder, checklist, deduction: counter, time: watched, relative: measured,
  factored: (aspect, page) => score({
    ...aspect, max: aspect.top, hint: [aspect.hint, _("再乘难度系数")].filter(Boolean).join(" "),
  }, page),
  measurement: (aspect, page) => (typeOf(aspect).isYesNo(aspect) ? yesno : measured)(aspect, page),
};

/**
 * Fill part.aspects (and part.watches with a strip for each time aspect).
 * Returns {controls: Map code → control, groups: [{root, codes}]}.
 */
export function build(aspects, page, part) {
  const controls = new Map();
  const groups = [];
  let group = null;
  for (const aspect of aspects) {
    const control = MAKERS[aspect.type](aspect, page, part);
    controls.set(aspect.code, control);
    const kind = typeOf(aspect).countsFaults ? "counters" : "others";
    const heading = aspect.criterion ?? (kind === "counters" ? _("计错") : "");
    if (!group || group.kind !== kind || group.heading !== heading) {
      group = begin(kind, heading);
      groups.push(group);
      part.aspects.append(group.root);
    }
    group.codes.push(aspect.code);
    group.place.append(control.root);
    control.root.dataset.aspect = aspect.code;
  }
  for (const { root, codes, kind } of groups) {
    // A heading over one aspect only says its name twice.
    if (kind === "others" && codes.length === 1) root.firstElementChild.classList.add("spoken");
  }
  // The line of the last act stands under the first group, as near as can be to the taps.
  if (part.undoline && groups.length) groups[0].root.after(part.undoline);
  return { controls, groups };
}

function watched(aspect, page, part) {
  const strip = watch(aspect, page);
  part.watches.append(strip.root);
  return timed(aspect, page, strip);
}

function begin(kind, heading) {
  const root = clone("t-group");
  const inner = parts(root);
  write(inner.heading, heading || _("评分点"));
  inner.head.classList.toggle("spoken", !heading);
  write(inner.note, kind === "counters" ? _("看到一次点一次，点错了可撤") : "");
  inner.place.classList.add(kind);
  return { root, place: inner.place, kind, heading, codes: [] };
}
