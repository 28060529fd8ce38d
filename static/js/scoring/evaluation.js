// Grade evaluations (the format's section “Evaluations”): people judged against lines. Modules and
// parts are scored as in any stage; what they come to, and who gets the grade, is told here.

import { brief, compare, over, times } from "../shared/exact.js";
import { CONDITIONS } from "./grades.js";
import { Lists } from "./lists.js";
import { byCode } from "./order.js";
import { number, shown } from "./points.js";
import { Stage, peopleOf } from "./stage.js";

const VERDICTS = ["pass", "fail", "absent", "incomplete", "dsq"];
const USUAL_LINE = over(number(60), number(100));
const MOST_RESITS = 98;
/** What a flag of a module makes of it, the first before the others. */
const FALLEN = { dsq: "dsq", dns: "absent", incomplete: "incomplete" };

/** The least score that passes; null for a module in a part that has no `pass`. */
function lineOf({ pass, full, part }) {
  if (pass != null) return number(pass);
  return part != null ? null : times(number(full), USUAL_LINE);
}

const isBrought = (carried) => Boolean(carried) && carried.void == null;

/** The event with weights of nothing where an evaluation has none: no total comes of them. */
function weighed(event) {
  const [stage] = event.stages;
  const modules = stage.modules.map((module) => (module.part == null ? { ...module, weight: "0" } : module));
  const parts = (stage.parts ?? []).map((part) => ({ ...part, weight: "0" }));
  return { ...event, stages: [{ ...stage, modules, parts }] };
}

/** An event worked out, but for who gets the grade. */
class Sitting {
  constructor(bundle, event) {
    this.event = event;
    this.day = event.on ?? bundle.competition.starts;
    this.people = new Map((bundle.entrants ?? [])
      .filter((person) => person.event === event.code).map((person) => [person.code, person]));
    const lists = new Lists(bundle, event, this.people);
    const own = weighed(event);
    this.stage = new Stage(own, own.stages[0], lists, this.people, [...this.people.keys()], []);
    this.places = this.stage.modulePlaces;
    this.rows = new Map([...this.people.keys()].sort(byCode).map((code) => [code, this._row(code)]));
  }

  _row(code) {
    const person = this.people.get(code);
    const scores = this._scores(person);
    const verdict = this._whole(code, scores);
    const lines = (this.event.apply ?? []).map((line) => asked(line, person, this.day));
    const first = lines.find((line) => line["held"]);
    const days = lines.map((line) => line.met_on).filter(Boolean).sort();
    const eligible = Boolean(person.exempt) || !lines.length || Boolean(first);
    return {
      entrant: code,
      verdict,
      attempt: person.resit?.attempt ?? 1,
      modules: Object.fromEntries(scores.filter((score) => !score.isPart).map((score) => this._scoreRow(score))),
      parts: Object.fromEntries(scores.filter((score) => score.isPart).map((score) => this._scoreRow(score))),
      keeps: this._keeps(verdict, scores),
      eligible,
      applies: first?.line ?? null,
      earliest: eligible ? null : days[0] ?? null,
      reasons: lines,
    };
  }

  /** Every module, then every part: {scored, isPart, score, flags, verdict}. */
  _scores(person) {
    const carried = new Map((person.carried ?? []).map((result) => [result.of, result]));
    const row = this.stage.rows.get(person.code);
    const isOut = this.stage.stageOutcomes.get(person.code) === "dsq";
    const modules = this.stage.modules.map(({ module }) => {
      const brought = carried.get(module.part ?? module.code);
      if (isBrought(brought)) {
        const score = module.part == null ? number(brought.mark) : null;
        return judged(module, score, isOut ? ["carried", "dsq"] : ["carried"]);
      }
      const { score, flags } = row.modules.get(module.code);
      const isVoid = carried.has(module.code) && !flags.includes("dns");
      return judged(module, score, isVoid ? [...flags, "carry_void"].sort() : flags);
    });
    const parts = this.stage.parts.map(({ part }) => {
      const brought = carried.get(part.code);
      if (isBrought(brought)) {
        return judged(part, number(brought.mark), ["carried"], isOut ? "dsq" : null);
      }
      const inside = modules.filter(({ scored }) => scored.part === part.code);
      const fallen = Object.values(FALLEN).find((word) =>
        inside.some(({ verdict }) => verdict === word));
      const flags = carried.has(part.code) ? ["carry_void"] : [];
      return judged(part, row.parts.get(part.code), flags, fallen);
    });
    return [...modules, ...parts.map((part) => ({ ...part, isPart: true }))];
  }

  _whole(code, scores) {
    const outcomes = this.stage.modules.map(({ lists }) => lists.outcomes.get(code));
    outcomes.push(this.stage.stageOutcomes.get(code));
    if (outcomes.includes("dsq")) return "dsq";
    if (outcomes.includes("dns")) return "absent";
    return ["incomplete", "fail", "pass"].find((word) =>
      scores.some(({ verdict }) => verdict === word));
  }

  _scoreRow({ scored, score, flags, verdict }) {
    const line = lineOf(scored);
    return [scored.code, {
      score: shown(score, this.places),
      // One place more than `full` may have.
      pass: line && brief(line, 13),
      verdict,
      flags,
    }];
  }

  _keeps(verdict, scores) {
    const { carry_months: months } = this.event;
    if (months == null || !["fail", "absent"].includes(verdict)) return {};
    const until = later(this.day, months) ?? "9999-12-31";
    return Object.fromEntries(scores
      .filter((score) => score.verdict === "pass" && score.scored.part == null)
      .filter(({ flags }) => !flags.includes("carried"))
      .map(({ scored }) => [scored.code, until]));
  }
}

/** With the verdict: what it has fallen by, else what its line makes of it. */
function judged(scored, score, flags, fallen = null) {
  const [, by = null] = Object.entries(FALLEN).find(([flag]) => flags.includes(flag)) ?? [];
  const line = lineOf(scored);
  let verdict = fallen ?? by;
  if (!verdict && line && score) verdict = compare(score, line) >= 0 ? "pass" : "fail";
  return { scored, score, flags, verdict };
}

/** A day so many months later, or the last of that month; null beyond the year 9999. */
function later(day, months) {
  const [year, month, date] = day.split("-").map(Number);
  const all = year * 12 + month - 1 + Math.max(months, 0);
  const [y, m] = [Math.floor(all / 12), all % 12 + 1];
  if (y > 9999) return null;
  const isLeap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  const last = m === 2 ? 28 + isLeap : [4, 6, 9, 11].includes(m) ? 30 : 31;
  return [String(y).padStart(4, "0"), two(m), two(Math.min(date, last))].join("-");
}

const two = (number) => String(number).padStart(2, "0");

/** Conditions of time, in the order in which they are told: {wanted?, found, since, months}. */
const TIMED = {
  years_in_grade: (years, { grade_since: since = null }) =>
    ({ found: since, since, months: 12 * years }),
  years_in_trade(years, { trade }) {
    if (!trade) return { found: null, since: null };
    const { months, at } = trade;
    return { found: { months, at }, since: at, months: 12 * years - months };
  },
  min_age: (years, { birth = null }) => ({ found: birth, since: birth, months: 12 * years }),
  papers({ of, years }, { papers }) {
    const own = (papers ?? []).filter(({ kind }) => of.includes(kind)).map(({ since }) => since);
    const since = own.sort()[0] ?? null;
    const wanted = { of, years: years ?? 0 };
    return { wanted, found: since, since, months: 12 * wanted.years };
  },
};
const ORDER = ["holds", ...Object.keys(TIMED), "groups"];

/** One line of `apply` as it stands for somebody on a day. */
function asked({ code, when }, person, day) {
  const conditions = ORDER.filter((key) => when[key] != null)
    .map((key) => (key in TIMED ? timed(key, when[key], person, day) : plain(key, when[key], person)));
  const days = conditions.filter((condition) => !condition["held"]).map((condition) => condition.met_on);
  const isHeld = !days.length;
  const metOn = isHeld || days.includes(null) ? null : days.sort().at(-1);
  return { line: code, "held": isHeld, conditions, met_on: metOn };
}

function timed(key, wanted, person, day) {
  const { found: value, since, months, ...rest } = TIMED[key](wanted, person);
  const full = since && later(since, months);
  const isHeld = full !== null && full <= day;
  return { key, wanted: rest.wanted ?? wanted, found: value, "held": isHeld, met_on: isHeld ? null : full };
}

/** A condition that grade rules have too. */
function plain(key, wanted, person) {
  const check = CONDITIONS[key](wanted, {});
  const [who] = peopleOf(person);
  return {
    key, wanted: check.wanted ?? wanted, found: check.found(who), "held": check.met(who), met_on: null,
  };
}

/** A whole evaluation worked out: the events of its results. */
export function evaluated(bundle) {
  const events = bundle.events ?? [];
  const sittings = new Map(events.map((event) => [event.code, new Sitting(bundle, event)]));
  const people = new Map((bundle.entrants ?? []).map((person) => [person.code, person]));
  const got = new Set();
  const attempt = ({ resit }) => resit?.attempt ?? 1;
  // Those are looked at first whom others re-sit.
  for (const person of [...people.values()].sort((a, b) => attempt(a) - attempt(b))) {
    const { verdict, eligible } = sittings.get(person.event).rows.get(person.code);
    const before = resatBy(person, people, bundle.competition.code);
    if (verdict === "pass" && eligible && !before.some((code) => got.has(code))) got.add(person.code);
  }
  return [...sittings.values()].map(({ event, rows }) => {
    const verdicts = [...rows.values()];
    const counts = VERDICTS.map((word) =>
      [word, verdicts.filter(({ verdict }) => verdict === word).length]);
    return {
      code: event.code,
      verdicts,
      counts: { entered: verdicts.length, ...Object.fromEntries(counts) },
      grades: verdicts.filter(({ entrant }) => got.has(entrant)).map(({ entrant, applies }) => ({
        entrant, grade: event.grade, ground: "assessment", cite: event.cite ?? null, applies,
      })),
    };
  });
}

/** Whom somebody re-sits in this file, directly and through others. */
function resatBy(person, people, competition) {
  const codes = [];
  for (let at = person; codes.length < MOST_RESITS;) {
    const { resit } = at;
    if (!resit || (resit.competition ?? competition) !== competition) break;
    at = people.get(resit.entrant);
    codes.push(at.code);
  }
  return codes;
}
