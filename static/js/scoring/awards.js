// Awards, dealt from the highest down, and whether all pass marks were met.

import { ZERO, compare, minus, times } from "../shared/exact.js";
import { inOrder } from "./order.js";
import { number } from "./points.js";

/** The codes of modules and parts with a pass mark that were asked of somebody: {met, failed}. */
export function passing(stages, code, wanted) {
  const codes = Array.isArray(wanted) ? wanted : null;
  const met = new Set();
  const failed = new Set();
  for (const stage of stages) {
    const row = stage.rows.get(code);
    if (!row && (wanted === "taken" || !stage.version.everyStage)) continue;
    const scored = [
      ...stage.modules.map(({ module: { code: own }, pass }) =>
        [own, pass, row ? row.modules.get(own).score : null]),
      ...stage.parts.map(({ part: { code: own }, pass }) =>
        [own, pass, row ? row.parts.get(own) : null]),
    ];
    for (const [own, pass, score] of scored) {
      if (pass === null || (codes && !codes.includes(own))) continue;
      (score !== null && compare(score, pass) >= 0 ? met : failed).add(own);
    }
  }
  return { met, failed };
}

const passes = (stages, code, wanted) => !passing(stages, code, wanted).failed.size;

/** What a share of so many ranked comes to, before it is made whole; null where a number is set. */
export const shareOf = (award, ranked) =>
  (award.top == null ? times(number(award.ratio), number(ranked)) : null);

/** How many of an award there are among so many ranked. */
export function numberOf(award, ranked) {
  const share = shareOf(award, ranked);
  if (!share) return award.top;
  const { n, d } = share;
  const round = award.round ?? "half_up";
  const whole = { floor: n / d, ceil: (n + d - 1n) / d, half_up: (2n * n + d) / (2n * d) }[round];
  return Math.max(Number(whole), award.at_least ?? 0);
}

/** One chain of awards: who gets which. */
function dealt(awards, ranks, fits, isNear) {
  const order = inOrder(ranks);
  const got = new Map();
  let beyond = 0;
  for (const award of awards) {
    const all = numberOf(award, ranks.size);
    const number = Math.max(all - beyond, 0);
    beyond -= all - number;
    let given = 0;
    let last = null;
    for (const code of order) {
      if (!number) break;
      if (got.has(code) || !fits(award, code)) continue;
      const shares = last !== null && ranks.get(code) === ranks.get(last);
      if (given >= number && !shares && !isNear(award, last, code)) continue;
      got.set(code, award.code);
      given += 1;
      if (given <= number) last = code;
    }
    beyond += Math.max(given - number, 0);
  }
  return { got, order };
}

/** {rows: all awards in the published order, ofEntrant: code → own award}. */
export function awardsOf(event, stages, finals, teams, items, scale = null) {
  const rows = [];
  const stageOf = (code) => finals.places.get(code).stage;
  const chain = (scope, who, ranks, totalOf, meets, more = {}) => {
    const awards = event.awards.filter((award) => (award.scope ?? "entrants") === scope);
    const { got, order } = dealt(awards, ranks, (award, code) => {
      const least = award.min_total == null ? null : number(award.min_total);
      if (least && compare(totalOf(code), least) < 0) return false;
      if (award.min_scaled != null) {
        const own = scale.of.get(code);
        if (!own || compare(own, number(award.min_scaled)) < 0) return false;
      }
      return !award.pass_modules || meets(code, award.pass_modules);
    }, ({ within = null }, last, code) => {
      if (within === null) return false;
      const isOwn = scope === "entrants";
      if (isOwn && stageOf(last) !== stageOf(code)) return false;
      const [above, below] = isOwn && scale
        ? [scale.of.get(last), scale.of.get(code)] : [totalOf(last), totalOf(code)];
      return Boolean(above && below) && compare(minus(above, below), number(within)) <= 0;
    });
    for (const { code: award } of awards) {
      for (const code of order) {
        if (got.get(code) === award) rows.push({ award, ...more, [who]: code });
      }
    }
    return got;
  };
  const ofEntrant = chain("entrants", "entrant", finals.ranks,
    (code) => finals.places.get(code).total, (code, wanted) => passes(stages, code, wanted));
  if (teams) {
    chain("teams", "team", teams.ranks, (team) => teams.teams.get(team).total, (team, wanted) =>
      teams.teams.get(team).counting.every((code) => passes(stages, code, wanted)));
  }
  for (const { item, scores, ranks } of items) {
    const more = { item: item.code };
    chain("items", "entrant", ranks, (code) => scores.get(code) ?? ZERO, () => true, more);
  }
  return { rows, ofEntrant };
}
