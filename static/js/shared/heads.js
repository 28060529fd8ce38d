// How many take part, by the word for what they are: as `heads` of the server.

import { _ } from "./words.js";

/** crewed: of all of whom is spoken, true where somebody is a crew, false where somebody is alone. */
export function heads(n, crewed) {
  const kinds = new Set(crewed);
  if (!kinds.has(true)) return _("%(n)s 人", { n });
  return kinds.has(false) ? _("%(n)s 人（组合）", { n }) : _("%(n)s 个组合", { n });
}
