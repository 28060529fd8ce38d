// People swapped until those of one unit stand apart as the draw's rule asks, as far as one pass can.

import { Rest } from "./rest.js";

// The unit of who has none, the session or turn of a place without one.
const NOBODYS = -1;
const BATCH = 256;

/** Each name's number from 0; -1 for undefined. */
function numbered(names) {
  const numbers = new Map([[undefined, NOBODYS]]);
  return names.map((name) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size - 1);
    return numbers.get(name);
  });
}

const largest = (numbers) => numbers.reduce((most, number) => Math.max(most, number), NOBODYS);
const turnName = (line, order) => JSON.stringify([line, order]);

/** One draw's rule, ready to be held against many orders of its people. */
export class Separation {
  constructor(draw) {
    const { apart = false, per_session: perSession } = draw.rule || {};
    const places = draw.places.slice(0, draw.list.length);
    const turns = places.map(({ line, order }) =>
      (apart && line !== undefined ? turnName(line, order) : undefined));
    this.perSession = perSession;
    this.units = numbered(draw.list.map(({ unit }) => unit));
    this.sessions = numbered(places.map(({ session }) => (perSession ? session : undefined)));
    this.turns = numbered(turns);
    const numbers = new Map(turns.map((turn, place) => [turn, this.turns[place]]));
    const near = ({ line, order }, step) => {
      const turn = line === undefined ? undefined : numbers.get(turnName(line, order + step));
      return turn === undefined ? NOBODYS : turn;
    };
    this.before = places.map((place) => near(place, -1));
    this.after = places.map((place) => near(place, 1));
    this.kinds = kindsOf(this);
    this.binds = Math.max(largest(this.sessions), largest(this.turns)) > NOBODYS;
  }

  /** What one pass makes of an order, `{ order, moves, unmet }`; null once `mostUnmet` places are
   * unmet. A move is `{ place, from, came, went, why }`: `came`, who stood at `from`, was swapped to
   * `place`, since `went` may not stand there; all are numbers from 0. */
  * separate(order, mostUnmet) {
    const moves = [];
    const unmet = [];
    if (!this.binds) return { order, moves, unmet };
    const at = order.map((person) => this.units[person]);
    const sets = (numbers) => Array.from({ length: largest(numbers) + 1 }, () => new Set());
    const stands = { inTurn: sets(this.turns), full: sets(this.sessions), counts: new Map() };
    const none = new Set();
    let rest = null;
    for (let place = 0; place < order.length; place += 1) {
      if (place % BATCH === 0) yield;
      const unit = at[place];
      const full = stands.full[this.sessions[place]] || none;
      const barred = [full, stands.inTurn[this.before[place]] || none, stands.inTurn[this.after[place]] || none];
      if (barred.some((units) => units.has(unit))) {
        rest = rest || new Rest(at);
        const from = rest.nextFitting(place, barred, this.kinds[place]);
        if (from < 0) {
          unmet.push(place);
          if (unmet.length >= mostUnmet) return null;
        } else {
          const why = full.has(unit) ? "session" : "apart";
          moves.push({ place, from, came: order[from], went: order[place], why });
          [order[place], order[from]] = [order[from], order[place]];
          [at[place], at[from]] = [at[from], unit];
          rest.comes(unit, from);
        }
      }
      if (at[place] !== NOBODYS) this.stand(stands, place, at[place]);
    }
    return { order, moves, unmet };
  }

  /** From now on somebody of the unit stands at the place. */
  stand({ inTurn, full, counts }, place, unit) {
    const session = this.sessions[place];
    if (this.turns[place] !== NOBODYS) inTurn[this.turns[place]].add(unit);
    if (session === NOBODYS) return;
    const key = session * this.units.length + unit;
    counts.set(key, (counts.get(key) || 0) + 1);
    if (counts.get(key) === this.perSession) full[session].add(unit);
  }
}

/** Which heap of the rest each place asks: one of its session and turn, or of its session, where
 * that is likely to be less work than to pass over all that is barred; else the common one. */
function kindsOf({ sessions, turns, units }) {
  const exact = sessions.map((session, place) => `${session} ${turns[place]}`);
  const size = largest(units) + 2;
  const own = new Set([...worthHeaps(exact, size), ...worthHeaps(sessions, size)]);
  return exact.map((key, place) => {
    if (own.has(key)) return { kind: key, lasting: 3 };
    const session = sessions[place];
    if (session !== NOBODYS && own.has(session)) return { kind: session, lasting: 1 };
    return { kind: null, lasting: 0 };
  });
}

function worthHeaps(keys, units) {
  const all = new Map();
  keys.forEach((key, place) => {
    if (!all.has(key)) all.set(key, { count: 0, first: place, last: place });
    const span = all.get(key);
    span.count += 1;
    span.last = place;
  });
  return Array.from(all)
    .filter(([, { count, first, last }]) => count * Math.min(count, units) > 2 * (units + last - first))
    .map(([key]) => key);
}
