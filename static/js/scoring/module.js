// One module of a stage: from what judges wrote to a module score (the format's section
// “From marks to a module score”).

import { typeOf } from "../judge/aspect_types.js";
import { ZERO, brief, compare, minus, over, plus, times } from "../shared/exact.js";
import { greatest, least, mean, number, numberOr, rounderOf, sum } from "./points.js";

const NOTHING = [];

export class Module {
  /** Of an attempt `isAttempt` is true, and `alike` holds all attempts of its part. */
  constructor(event, stage, module, lists, isAttempt) {
    const panel = module.panel ?? {};
    this.module = module;
    this.isAttempt = isAttempt;
    this.alike = [this];
    this.full = number(module.full);
    this.weight = number(module.weight);
    this.pass = numberOr(module.pass);
    this.places = event.rounding?.module ?? 2;
    this.round = rounderOf(event);
    this.aspectPlaces = event.rounding?.aspect ?? null;
    this.size = panel.size ?? 1;
    this.least = panel.min ?? this.size;
    this.combine = panel.combine ?? "mean";
    this.at = panel.at ?? "sheet";
    this.reduced = panel.reduced ?? "same";
    this.drops = [panel.drop_low ?? 0, panel.drop_high ?? 0];
    this.spread = numberOr(panel.max_spread);
    this.aspects = module.aspects.map((aspect) => ({
      aspect,
      type: typeOf(aspect),
      max: number(aspect.max),
      factor: numberOr(aspect.factor, number(1)),
      criterion: aspect.criterion ?? null,
      known: new Map(),
      best: null,
    }));
    this.lists = lists.of(stage.code, module.code);
    this.stageOutcomes = lists.of(stage.code, null).outcomes;
  }

  /** What happened to somebody here; the module's own comes before the stage's. */
  outcome(code) {
    return this.lists.outcomes.get(code) ?? this.stageOutcomes.get(code) ?? null;
  }

  /** Whether what somebody did here is 0, whatever was marked: not begun, or annulled. */
  isVoid(code) {
    const outcome = this.outcome(code);
    return outcome === "dns" || (this.isAttempt && outcome === "dsq");
  }

  /** Find what the relative aspects are measured against, among those who are in the stage. */
  enter(codes) {
    for (const line of this.aspects) {
      if (!line.type.againstOthers) continue;
      const values = this.alike.flatMap((book) => book._quantities(line, codes));
      line.best = values.length ? values.reduce(isLower(line) ? least : greatest) : null;
    }
  }

  /** What everybody without an outcome here did in the aspect that is such a one. */
  _quantities({ aspect, type }, codes) {
    const place = this.aspects.findIndex((own) => own.aspect.code === aspect.code);
    const line = this.aspects[place];
    const isAlike = line?.type === type && isLower(line) === isLower({ aspect });
    if (!isAlike) return NOTHING;
    return [...codes].filter((code) => !this.outcome(code)).flatMap((code) =>
      this.sheets(code).filter((values) => values[place] !== undefined)
        .map((values) => this._counted(line, values[place], code)));
  }

  /** Every judge's values of somebody, by the aspects' places. */
  sheets(code) {
    const byJudge = this.lists.sheets.get(code);
    return byJudge ? [...byJudge.values()].map((sheet) => this._placed(sheet)) : NOTHING;
  }

  _placed(sheet) {
    return this.aspects.map(({ aspect }) => sheet.get(aspect.code));
  }

  /** The sheets that count: all of them for who gave up, else those without a gap. */
  _counting(code, outcome) {
    const all = this.sheets(code);
    return outcome === "dnf" ? all : all.filter((values) => !values.includes(undefined));
  }

  /** A value with the penalty seconds that are put on it. */
  _counted(line, value, code) {
    const seconds = this.lists.seconds.get(code);
    const takes = line.type.timed || (line.type.againstOthers && isLower(line));
    return seconds && takes ? plus(number(value), seconds) : number(value);
  }

  /** The marks of a value, before the factor. */
  _marks(line, value, code, outcome) {
    if (value === undefined) return ZERO;
    if (line.type.againstOthers) {
      if (outcome === "dnf" || line.best === null) return ZERO;
      const own = this._counted(line, value, code);
      const share = isLower(line) ? over(line.best, own) : over(own, line.best);
      return least(line.max, times(line.max, share));
    }
    if (line.type.byDifficulty) {
      return times(number(value), this.lists.difficulties.get(code).get(line.aspect.code));
    }
    const isLate = line.type.timed && this.lists.seconds.has(code);
    const asked = isLate ? brief(this._counted(line, value, code), 12) : value;
    let marks = line.known.get(asked);
    if (!marks) {
      marks = line.type.marks(line.aspect, asked);
      line.known.set(asked, marks);
    }
    return marks;
  }

  /** Several judges' marks as one: {value, agreed}. */
  _combined(numbers) {
    const isReduced = numbers.length < this.size && this.reduced === "mean";
    if (isReduced || this.combine === "mean") return mean(numbers);
    if (this.combine === "sum") {
      const isScaled = numbers.length < this.size && this.reduced === "scale";
      const share = isScaled ? over(number(this.size), number(numbers.length)) : number(1);
      return times(sum(numbers), share);
    }
    if (this.combine === "agreed") return mean(numbers);
    const sorted = [...numbers].sort(compare);
    if (this.combine === "median") {
      const middle = sorted.length >> 1;
      return sorted.length % 2 ? sorted[middle] : mean(sorted.slice(middle - 1, middle + 1));
    }
    if (this.combine !== "trimmed_mean") throw new TypeError(`combine: ${this.combine}`);
    const [low, high] = this.drops;
    const rest = sorted.slice(low, Math.max(low, sorted.length - high));
    return mean(rest.length ? rest : sorted);
  }

  /** Whether judges who have to agree do not. */
  _disagrees(numbers) {
    if (this.combine !== "agreed") return false;
    if (numbers.length < this.size && this.reduced === "mean") return false;
    return numbers.some((other) => compare(other, numbers[0]));
  }

  _isWide(numbers) {
    const spread = minus(numbers.reduce(greatest), numbers.reduce(least));
    return compare(spread, this.spread) > 0;
  }

  /**
   * What stands of somebody: {score: a number or null, flags, aspects: () => their marks}, and
   * on the way there raw, before penalties, and sums, the judges' own where these are combined.
   */
  of(code) {
    const outcome = this.outcome(code);
    const none = () => this.aspects.map(() => ZERO);
    if (this.isVoid(code)) return { score: ZERO, flags: [outcome], aspects: none };
    const flags = outcome ? [outcome] : [];
    if (this.lists.penalised.has(code)) flags.push("penalised");
    const sheets = this._counting(code, outcome);
    if (outcome !== "dnf" && sheets.length < this.least) {
      return { score: null, flags: [...flags, "incomplete"].sort(), aspects: none };
    }
    const marks = this.aspects.map((line, place) =>
      sheets.map((values) => this._marks(line, values[place], code, outcome)));
    const { raw, sums, disputed } = this._together(sheets, marks, outcome);
    if (disputed) flags.push("disputed");
    const left = minus(raw, this.lists.points.get(code) ?? ZERO);
    return {
      score: this.round(left.n < 0n ? ZERO : left, this.places),
      flags: flags.sort(),
      raw,
      sums,
      aspects: () => marks.map((all, place) => this._aspect(all, place)),
    };
  }

  _together(sheets, marks, outcome) {
    if (!sheets.length) return { raw: ZERO, sums: [], disputed: false };
    const looks = outcome !== "dnf";
    const spreads = [];
    let disputed = false;
    let raw;
    let sums = [];
    this.aspects.forEach((line, place) => {
      if (line.type.inLevels) spreads.push(() => sheets.map((values) => number(values[place])));
      else if (this.at === "aspect") spreads.push(() => marks[place]);
    });
    if (this.at === "aspect") {
      disputed = marks.some((all) => this._disagrees(all));
      raw = sum(marks.map((all, place) => this._aspect(all, place)));
    } else {
      sums = sheets.map((values, judge) =>
        sum(this.aspects.map((line, place) => times(marks[place][judge], line.factor))));
      disputed = this._disagrees(sums);
      raw = this._combined(sums);
      if (!this.aspects.every(({ type }) => type.inLevels)) spreads.push(() => sums);
    }
    if (this.spread !== null && looks) {
      disputed = disputed || spreads.some((numbers) => this._isWide(numbers()));
    }
    return { raw, sums, disputed: disputed && looks };
  }

  /** An aspect's mark: its judges' combined, times the factor. */
  _aspect(all, place) {
    if (!all.length) return ZERO;
    const rounds = this.at === "aspect" && this.aspectPlaces !== null;
    const round = rounds ? (value) => this.round(value, this.aspectPlaces) : (value) => value;
    return round(times(round(this._combined(all)), this.aspects[place].factor));
  }
}

const isLower = (line) => (line.aspect.better ?? "lower") === "lower";
