// Sentences that the draw's core left with their holes, which may hold sentences and lists.

import { _ } from "../../shared/words.js";

/** The sentence in the page's language. */
export function sentence({ text, holes }) {
  const filled = {};
  for (const [name, value] of Object.entries(holes ?? {})) {
    filled[name] = Array.isArray(value) ? value.join(_("、"))
      : value && typeof value === "object" ? sentence(value) : value;
  }
  return _(text, filled);
}
