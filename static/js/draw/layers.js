// A ceremony of two layers: units are drawn first, then the people of each; both numbers give the
// place. docs/draw.md tells how; `compete/domain/ceremonies/units_then_people.py` does the same.

const UNIT = "unit";
const IN_A_ROW = "person";
export const BY_ROUNDS = "round";

/** Whether the file's draws are one of units and one of the people of each of them. */
export function isLayered({ draws: [first, ...others] }) {
  const sameThing = ({ event, stage, module }) =>
    event === first.event && stage === first.stage && module === first.module;
  const people = others.reduce((sum, { list }) => sum + list.length, 0);
  return first.layer === UNIT
    && [IN_A_ROW, BY_ROUNDS].includes(others[0]?.layer)
    && others.length === first.list.length
    && others.every((draw, at) => draw.layer === others[0].layer && sameThing(draw)
      && draw.list.every(({ unit }) => unit === first.list[at].code))
    && first.places.length - first.list.length >= people;
}

/**
 * Who got which place in the end, in the order of places, from what was worked out: each
 * `{ code, place, unit, unitNumber, ownNumber }`, the numbers from 1.
 */
export function finalPlaces({ file, draws }) {
  const [first] = file.draws;
  const byRounds = file.draws[1].layer === BY_ROUNDS;
  const unitNumbers = new Map(draws[0].result.map(({ code }, at) => [code, at + 1]));
  const turns = first.list.flatMap(({ code: unit }, at) =>
    draws[at + 1].result.map(({ code }, own) =>
      ({ code, unit, unitNumber: unitNumbers.get(unit), ownNumber: own + 1 })));
  const [major, minor] = byRounds ? ["ownNumber", "unitNumber"] : ["unitNumber", "ownNumber"];
  turns.sort((a, b) => a[major] - b[major] || a[minor] - b[minor]);
  return turns.map((turn, at) => ({ ...turn, place: first.places[first.list.length + at] }));
}
