// Who gets which place: up to a hundred tries out of one stream.

import { Stream } from "./stream.js";
import { Separation } from "./separation.js";

export const MOST_TRIES = 100;
const BATCH = 256;

/** `{ order, others }`: the people's numbers in the order that the stream decides, and for each
 * position from the last to 1 the one that it was swapped with. */
function* shuffled(stream, size) {
  const order = Array.from({ length: size }, (_, i) => i);
  const others = new Array(size).fill(0);
  for (let last = size - 1; last > 0; last -= 1) {
    if (last % BATCH === 0) yield;
    const other = stream.below(last + 1);
    others[last] = other;
    [order[last], order[other]] = [order[other], order[last]];
  }
  return { order, others };
}

/** What a draw gives, in numbers of its lists, and how that came about:
 * `{ order, unmet, tries, others, moves }`. It yields now and then, with the try it is at. */
export function* outcomeOf(seed, number, draw) {
  const stream = new Stream(seed, number, draw.layer);
  const rule = new Separation(draw);
  const people = draw.list.length;
  let best = null;
  let tries = 0;
  while (tries < MOST_TRIES && (!best || best.unmet.length)) {
    tries += 1;
    yield tries;
    const { order, others } = yield* shuffled(stream, people);
    const separated = yield* rule.separate(order, best ? best.unmet.length : people + 1);
    if (separated) best = { ...separated, others };
  }
  return { ...best, tries };
}

/** What stands in the file of an outcome: `{ result, unmet, tries }`. */
export function recordOf(draw, { order, moves, unmet, tries }) {
  const moved = new Set();
  moves.forEach(({ came, went }) => moved.add(came).add(went));
  return {
    result: order.map((person, place) => ({
      place: draw.places[place].code, code: draw.list[person].code, moved: moved.has(person),
    })),
    unmet: unmet.map((place) => draw.places[place].code),
    tries,
  };
}

/** Every swap of the try that counts, as people see it: from the last position on, who came to a
 * position from where, and who went there. Positions count from 1. */
export function swapsOf(draw, { others }) {
  const order = draw.list.map(({ code }) => code);
  const swaps = [];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = others[last];
    swaps.push({ position: last + 1, with: other + 1, came: order[other], went: order[last] });
    [order[last], order[other]] = [order[other], order[last]];
  }
  return swaps;
}

/** Every swap that the rule asked for: who came to a place, whom they changed with, and why that
 * one might not stand there: `apart` from the own unit, or the `session` being full of it. */
export function movesOf(draw, { moves }) {
  return moves.map(({ place, from, came, went, why }) => ({
    position: place + 1,
    with: from + 1,
    place: draw.places[place].code,
    other: draw.places[from].code,
    came: draw.list[came].code,
    went: draw.list[went].code,
    why,
  }));
}
