// The states of a sheet: icon and word, in the order that ticks and counts stand in.

import { _ } from "../shared/words.js";

export const STATES = {
  signed: "i-signed",
  submitted: "i-up-circle",
  complete: "i-check-circle",
  begun: "i-half-circle",
  returned: "i-return",
  not_begun: "i-dashed-circle",
};

export function stateWord(state) {
  switch (state) {
    case "signed": return _("已签名");
    case "submitted": return _("已提交");
    case "complete": return _("已完成");
    case "begun": return _("进行中");
    case "returned": return _("退回");
    default: return _("未开始");
  }
}
