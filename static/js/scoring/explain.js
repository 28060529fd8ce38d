// One contestant's way from the judges' marks to the place, as figures ready to be read.

import { compare, minus, over, times } from "../shared/exact.js";
import { numberOf, shareOf } from "./awards.js";
import { besideOf } from "./beside.js";
import { number, readable, shortest, shown } from "./points.js";

/** Everything of the last stage that somebody reached; null for a code that nobody bears. */
export function explained(events, code, bundle) {
  const own = events.find(({ people }) => people.has(code));
  if (!own) return null;
  const { event, people, finals, awards } = own;
  const { stage, status, total, modules, parts } = finals.places.get(code);
  const rank = finals.ranks.get(code) ?? null;
  const beside = besideOf(bundle, code);
  return {
    code,
    name: people.get(code).name,
    event: event.name,
    stage: stage.stage.name,
    status,
    rank,
    total: shown(total, stage.places),
    ranked: finals.ranks.size,
    crewed: [...new Set([...people.values()].map(({ members }) => Boolean(members?.length)))],
    modules: stage.modules.map((book) => {
      const way = {
        ...moduleWay(book, modules.get(book.module.code), code),
        attempt: attemptOf(book, finals.places.get(code)),
      };
      return withBeside(way, beside, stage.stage.code, book, code);
    }),
    parts: stage.parts.map((partBook) => {
      const score = parts.get(partBook.part.code);
      const text = shown(score, stage.modulePlaces);
      return { name: partBook.part.name, ...share(partBook, score), score: text };
    }),
    carry: carryWay(stage, code),
    place: rank === null ? null : placeWay(stage, code, finals),
    awards: awardWay(event, finals, awards, code),
  };
}

/** What a score brings to the total. */
function share({ full, weight }, score) {
  const points = score && readable(times(over(score, full), weight));
  return { full: shortest(full), weight: shortest(weight), points };
}

/** What somebody attempted, by which the marks of an aspect count; null where they don't. */
function difficultyOf(lists, code, aspect) {
  const difficulty = lists.difficulties.get(code)?.get(aspect.code);
  return difficulty ? shortest(difficulty) : null;
}

function moduleWay(book, scored, code) {
  const { module, places, lists } = book;
  const values = book.sheets(code);
  const marks = scored.aspects();
  const penalty = lists.points.get(code);
  return {
    name: titleOf(book),
    part: module.part ?? null,
    ...share(book, scored.score),
    judges: values.length,
    combine: values.length < book.size && book.reduced === "mean" ? "mean" : book.combine,
    aspects: module.aspects.map((aspect, at) => ({
      name: aspect.name,
      values: values.map((sheet) => sheet[at] ?? null),
      difficulty: difficultyOf(lists, code, aspect),
      mark: readable(marks[at]),
    })),
    sums: (scored.sums ?? []).map((total) => readable(total)),
    raw: scored.raw ? readable(scored.raw) : null,
    penalty: penalty ? shortest(penalty) : null,
    seconds: lists.seconds.has(code) ? shortest(lists.seconds.get(code)) : null,
    score: shown(scored.score, places),
    flags: scored.flags,
  };
}

/** The name of a module; of several attempts also which, as “1/2”. */
const titleOf = (book) => (book.isAttempt
  ? `${book.module.name} ${book.alike.indexOf(book) + 1}/${book.alike.length}` : book.module.name);

/** Of an attempt {counts, counted: the names of those that count}; null for any other module. */
function attemptOf(book, { counted }) {
  const best = book.isAttempt ? counted.get(book.module.part) : [];
  if (!best.length) return null;
  return { counts: best.includes(book), counted: best.map((counting) => titleOf(counting)) };
}

/** The same with whose the values are where they are not the judges', and with the watches. */
function withBeside(way, beside, stage, { module, lists }, code) {
  const judges = [...lists.sheets.get(code)?.keys() ?? []];
  const aspects = way.aspects.map((aspect, at) => ({
    ...aspect,
    rulings: judges.map((judge) =>
      beside.ruling(stage, module.code, judge, module.aspects[at].code)),
  }));
  return { ...way, aspects, clock: beside.clock(stage, module.code) };
}

function carryWay(stage, code) {
  const { carry } = stage.stage;
  const { exact } = stage.rows.get(code);
  if (!carry || !exact) return null;
  const before = stage.earlier.find((candidate) => candidate.code === carry.from);
  const { total } = before.rows.get(code);
  const [weight, own] = [number(carry.weight), number(carry.own)];
  const rest = minus(exact, times(weight, total));
  return {
    stage: before.stage.name,
    total: shown(total, before.places),
    weight: shortest(weight),
    brings: readable(times(weight, total)),
    own: shortest(own),
    ownTotal: own.n ? readable(over(rest, own)) : null,
    rest: readable(rest),
  };
}

/** The awards from the highest down to the own one, with how many there are; none without one. */
function awardWay(event, finals, awards, code) {
  const ranked = finals.ranks.size;
  const own = (event.awards ?? []).filter((award) => (award.scope ?? "entrants") === "entrants");
  const last = own.findIndex((award) => award.code === awards.get(code));
  return own.slice(0, last + 1).map((award) => {
    const share = shareOf(award, ranked);
    return {
      name: award.name,
      percent: share && readable(times(number(award.ratio), number(100))),
      share: share && readable(share),
      round: share && share.n % share.d ? award.round ?? "half_up" : null,
      number: numberOf(award, ranked),
      given: [...awards.values()].filter((got) => got === award.code).length,
    };
  });
}

/** How many have more, how many as much, and how many of those stand before. */
function placeWay(stage, code, finals) {
  const on = stage.event.ranking?.on === "exact" ? "exact" : "total";
  const own = stage.rows.get(code)[on];
  const others = [...stage.ranks.keys()].filter((other) =>
    other !== code && finals.ranks.has(other) && finals.places.get(other).stage === stage);
  const more = others.filter((other) => compare(stage.rows.get(other)[on], own) > 0).length;
  const level = others.filter((other) => compare(stage.rows.get(other)[on], own) === 0);
  const before = level.filter((other) => stage.ranks.get(other) < stage.ranks.get(code)).length;
  const after = level.filter((other) => stage.ranks.get(other) > stage.ranks.get(code)).length;
  // The first of those who stopped here stands behind all who went further.
  const first = Math.min(...[code, ...others].map((other) => finals.ranks.get(other)));
  return { more, level: level.length, before, after, beyond: first - 1 };
}
