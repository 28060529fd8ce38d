// A labour competition: every unit's total in every period, ranks, flags and warnings (the
// format's section “Labour competitions”).

import { ZERO, compare, minus, over, plus, times } from "../shared/exact.js";
import { byCode, ranksOf } from "./order.js";
import {
  greatest, least, mean, negative, number, numberOr, rounded, shown, sum,
} from "./points.js";
import { versionOf } from "./versions.js";

const ONE = number(1);
export const PLACES = 2;
export const ABSENT = "absent";
export const INCOMPLETE = "incomplete";

/** How a value becomes an indicator's score; `rank` looks at the others and stands below. */
const SCORINGS = {
  score: (value) => number(value.value),
  completion(value, { max, rule }) {
    const reached = over(number(value.value), number(value.target));
    return times(max, least(reached, numberOr(rule.cap, ONE)));
  },
  linear(value, { max, rule }) {
    const [zero, full] = [number(rule.zero_at), number(rule.full_at)];
    const way = over(minus(number(value.value), zero), minus(full, zero));
    return times(max, least(greatest(way, ZERO), ONE));
  },
  deduction: (value, { max, rule }) =>
    greatest(minus(max, times(number(value.value), number(rule.points))), ZERO),
};

export class Labour {
  constructor(bundle) {
    const labour = bundle.labour;
    this.labour = labour;
    this.vetoRank = versionOf(bundle).vetoRank(labour);
    this.groups = labour.groups
      ? new Map(Object.entries(labour.groups))
      : new Map((bundle.units ?? []).map(({ code }) => [code, null]));
    this.units = [...this.groups.keys()].sort(byCode);
    this.inside = new Map(labour.periods.map(({ code }) => [code, []]));
    this.weights = new Map(labour.periods.map((period) => [period.code, numberOr(period.weight, ONE)]));
    for (const { code, part_of: whole } of labour.periods) {
      if (whole == null) this.final = code;
      else this.inside.get(whole).push(code);
    }
    this._open();
    this.values = new Map();
    for (const value of labour.values ?? []) {
      if (!this.groups.has(value.unit)) continue;
      this.values.set(at(value.unit, value.period, value.indicator), value);
    }
    this._score();
    this.totals = new Map();
    this._total(this.final);
    this.ranks = new Map();
    for (const { code } of labour.periods) this._rank(code);
    this.flagged = new Set(this._flagPeriods().flatMap((period) => this._flags(period)));
  }

  isLeaf(period) {
    return !this.inside.get(period).length;
  }

  /** The leaves of every period, what is asked in each, and what lies in its way or on top. */
  _open() {
    const { indicators, adjustments = [], vetoes = [] } = this.labour;
    this.leaves = new Map();
    this.around = new Map();
    this._visit(this.final, []);
    const isAsked = (leaf) => ({ periods }) => !periods?.length || periods.includes(leaf);
    this.asked = new Map(this.leaves.get(this.final)
      .map((leaf) => [leaf, indicators.filter(isAsked(leaf))]));
    this.vetoed = new Set((vetoes ?? []).flatMap(({ unit, period }) =>
      this.around.get(period).map((whole) => at(unit, whole))));
    this.adjustments = new Map();
    for (const { unit, period, points } of adjustments ?? []) {
      const key = at(unit, period);
      this.adjustments.set(key, [...this.adjustments.get(key) ?? [], number(points)]);
    }
  }

  _visit(period, around) {
    const inside = this.inside.get(period);
    this.around.set(period, [period, ...around]);
    for (const inner of inside) this._visit(inner, [period, ...around]);
    const leaves = inside.flatMap((inner) => this.leaves.get(inner));
    this.leaves.set(period, inside.length ? leaves : [period]);
  }

  _score() {
    this.scores = new Map();
    for (const leaf of this.leaves.get(this.final)) {
      for (const indicator of this.asked.get(leaf)) {
        const given = this.units
          .map((unit) => [unit, this.values.get(at(unit, leaf, indicator.code))])
          .filter(([, value]) => value);
        const rule = indicator.scoring;
        const scores = rule.type === "rank"
          ? this._byRank(rule, given)
          : given.map(([unit, value]) =>
            [unit, SCORINGS[rule.type](value, { rule, max: number(indicator.max) })]);
        for (const [unit, score] of scores) this.scores.set(at(unit, leaf, indicator.code), score);
      }
    }
  }

  _byRank({ points, better }, given) {
    const scores = [];
    for (const units of this._byGroup(given.map(([unit]) => unit))) {
      const values = new Map(given.filter(([unit]) => units.includes(unit)));
      const keys = new Map(units.map((unit) => {
        const value = number(values.get(unit).value);
        return [unit, [better === "lower" ? value : negative(value)]];
      }));
      for (const [unit, rank] of ranksOf(keys).ranks) {
        scores.push([unit, numberOr(points[rank - 1], ZERO)]);
      }
    }
    return scores;
  }

  /** These units, group by group. */
  _byGroup(units) {
    const groups = new Map();
    for (const unit of units) {
      const group = this.groups.get(unit);
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(unit);
    }
    return [...groups.values()];
  }

  /** Totals of a period and of those inside; each a number, ABSENT or INCOMPLETE. */
  _total(period) {
    for (const part of this.inside.get(period)) this._total(part);
    for (const unit of this.units) {
      const own = this.isLeaf(period) ? this._leaf(period, unit) : this._whole(period, unit);
      const total = typeof own === "string"
        ? own : rounded(plus(own, this.adjusted(period, unit)), PLACES);
      this.totals.set(at(unit, period), total);
    }
  }

  _leaf(leaf, unit) {
    const scores = this.asked.get(leaf).map(({ code }) => this.scores.get(at(unit, leaf, code)));
    const there = scores.filter(Boolean);
    if (!there.length) return ABSENT;
    const blocks = (this.labour.missing ?? "blocks") === "blocks";
    return blocks && there.length < scores.length ? INCOMPLETE : sum(there);
  }

  _whole(period, unit) {
    const there = this.inside.get(period)
      .map((part) => [this.totals.get(at(unit, part)), this.weights.get(part)])
      .filter(([total]) => total !== ABSENT);
    if (!there.length) return ABSENT;
    if (there.some(([total]) => total === INCOMPLETE)) return INCOMPLETE;
    const weighed = there.map(([total, weight]) => times(total, weight));
    return over(sum(weighed), sum(there.map(([, weight]) => weight)));
  }

  adjusted(period, unit) {
    const points = this.adjustments.get(at(unit, period)) ?? [];
    const up = sum(points.filter(({ n }) => n > 0n));
    const cap = numberOr(this.labour.adjust_cap);
    return plus(cap ? least(up, cap) : up, sum(points.filter(({ n }) => n < 0n)));
  }

  _rank(period) {
    const leaves = this.leaves.get(period);
    const tie = (unit, key) => {
      if (!key.startsWith("indicator:")) throw new TypeError(`tie key: ${key}`);
      const code = key.slice("indicator:".length);
      const scores = leaves.map((leaf) => this.scores.get(at(unit, leaf, code))).filter(Boolean);
      return negative(scores.length ? mean(scores) : ZERO);
    };
    const isBarred = (unit) => this.vetoRank !== "keep" && this.vetoed.has(at(unit, period));
    for (const units of this._byGroup(this.units)) {
      const counted = units.filter((unit) =>
        typeof this.totals.get(at(unit, period)) !== "string"
        && !(this.vetoRank === "none" && isBarred(unit)));
      const keys = new Map(counted.map((unit) => [unit, [
        number(isBarred(unit) ? 1 : 0),
        negative(this.totals.get(at(unit, period))),
        ...(this.labour.ties ?? []).map((key) => tie(unit, key)),
      ]]));
      for (const [unit, rank] of ranksOf(keys).ranks) this.ranks.set(at(unit, period), rank);
    }
  }

  _flagPeriods() {
    const { flags } = this.labour;
    if (!flags) return [];
    return flags.periods?.length ? flags.periods : [...this.inside.keys()];
  }

  _flags(period) {
    const { count = 1, min, min_leaves: few = 1 } = this.labour.flags;
    const needed = numberOr(min, ZERO);
    const isFit = (unit) => {
      const there = this.leaves.get(period)
        .filter((leaf) => this.totals.get(at(unit, leaf)) !== ABSENT);
      return this.ranks.has(at(unit, period))
        && compare(this.totals.get(at(unit, period)), needed) >= 0
        && there.length >= few && !this.vetoed.has(at(unit, period));
    };
    return this._byGroup(this.units).flatMap((units) => {
      const ranked = units.filter(isFit).map((unit) => [this.ranks.get(at(unit, period)), unit]);
      ranked.sort(([a], [b]) => a - b);
      const last = ranked[Math.min(count, ranked.length) - 1]?.[0] ?? 0;
      return ranked.filter(([rank]) => rank <= last).map(([, unit]) => at(unit, period));
    });
  }

  /** Every prize: [{prize, values: unit → its value, ranks, won}]. */
  prizes() {
    return (this.labour.prizes ?? []).map((prize) => {
      const period = prize.period ?? this.final;
      const [kind, name] = prize.by.split(/:(.*)/s);
      const counts = (indicator) => (kind === "indicator" ? indicator.code : indicator.heading) === name;
      const result = { prize, values: new Map(), ranks: new Map(), won: [] };
      for (const unit of this.units) {
        const value = this._prizeValue(period, counts, unit);
        if (value && compare(value, numberOr(prize.min, value)) >= 0) result.values.set(unit, value);
      }
      const groups = this._byGroup([...result.values.keys()]);
      const group = ([unit]) => this.groups.get(unit) ?? "";
      for (const units of groups.sort((a, b) => byCode(group(a), group(b)))) {
        const { order, ranks } = ranksOf(new Map(units.map((unit) =>
          [unit, [negative(result.values.get(unit))]])));
        for (const unit of order) {
          result.ranks.set(unit, ranks.get(unit));
          if (ranks.get(unit) <= prize.top) result.won.push(unit);
        }
      }
      return result;
    });
  }

  /** A unit's value by some indicators, or null for one that is out. */
  _prizeValue(period, counts, unit) {
    if (this.vetoed.has(at(unit, period))) return null;
    const sums = [];
    for (const leaf of this.leaves.get(period)) {
      const asked = this.asked.get(leaf).filter(counts);
      if (!asked.length || this.totals.get(at(unit, leaf)) === ABSENT) continue;
      const scores = asked.map(({ code }) => this.scores.get(at(unit, leaf, code)));
      if (scores.includes(undefined) && (this.labour.missing ?? "blocks") === "blocks") return null;
      sums.push(sum(scores.filter(Boolean)));
    }
    return sums.length ? rounded(mean(sums), PLACES) : null;
  }

  row(period, unit) {
    const total = this.totals.get(at(unit, period));
    const points = typeof total === "string" ? null : total;
    const line = numberOr(this.labour.warn_below);
    const asked = this.isLeaf(period) ? this.asked.get(period) : [];
    return {
      unit,
      group: this.groups.get(unit),
      rank: this.ranks.get(at(unit, period)) ?? null,
      total: shown(points, PLACES),
      flag: this.flagged.has(at(unit, period)),
      vetoed: this.vetoed.has(at(unit, period)),
      warned: Boolean(points && line && this._flagPeriods().includes(period)
        && compare(points, line) < 0),
      missing: asked.map(({ code }) => code)
        .filter((code) => !this.values.has(at(unit, period, code))),
    };
  }

  rows(period) {
    const last = { [INCOMPLETE]: 1, [ABSENT]: 2 };
    const place = (unit) => last[this.totals.get(at(unit, period))] ?? 0;
    const rank = (unit) => this.ranks.get(at(unit, period)) ?? this.units.length + 1;
    const group = (unit) => this.groups.get(unit) ?? "";
    return [...this.units]
      .sort((a, b) => byCode(group(a), group(b)) || place(a) - place(b)
        || rank(a) - rank(b) || byCode(a, b))
      .map((unit) => this.row(period, unit));
  }
}

/** Several codes as one key; none of them holds the sign between. */
export const at = (...codes) => codes.join("\u0000");

/** The `labour` of the results. */
export function labourResults(labour) {
  return {
    periods: labour.labour.periods.map(({ code }) => ({ code, standings: labour.rows(code) })),
    final: labour.final,
    ...prizeRows(labour),
  };
}

function prizeRows(labour) {
  if (!labour.labour.prizes?.length) return {};
  const rows = labour.prizes().flatMap(({ prize, values, ranks, won }) => won.map((unit) => ({
    prize: prize.code,
    group: labour.groups.get(unit),
    unit,
    rank: ranks.get(unit),
    value: shown(values.get(unit), PLACES),
  })));
  return { prizes: rows };
}
