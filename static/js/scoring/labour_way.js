// One unit's way from its values to its place in every period, as figures ready to be read.

import { over, times } from "../shared/exact.js";
import { ABSENT, INCOMPLETE, PLACES, at } from "./labour.js";
import { readable, shortest, shown, sum } from "./points.js";

const folded = (text) => text.normalize("NFKC").trim();

/** Which units may be meant: the one with this code or name, else those whose name holds it. */
function meant(names, wanted) {
  if (names.has(wanted)) return [wanted];
  const codesBy = (fits) => [...names].filter(([, name]) => fits(folded(name))).map(([code]) => code);
  const named = codesBy((name) => name === wanted);
  return named.length ? named : codesBy((name) => name.includes(wanted));
}

/** {name, group, periods} of the unit that is meant; {meant: how many} where it is not just one. */
export function unitWay(labour, bundle, wanted) {
  const unitNames = new Map((bundle.units ?? []).map(({ code, name }) => [code, name]));
  const names = new Map(labour.units.map((code) => [code, unitNames.get(code) ?? code]));
  const codes = meant(names, wanted);
  if (codes.length !== 1) return { meant: codes.length };
  const [unit] = codes;
  return {
    name: names.get(unit),
    group: labour.groups.get(unit),
    periods: bundle.labour.periods
      .filter(({ code }) => labour.totals.get(at(unit, code)) !== ABSENT)
      .map((period) => periodWay(labour, bundle, period, unit)),
  };
}

function periodWay(labour, bundle, { code, name }, unit) {
  const total = labour.totals.get(at(unit, code));
  const { group, rank, flag, vetoed, warned } = labour.row(code, unit);
  const adjusted = labour.adjusted(code, unit);
  return {
    code,
    name,
    total: total === INCOMPLETE ? null : shown(total, PLACES),
    rank,
    of: labour.units.filter((other) =>
      labour.groups.get(other) === group && labour.ranks.has(at(other, code))).length,
    flag,
    vetoed,
    warned,
    indicators: labour.isLeaf(code)
      ? labour.asked.get(code).map((indicator) => indicatorWay(labour, code, unit, indicator)) : [],
    whole: labour.isLeaf(code) ? null : wholeWay(labour, bundle, code, unit),
    adjusted: adjusted.n ? readable(adjusted) : null,
  };
}

function indicatorWay(labour, period, unit, { code, name }) {
  const value = labour.values.get(at(unit, period, code));
  const score = labour.scores.get(at(unit, period, code));
  return {
    name,
    value: value ? String(value.value) : null,
    target: value?.target == null ? null : String(value.target),
    score: score ? readable(score) : null,
  };
}

/** What the periods inside bring, and by what their sum is divided; no mean with one unfinished. */
function wholeWay(labour, bundle, period, unit) {
  const names = new Map(bundle.labour.periods.map(({ code, name }) => [code, name]));
  const parts = labour.inside.get(period)
    .map((code) => ({ code, total: labour.totals.get(at(unit, code)), weight: labour.weights.get(code) }))
    .filter(({ total }) => total !== ABSENT);
  const isWhole = parts.every(({ total }) => total !== INCOMPLETE);
  const weights = sum(parts.map(({ weight }) => weight));
  const brought = parts.map(({ total, weight }) => (total === INCOMPLETE ? null : times(total, weight)));
  return {
    parts: parts.map(({ code, total, weight }, index) => ({
      name: names.get(code),
      total: total === INCOMPLETE ? null : shown(total, PLACES),
      weight: shortest(weight),
      brings: brought[index] && readable(brought[index]),
    })),
    weights: shortest(weights),
    mean: isWhole ? readable(over(sum(brought), weights)) : null,
  };
}
