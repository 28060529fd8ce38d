// Awards, dealt from the highest down, and whether all pass marks were met.

import { ZERO, compare, times } from "../shared/exact.js";
import { inOrder } from "./order.js";
import { number } from "./points.js";

/** The codes of modules and parts with a pass mark that somebody took part in: {met, failed}. */
export function passing(stages, code, wanted = null) {
  const met = new Set();
  const failed = new Set();
  for (const stage of stages) {
    const row = stage.rows.get(code);
    if (!row) continue;
    const scored = [
      ...stage.modules.map(({ module: { code: own }, pass }) =>
        [own, pass, row.modules.get(own).score]),
      ...stage.parts.map(({ part: { code: own }, pass }) => [own, pass, row.parts.get(own)]),
    ];
    for (const [own, pass, score] of scored) {
      if (pass === null || (wanted && !wanted.includes(own))) continue;
      (score !== null && compare(score, pass) >= 0 ? met : failed).add(own);
    }
  }
  return { met, failed };
}

export const passesAll = (stages, code) => !passing(stages, code).failed.size;

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
function dealt(awards, ranks, fits) {
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
      if (got.has(code) || !fits(award, code)) continue;
      const rank = ranks.get(code);
      if (given >= number && (!given || rank !== last)) break;
      got.set(code, award.code);
      given += 1;
      last = rank;
    }
    beyond += Math.max(given - number, 0);
  }
  return { got, order };
}

/** {rows: all awards in the published order, ofEntrant: code → own award}. */
export function awardsOf(event, stages, finals, teams, items) {
  const rows = [];
  const chain = (scope, who, ranks, totalOf, passes, more = {}) => {
    const awards = event.awards.filter((each) => (each.scope ?? "entrants") === scope);
    const { got, order } = dealt(awards, ranks, (award, code) => {
      const least = award.min_total == null ? null : number(award.min_total);
      if (least && compare(totalOf(code), least) < 0) return false;
      return !award.pass_modules || passes(code);
    });
    for (const { code: award } of awards) {
      for (const code of order) {
        if (got.get(code) === award) rows.push({ award, ...more, [who]: code });
      }
    }
    return got;
  };
  const ofEntrant = chain("entrants", "entrant", finals.ranks,
    (code) => finals.places.get(code).total, (code) => passesAll(stages, code));
  if (teams) {
    chain("teams", "team", teams.ranks, (team) => teams.teams.get(team).total, (team) =>
      teams.teams.get(team).counting.every((code) => passesAll(stages, code)));
  }
  for (const { item, scores, ranks } of items) {
    const more = { item: item.code };
    chain("items", "entrant", ranks, (code) => scores.get(code) ?? ZERO, () => true, more);
  }
  return { rows, ofEntrant };
}
