// Days as readers write them: 9月16日, 16 Sep.

import { _ } from "./words.js";

const months = () => [
  _("1月"), _("2月"), _("3月"), _("4月"), _("5月"), _("6月"),
  _("7月"), _("8月"), _("9月"), _("10月"), _("11月"), _("12月"),
];

/** `2022-09-16` as 9月16日; nothing for nothing. */
export function dayWords(date) {
  if (!date) return "";
  const [, month, day] = date.split("-").map(Number);
  return _("%(month)s%(day)s日", { month: months()[month - 1], day });
}
