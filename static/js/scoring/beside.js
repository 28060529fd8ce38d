// What the file tells beside somebody's marks and times: what the chief judge ruled, and what the
// watches read. No score hangs on it; it says whose a value is.

import { brief, exact } from "../shared/exact.js";

/** Of one contestant: ruling(stage, module, judge, aspect) and clock(stage, module), or null. */
export function besideOf(bundle, code) {
  const marks = rowsBy(bundle.marks, code, ["stage", "module", "judge", "aspect"]);
  const clocks = rowsBy(bundle.times, code, ["stage", "module"]);
  return {
    ruling: (...place) => rulingOf(marks.get(key(place))),
    clock: (...place) => clockOf(clocks.get(key(place))),
  };
}

const key = (place) => JSON.stringify(place);

/** The later of two entries for the same thing counts. */
function rowsBy(rows, code, names) {
  const own = (rows ?? []).filter(({ entrant }) => entrant === code);
  return new Map(own.map((row) => [key(names.map((name) => row[name])), row]));
}

/** {by, was}: who ruled, and what the judge had given (null where nothing). */
function rulingOf(mark) {
  const { ruled_by: by, was } = mark?.extra ?? {};
  return typeof by === "string" ? { by, was: was ?? null } : null;
}

/** {seconds, readings, aside, by, reason}; null where the file says neither readings nor a ruling. */
function clockOf(time) {
  const { readings, aside, ruled_by: by, reason } = time?.extra ?? {};
  const read = readingsOf(readings);
  if (!read.length && typeof by !== "string") return null;
  return {
    seconds: clockText(time.seconds),
    readings: read,
    aside: readingsOf(aside),
    by: typeof by === "string" ? by : null,
    reason: typeof reason === "string" ? reason : null,
  };
}

/** Of each timed aspect, one after the other, [judge, text] by judge: the aspects add up. */
function readingsOf(readings) {
  if (readings === null || typeof readings !== "object") return [];
  const aspects = new Map();
  for (const [judge, value] of Object.entries(readings).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [aspect, read] of partsOf(value)) {
      aspects.set(aspect, [...(aspects.get(aspect) ?? []), [judge, clockText(read)]]);
    }
  }
  return [...aspects.values()];
}

const partsOf = (value) => (value !== null && typeof value === "object" ? Object.entries(value) : [["", value]]);

/** Seconds as a watch shows them: 472.5 → "7:52.5"; what is no number stands as it was written. */
function clockText(value) {
  const seconds = exact(value);
  if (!seconds || seconds.n < 0n) return String(value);
  const minutes = seconds.n / seconds.d / 60n;
  const rest = brief({ n: seconds.n - minutes * 60n * seconds.d, d: seconds.d }, 12);
  return `${minutes}:${/^\d(\.|$)/.test(rest) ? "0" : ""}${rest}`;
}
