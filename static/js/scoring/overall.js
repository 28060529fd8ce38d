// Tables over several events: what each unit's people bring, added up and ranked.

import { ZERO, compare } from "../shared/exact.js";
import { worthOfRanks } from "./finals.js";
import { byCode, ranksOf } from "./order.js";
import { greatest, mean, negative, number, rounded, shown, sum } from "./points.js";

/** What one ranked entrant brings to a table, or null where that is no value. */
const VALUES = {
  ranks: (table, { finals }, code, worth) => worth.get(finals.ranks.get(code)) ?? ZERO,
  awards: ({ points }, { awards }, code) =>
    (Object.hasOwn(points, awards.get(code) ?? "") ? number(points[awards.get(code)]) : ZERO),
  medals: () => ZERO,
  totals: (table, { finals }, code) => finals.places.get(code).total,
  scaled: (table, { scale }, code) => scale.of.get(code) ?? null,
};

/** All tables as the results have them. */
export function overallOf(bundle, events) {
  const parents = new Map((bundle.units ?? []).map(({ code, parent }) => [code, parent ?? null]));
  const top = (unit) => (parents.get(unit) == null ? unit : top(parents.get(unit)));
  return bundle.overall.map((table) => ({ code: table.code, standings: rows(table, events, top) }));
}

function sums(table, events, top) {
  const units = new Map();
  for (const event of events) {
    const { code: name } = event.event;
    if (table.events?.length && !table.events.includes(name)) continue;
    const worth = table.by === "ranks"
      ? worthOfRanks(table.points, table.shared, event.finals) : null;
    for (const code of event.finals.order) {
      const { unit: own } = event.people.get(code);
      const unit = table.who === "delegations" ? top(own) : own;
      if (!units.has(unit)) units.set(unit, { values: new Map(), medals: [0, 0, 0] });
      const { values, medals } = units.get(unit);
      const rank = event.finals.ranks.get(code);
      if (rank <= medals.length) medals[rank - 1] += 1;
      const value = VALUES[table.by](table, event, code, worth);
      if (value) values.set(name, [...values.get(name) ?? [], value]);
    }
  }
  return units;
}

function rows(table, events, top) {
  const units = sums(table, events, top);
  const places = table.places ?? 2;
  const isMedals = table.by === "medals";
  const keys = new Map();
  for (const [unit, own] of units) {
    const counted = [...own.values.values()].flatMap((values) =>
      [...values].sort((a, b) => compare(b, a)).slice(0, table.best ?? values.length));
    const add = table.method === "mean" ? mean : sum;
    own.value = isMedals || !counted.length ? null : rounded(add(counted), places);
    if (own.values.size < (table.least_events ?? 1)) continue;
    const medals = own.medals.map((count) => number(count));
    const ties = (table.ties ?? []).flatMap((tie) => {
      if (tie === "medals") return medals;
      if (tie === "events") return [number(own.values.size)];
      if (tie !== "best") throw new TypeError(`tie key: ${tie}`);
      return [[...own.values.values()].flat().reduce(greatest)];
    });
    keys.set(unit, [...(isMedals ? medals : [own.value]), ...ties].map(negative));
  }
  const { ranks } = ranksOf(keys);
  const place = (unit) => ranks.get(unit) ?? units.size + 1;
  return [...units.keys()].sort((a, b) => place(a) - place(b) || byCode(a, b)).map((unit) => {
    const { value, medals, values } = units.get(unit);
    const rank = ranks.get(unit) ?? null;
    return { unit, rank, value: shown(value, places), medals, events: values.size };
  });
}
