// Final standings over all stages, single items, teams and units.

import { ZERO, over, plus } from "../shared/exact.js";
import { inOrder, ranksOf } from "./order.js";
import { greatest, least, mean, negative, number, rounderOf, shortestOr, shown, sum } from "./points.js";
import { listed, peopleOf } from "./stage.js";

/** Whether somebody takes no part in the stage after this one, whose place is another's. */
function isAway({ stage }, code) {
  return (stage.advance?.without ?? []).includes(code);
}

/** Everybody's last place: {ranks, places: code → {status, total, stage}}. */
export function finalsOf(event, stages) {
  const style = event.ranking?.style ?? "competition";
  const ranks = new Map();
  const places = new Map();
  stages.forEach((stage, index) => {
    const later = stages[index + 1]?.entrants ?? new Set();
    const left = [...stage.entrants].filter((code) => !later.has(code));
    const gone = stages.slice(index + 1);
    const isOut = (code) => gone.some((next) => next.rows.get(code)?.status === "dsq"
      || (next.entrants.has(code) && isAway(next, code)));
    const beyond = [...later].filter((code) => !isOut(code)).length;
    const keys = new Map(left
      .filter((code) => stage.ranks.has(code) && !isAway(stage, code))
      .map((code) => [code, [number(stage.ranks.get(code))]]));
    for (const [code, rank] of ranksOf(keys, style).ranks) ranks.set(code, beyond + rank);
    for (const code of left) {
      const row = stage.rows.get(code);
      const status = isAway(stage, code) && row.status === "ranked" ? "dns" : row.status;
      places.set(code, { ...row, status, stage });
    }
  });
  return { ranks, places, order: inOrder(ranks) };
}

export function finalRows({ ranks, places }, scale = null) {
  return listed(places.keys(), (code) => places.get(code).status, ranks).map((code) => {
    const { status, total, stage } = places.get(code);
    const shownTotal = shown(total, stage.places);
    return {
      entrant: code,
      rank: ranks.get(code) ?? null,
      status,
      total: shownTotal,
      stage: stage.code,
      ...(scale && { scaled: shown(scale.of.get(code) ?? null, scale.places) }),
    };
  });
}

/** A single item: {item, scores, ranks}. */
export function itemOf(item, last) {
  const part = last.parts.find((partBook) => partBook.part.code === item.of);
  const inside = part ? part.inside : last.modules.filter(({ module }) => module.code === item.of);
  const read = last.reader(item.ties ?? []);
  const scores = new Map();
  const keys = new Map();
  for (const [code, row] of last.rows) {
    const score = part ? row.parts.get(item.of) : row.modules.get(item.of).score;
    const isVoid = (book) => book.isVoid(code);
    const isAbsent = part?.take != null ? inside.every(isVoid) : inside.some(isVoid);
    if (row.status === "dsq" || score === null || isAbsent) continue;
    scores.set(code, score);
    keys.set(code, [negative(score), ...read(code)]);
  }
  return { item, scores, ranks: ranksOf(keys).ranks, places: last.modulePlaces };
}

export const itemRows = ({ item, scores, ranks, places }) => ({
  item: item.code,
  standings: inOrder(ranks).map((code) =>
    ({ entrant: code, rank: ranks.get(code), score: shown(scores.get(code), places) })),
});

/** The teams of an event: {ranks, teams: code → {total, counting}}. */
export function teamsOf(event, codes, people, finals) {
  const { best, method = "sum", require_full: full, min_members: few, ties } = event.team_ranking;
  const places = event.rounding?.total ?? 2;
  const members = new Map(codes.map((code) => [code, []]));
  for (const [code, { team }] of people) members.get(team)?.push(code);
  const teams = new Map();
  const keys = new Map();
  for (const [team, all] of members) {
    const counting = ranksOf(new Map(all
      .filter((code) => finals.ranks.has(code))
      .map((code) => [
        code, [negative(finals.places.get(code).total), number(finals.ranks.get(code))],
      ]))).order.slice(0, best);
    const own = sum(counting.map((code) => finals.places.get(code).total));
    const total = rounderOf(event)(method === "mean" ? over(own, number(best)) : own, places);
    teams.set(team, { total, counting, places });
    const heads = all.reduce((count, code) => count + peopleOf(people.get(code)).length, 0);
    const isShort = (full ?? true) && counting.length < best;
    if (heads < (few ?? 1) || !counting.length || isShort) continue;
    const rest = (ties ?? []).map((key) => teamTie(key, counting, best, finals));
    keys.set(team, [negative(total), ...rest]);
  }
  return { ranks: ranksOf(keys).ranks, teams };
}

function teamTie(key, counting, best, { ranks, places }) {
  const [kind, name] = key.split(/:(.*)/s);
  if (kind === "best") {
    return negative(counting.map((code) => places.get(code).total).reduce(greatest));
  }
  if (kind === "best_rank") return counting.map((code) => number(ranks.get(code))).reduce(least);
  if (kind === "module") {
    return negative(sum(counting.map((code) =>
      places.get(code).modules.get(name)?.score ?? ZERO)));
  }
  if (kind !== "time") throw new TypeError(`tie key: ${key}`);
  const times = counting.map((code) => places.get(code).stage.time(name, code));
  return counting.length < best || times.includes(null) ? null : sum(times);
}

export function teamRows({ ranks, teams }) {
  return listed(teams.keys(), (team) => (ranks.has(team) ? "ranked" : "incomplete"), ranks)
    .map((team) => {
      const { total, counting, places } = teams.get(team);
      const rank = ranks.get(team) ?? null;
      return { team, rank, total: shown(total, places), members: counting };
    });
}

/** What each final rank brings, by the rank: where ranks average, the mean of those that are filled. */
export function worthOfRanks(points, shared, finals) {
  const worth = new Map(Object.entries(points ?? {}).map(([rank, value]) => [+rank, number(value)]));
  if (shared !== "average") return worth;
  return new Map([...Map.groupBy(finals.order, (code) => finals.ranks.get(code))].map(
    ([rank, sharers]) =>
      [rank, mean(sharers.map((_code, behind) => worth.get(rank + behind) ?? ZERO))]));
}

/** Units that have somebody ranked, as published. */
export function unitRows({ points, medals, shared }, people, finals) {
  const worth = worthOfRanks(points, shared, finals);
  const units = new Map();
  for (const code of finals.order) {
    const { unit } = people.get(code);
    const rank = finals.ranks.get(code);
    const own = units.get(unit) ?? { points: ZERO, medals: [0, 0, 0] };
    own.points = plus(own.points, worth.get(rank) ?? ZERO);
    if (rank <= 3) own.medals[rank - 1] += 1;
    units.set(unit, own);
  }
  const { ranks } = ranksOf(new Map([...units].map(([unit, own]) =>
    [unit, (medals ? own.medals.map(number) : [own.points]).map(negative)])));
  return inOrder(ranks).map((unit) => {
    const own = units.get(unit);
    return { unit, rank: ranks.get(unit), points: shortestOr(own.points, 6), medals: own.medals };
  });
}
