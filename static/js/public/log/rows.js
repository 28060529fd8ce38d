// The rows of the card that shows how something came about.

import { clone, parts, write } from "../../shared/dom.js";

/** A line: what it is, from what, and what it comes to. */
export function row(what, from, worth) {
  const line = clone("t-how-row");
  const place = parts(line);
  write(place["how-what"], what);
  write(place["how-from"], from);
  write(place["how-worth"], worth ?? "—");
  return line;
}

export function text(words) {
  const line = clone("t-how-text");
  write(line, words);
  return line;
}

export function head(words) {
  const line = clone("t-how-head");
  write(line, words);
  return line;
}

/** A part that folds, with what it comes to beside its name. */
export function box(name, worth) {
  const fold = clone("t-how-module");
  const place = parts(fold);
  write(place["how-module"], name);
  write(place["how-score"], worth ?? "—");
  return fold;
}
