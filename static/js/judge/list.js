// An act in a few words, for lists and the line of the last act.

import * as duration from "../shared/duration.js";
import { _ } from "../shared/words.js";

const watched = (seconds) => duration.show(duration.milliseconds(seconds));

/** 17.5, 合格, 提交 … */
export function showValue(act) {
  if (act.kind === "submit") return _("提交");
  if (act.kind === "clear") return _("改回没评");
  if (act.kind === "note") return _("备注");
  if (act.kind === "photo") return _("照片");
  if (act.kind === "watch_start") return _("开始计时");
  if (act.kind === "watch_stop") return _("停表 %(value)s", { value: watched(act.value) });
  if (act.kind === "watch_correct") return _("更正为 %(value)s", { value: watched(act.value) });
  if (act.value === true) return _("合格");
  if (act.value === false) return _("不合格");
  return String(act.value ?? "");
}
