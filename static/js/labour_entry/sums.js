// What the chosen squares come to.

import { numberIn } from "./model.js";
import { _ } from "../shared/words.js";

const round = (number) => String(Math.round(number * 1e6) / 1e6);

/** How many are chosen, their sum and mean; "" for one alone, and where none is a number. */
export function sumWords({ chosen, rows, views }, model) {
  if (chosen.single) return "";
  let [squares, numbers, sum] = [0, 0, 0];
  for (const [row, at] of chosen.squares()) {
    const { code, kind, side } = views[at];
    const { text } = model.entry(rows[row]?.code, code, kind, side);
    const number = text ? numberIn(text) : null;
    squares += 1;
    if (number === null) continue;
    numbers += 1;
    sum += number;
  }
  return numbers && _("选了 %(squares)s 格，和 %(sum)s，平均 %(mean)s", {
    squares, sum: round(sum), mean: round(sum / numbers),
  });
}
