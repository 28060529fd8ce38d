// Which checks of a checklist are met, as the note of the act that says how many.

const SHAPE = /^met:(\d+(,\d+)*)?$/;

/** The note of a mark: "met:0,2". */
export const metNote = (places) => `met:${places.join(",")}`;

/** The places that a note tells, or null where it tells none. */
export function metIn(note) {
  const match = typeof note === "string" ? SHAPE.exec(note) : null;
  if (!match) return null;
  return match[1] ? match[1].split(",").map(Number) : [];
}

/** The places as long as they fit the value that stands; null where they are not known. */
export function metOf(value, places) {
  if (value === undefined) return null;
  if (value === "0") return [];
  return places && String(places.length) === String(value) ? places : null;
}
