// Sentences for the judge.
// The Chinese text is the key; a page in another language carries its translations in <script
// type="application/json" id="words">.

import { pageData } from "./dom.js";

let catalogue;

/** The sentence in the page's language, with its holes %(name)s filled; %% is a percent sign. */
export function _(text, holes) {
  if (!catalogue) catalogue = pageData("words") ?? {};
  const sentence = catalogue[text] ?? text;
  if (!holes) return sentence;
  return sentence.replace(/%\((\w+)\)s|%%/g, (whole, name) =>
    name ? String(holes[name] ?? "") : "%");
}
