// A value in a few words: 2 次, 2 档, 14 毫米, 合格, 08:02.0, 17.5.

import * as duration from "../shared/duration.js";
import { isYesNo } from "./marking.js";
import { _ } from "../shared/words.js";

export function valueText(aspect, value) {
  if (isYesNo(aspect)) return value ? _("合格") : _("不合格");
  switch (aspect.type) {
    case "deduction": return _("%(count)s 次", { count: value });
    case "judgement": return _("%(level)s 档", { level: value });
    case "time": return duration.show(duration.milliseconds(value));
    case "score": return value;
    default: return `${value} ${aspect.unit ?? ""}`.trim();
  }
}
