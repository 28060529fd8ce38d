// One stage: module scores into totals, statuses, ranks, and who goes on (the format's section
// “From modules to a stage total and a rank”).

import { compare, over, plus, times } from "../shared/exact.js";
import { Module } from "./module.js";
import { byCode, byKeys, inOrder, ranksOf } from "./order.js";
import { greatest, mean, negative, number, numberOr, rounderOf, shown, sum } from "./points.js";

const STATUSES = ["ranked", "incomplete", "dns", "dsq"];

export class Stage {
  constructor(event, stage, lists, people, codes, earlier) {
    this.event = event;
    this.stage = stage;
    this.code = stage.code;
    this.version = lists.version;
    this.playoffs = lists.playoffs.filter((playoff) => playoff.stage === stage.code);
    this.notices = [];
    this.people = people;
    this.earlier = earlier;
    this.places = event.rounding?.total ?? 2;
    this.round = rounderOf(event);
    this.modulePlaces = event.rounding?.module ?? 2;
    const tried = new Set((stage.parts ?? []).filter(({ take }) => take).map(({ code }) => code));
    this.modules = stage.modules.map((module) =>
      new Module(event, stage, module, lists, tried.has(module.part)));
    this.parts = (stage.parts ?? []).map((part) => ({
      part,
      full: number(part.full),
      weight: number(part.weight),
      pass: numberOr(part.pass),
      inside: this.modules.filter(({ module }) => module.part === part.code),
      take: part.take?.best ?? null,
    }));
    this.tries = this.parts.filter(({ take }) => take !== null);
    for (const { inside } of this.tries) for (const book of inside) book.alike = inside;
    this.stageOutcomes = lists.of(stage.code, null).outcomes;
    this.entrants = new Set(codes);
    for (const module of this.modules) module.enter(this.entrants);
    this.rows = new Map([...this.entrants].map((code) => [code, this._row(code)]));
    this._rank();
  }

  _row(code) {
    const scored = this.modules.map((module) => module.of(code));
    const modules = new Map(this.modules.map((book, at) => [book.module.code, scored[at]]));
    const parts = new Map(this.parts.map((partBook) => [partBook.part.code, this._part(partBook, modules)]));
    const counted = new Map(this.tries.map((partBook) => [partBook.part.code, best(partBook, modules)]));
    const row = { modules, parts, counted, status: this._status(code, scored), exact: null, total: null };
    if (row.status === "dsq") return row;
    row.exact = this._total(code, modules, parts);
    row.total = row.exact && this.round(row.exact, this.places);
    return row;
  }

  _part(partBook, modules) {
    const { inside, full, take } = partBook;
    const scores = inside.map((book) => modules.get(book.module.code).score);
    if (scores.includes(null)) return null;
    if (take !== null) {
      const shares = best(partBook, modules).map((book) => shareOf(book, modules));
      return this.round(times(full, mean(shares)), this.modulePlaces);
    }
    const shares = inside.map((book, at) => times(over(scores[at], book.full), book.weight));
    const weights = sum(inside.map(({ weight }) => weight));
    return this.round(over(times(full, sum(shares)), weights), this.modulePlaces);
  }

  _status(code, scored) {
    const outcomes = this.modules.filter(({ isAttempt }) => !isAttempt).map((book) => book.outcome(code));
    for (const { inside } of this.tries) {
      if (inside.every((book) => book.isVoid(code))) outcomes.push(...inside.map((book) => book.outcome(code)));
    }
    outcomes.push(this.stageOutcomes.get(code));
    if (outcomes.includes("dsq")) return "dsq";
    if (outcomes.includes("dns")) return "dns";
    return scored.some(({ score }) => score === null) ? "incomplete" : "ranked";
  }

  _total(code, modules, parts) {
    const counted = [
      ...this.parts.map((partBook) => [parts.get(partBook.part.code), partBook]),
      ...this.modules
        .filter(({ module }) => module.part == null)
        .map((book) => [modules.get(book.module.code).score, book]),
    ];
    if (counted.some(([score]) => score === null)) return null;
    const own = sum(counted.map(([score, { full, weight }]) => times(over(score, full), weight)));
    const { carry } = this.stage;
    if (!carry) return own;
    const before = this.earlier.find((stage) => stage.code === carry.from).rows.get(code).total;
    return plus(times(number(carry.weight), before), times(number(carry.own), own));
  }

  _rank() {
    const { ties = [], on = "rounded", style } = this.event.ranking ?? {};
    const read = this.reader(ties ?? []);
    const keys = new Map();
    for (const [code, row] of this.rows) {
      if (row.status !== "ranked") continue;
      keys.set(code, [negative(on === "exact" ? row.exact : row.total), ...read(code)]);
    }
    for (const playoff of this.playoffs) part(keys, playoff);
    this.ranks = ranksOf(keys, style ?? "competition").ranks;
  }

  /** Reads tie keys as numbers, the smaller first and null last; what means nothing here is out. */
  reader(ties) {
    const readers = ties.map((key) => this._tie(key)).filter(Boolean);
    return (code) => readers.map((read) => read(code));
  }

  _tie(key) {
    const at = key.indexOf(":");
    const [kind, name] = [key.slice(0, at), key.slice(at + 1)];
    const high = (find) => (code) => {
      const value = find(this.rows.get(code), code);
      return value ? negative(value) : null;
    };
    const module = this.modules.find((book) => book.module.code === name);
    switch (kind) {
      case "module":
        return module && high((row) => row.modules.get(name).score);
      case "part":
        return this.parts.some(({ part }) => part.code === name)
          ? high((row) => row.parts.get(name)) : null;
      case "next": {
        const own = this.tries.find(({ part }) => part.code === name);
        return own && own.take < own.inside.length
          ? high((row, code) => nextBest(own, row, code)) : null;
      }
      case "criterion":
        return this._marksTie(high, (line) => line.criterion === name);
      case "aspect":
        return this._marksTie(high, (line) => line.aspect.code === name);
      case "time":
        return this.timed(name).length ? (code) => this.time(name, code) : null;
      case "stage": {
        const stage = [...this.earlier, this].find((candidate) => candidate.code === name);
        return stage && high((row, code) => stage.rows.get(code).total);
      }
      case "age": {
        const born = (code) => birthOf(this.people.get(code));
        if (name === "older") return born;
        if (name === "younger") return high((row, code) => born(code));
      }
    }
    throw new TypeError(`tie key: ${key}`);
  }

  /** The modules here whose times a key adds up: one, some (`A+B`), or `all`. */
  timed(name) {
    const everywhere = this.event.stages.flatMap((stage) => stage.modules.map(({ code }) => code));
    const wanted = everywhere.includes(name) ? [name] : name === "all" ? everywhere : name.split("+");
    return this.modules.filter(({ module }) => wanted.includes(module.code));
  }

  /**
   * Somebody's times in them together, without attempts that do not count; null where one is
   * missing, none is left, or an attempt's part has no score.
   */
  time(name, code) {
    const { counted } = this.rows.get(code);
    const books = this.timed(name);
    if (books.some(({ isAttempt, module }) => isAttempt && !counted.get(module.part).length)) return null;
    const times = books.filter((book) => stands(book, counted))
      .map((book) => book.lists.times.get(code) ?? null);
    return times.length && !times.includes(null) ? sum(times) : null;
  }

  _marksTie(high, wanted) {
    const sources = this.modules
      .map((book) => [book, book.aspects.map(wanted)])
      .filter(([, places]) => places.includes(true));
    return sources.length ? high((row) => sum(sources
      .filter(([book]) => stands(book, row.counted))
      .flatMap(([{ module }, places]) =>
        row.modules.get(module.code).aspects().filter((_mark, place) => places[place])))) : null;
  }

  /** Who goes on to the next stage. */
  goingOn() {
    const { advance } = this.stage;
    const everybody = inOrder(this.ranks);
    if (!advance) return everybody;
    const { without: away = [], also = [], missed = [] } = advance;
    const order = everybody.filter((code) => !away.includes(code));
    const byRule = new Set(this._byRule(order, advance));
    return order.filter((code) => (
      also.includes(code) || (byRule.has(code) && !missed.includes(code))
    ));
  }

  /** Who goes on by the rule. */
  _byRule(order, advance) {
    if (!this.version.codeDecides) return this._together(order, advance);
    const top = advance.top ?? Infinity;
    const perUnit = advance.per_unit ?? Infinity;
    const taken = [];
    const ofUnit = new Map();
    let last = null;
    for (const code of order) {
      const isFull = taken.length >= top;
      const shares = this.ranks.get(code) === last && (advance.ties ?? "include") === "include";
      if (isFull && !shares) break;
      const { unit } = this.people.get(code);
      if ((ofUnit.get(unit) ?? 0) >= perUnit) continue;
      taken.push(code);
      ofUnit.set(unit, (ofUnit.get(unit) ?? 0) + 1);
      if (!isFull) last = this.ranks.get(code);
    }
    return taken;
  }

  /** As `goingOn`, with nobody preferred by code: a place that equals ask for may stay open. */
  _together(order, { top = null, per_unit: most = null, ties }) {
    const unitOf = (code) => this.people.get(code).unit;
    const gone = new Map();
    const room = (unit) => (most ?? Infinity) - (gone.get(unit) ?? 0);
    const going = [];
    let left = top ?? Infinity;
    for (const [rank, sharers] of Map.groupBy(order, (code) => this.ranks.get(code))) {
      if (left <= 0) break;
      const here = sharers.filter((code) => room(unitOf(code)) > 0);
      const units = [...Map.groupBy(here, unitOf)].sort(([a], [b]) => byCode(a, b));
      const isCut = ties === "cut";
      const asked = ([unit, people]) => (isCut ? Math.min(people.length, room(unit)) : people.length);
      if (isCut && units.reduce((all, group) => all + asked(group), 0) > left) {
        this._keepOpen("cut_tie", rank, {}, left, here);
        break;
      }
      for (const [unit, people] of units) {
        const places = asked([unit, people]);
        if (places === people.length) going.push(...people);
        else this._keepOpen("unit_tie", rank, { unit }, places, people);
        gone.set(unit, (gone.get(unit) ?? 0) + places);
        left -= places;
      }
    }
    return going;
  }

  _keepOpen(kind, rank, unit, open, entrants) {
    const notice = { kind, stage: this.code, rank, ...unit, open };
    this.notices.push({ ...notice, entrants: [...entrants].sort(byCode) });
  }

  /** The rows as published; `next` are those of the next stage, or null. */
  standings(next) {
    return listed(this.entrants, (code) => this.rows.get(code).status, this.ranks)
      .map((code) => {
        const row = this.rows.get(code);
        return {
          entrant: code,
          rank: this.ranks.get(code) ?? null,
          status: row.status,
          total: shown(row.total, this.places),
          modules: Object.fromEntries(this.modules.map((book) => this._module(book, row))),
          parts: Object.fromEntries(
            [...row.parts].map(([part, score]) => [part, shown(score, this.modulePlaces)]),
          ),
          ...(this.tries.length && { counted: Object.fromEntries([...row.counted].map(
            ([part, books]) => [part, books.map(({ module }) => module.code)])) }),
          advanced: next && next.has(code),
        };
      });
  }

  _module({ module: { code }, full, weight }, row) {
    const { score, flags } = row.modules.get(code);
    const points = score && this.round(times(over(score, full), weight), this.places);
    const texts = { score: shown(score, this.modulePlaces), points: shown(points, this.places) };
    return [code, { ...texts, flags }];
  }
}

/** What an attempt brings to its part: its score by its full marks. */
const shareOf = ({ module, full }, modules) => over(modules.get(module.code).score, full);

/** The attempts of a part that count, in their order; none while one is incomplete. */
function best({ inside, take }, modules) {
  if (inside.some(({ module }) => modules.get(module.code).score === null)) return [];
  const order = [...inside.keys()].sort((a, b) =>
    compare(shareOf(inside[b], modules), shareOf(inside[a], modules)) || a - b);
  return order.slice(0, take).sort((a, b) => a - b).map((place) => inside[place]);
}

/** Whether a module is no attempt, or one that counts. */
const stands = (book, counted) => !book.isAttempt || counted.get(book.module.part).includes(book);

/** The best of the attempts that do not count and were made, by its full marks; null for none. */
function nextBest({ part: { code: part }, inside }, { modules, counted }, code) {
  const rest = inside.filter((book) => !counted.get(part).includes(book) && !book.isVoid(code)
    && modules.get(book.module.code).score !== null);
  return rest.length ? rest.map((book) => shareOf(book, modules)).reduce(greatest) : null;
}

/** Part those of a playoff, who are all of one set of equals, by one more number in their keys. */
function part(keys, { order }) {
  const groups = order.map((item) => [item].flat());
  const named = groups.flat();
  const first = keys.get(named[0]);
  const equals = [...keys.keys()].filter((code) => first && !byKeys(keys.get(code), first));
  if (equals.length !== named.length || !named.every((code) => equals.includes(code))) {
    throw new TypeError(`playoff: ${named.join(" ")}`);
  }
  groups.forEach((group, place) => {
    for (const code of group) keys.set(code, [...keys.get(code), number(place)]);
  });
}

/** The ranked by rank and code, then the others by status and code. */
export function listed(codes, statusOf, ranks) {
  const status = (code) => STATUSES.indexOf(statusOf(code));
  return [...codes].sort((a, b) =>
    status(a) - status(b) || (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || byCode(a, b));
}

/** Those whom rules are tried on: the entrant, or a crew's members. */
export function peopleOf(entrant) {
  const { code, unit, group = null, grade = null, promoted = null, members } = entrant;
  const own = { entrant: code, member: null, unit, role: "main", group: group ?? "worker" };
  if (!members?.length) return [{ ...own, grade, promoted, birth: entrant.birth ?? null }];
  return members.map((member, place) => ({
    ...own,
    member: member.code,
    role: member.role ?? (place ? "assistant" : "main"),
    group: member.group ?? own.group,
    grade: member.grade ?? null,
    promoted: member.promoted ?? null,
    birth: member.birth ?? null,
  }));
}

/** The day of birth as a number; of a crew its first main member's. */
function birthOf(entrant) {
  const birth = peopleOf(entrant).find(({ role }) => role === "main")?.birth;
  return birth ? number(birth.replaceAll("-", "")) : null;
}
