// What is marked folds into tiles when the eye belongs elsewhere: while a keypad
// is open, when everything is marked, and on a sheet that is handed in.

import { block, clone, parts, press, show, write } from "../shared/dom.js";
import { got, most } from "./sheet_controls/common.js";
import { missing, standing, startsAtZero } from "./marking.js";

export function fold(place, groups, controls, page) {
  const { aspects } = page.markedSheet;
  const tiles = new Map(aspects.map((aspect) => [aspect.code, tile(aspect, page)]));
  place.append(...[...tiles.values()].map(({ root }) => root));
  const onlyCounters = aspects.every(startsAtZero);

  return {
    update(now, opened) {
      const { values, open } = now;
      const allIn = !missing(aspects, values).length && !onlyCounters;
      // Marked anew, only what is asked for lies open.
      const anew = missing(aspects, values).some((aspect) => aspect.before !== undefined);
      const elsewhere = !open || allIn || anew || Boolean(opened && controls.get(opened).opens);
      for (const aspect of aspects) {
        const control = controls.get(aspect.code);
        const value = standing(aspect, values);
        // A counter that nobody touched has nothing to fold away while the sheet is open.
        const marked = open ? values[aspect.code] !== undefined : value !== undefined;
        const folded = elsewhere && marked && !(open && opened === aspect.code && !control.passive);
        const { root, part } = tiles.get(aspect.code);
        show(control.root, !folded);
        show(root, folded);
        if (!folded) continue;
        write(part.value, control.tile(value));
        write(part.got, got(aspect, value) || "—");
        write(part.most, most(aspect));
        block(root, !open);
      }
      // What is asked for comes first, what stands below it.
      const list = groups[0]?.root.parentElement;
      if (list && (list.nextElementSibling === place) !== anew) list[anew ? "after" : "before"](place);
      for (const group of groups) {
        show(group.root, group.codes.some((code) => !controls.get(code).root.hidden));
      }
      show(place, [...tiles.values()].some(({ root }) => !root.hidden));
    },
  };
}

function tile(aspect, page) {
  const root = clone("t-tile");
  const part = parts(root);
  write(part.name, aspect.name);
  press(root, () => page.go(aspect));
  return { root, part };
}
