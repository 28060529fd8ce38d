// A draw file verified wholly in the browser: `compete verify-draw`, step by step.

import { headOf, isOpened, openingsOf, sealsOf, seedOf } from "./hashing.js";
import { hashWords } from "./hash_words.js";
import { movesOf, outcomeOf, recordOf, swapsOf } from "./outcome.js";
import { readDrawFile } from "./read.js";
import { inSlices } from "./slices.js";
import { bytesOf, hex } from "./text.js";

const LEAST_NOTED = 32;
const NOTHING = { result: [], unmet: [], tries: 0 };

/** The digits of a hash that somebody noted, without spaces; null where they are not enough, or
 * no digits of a hash. */
export function notedDigits(text) {
  const digits = text.replace(/\s/g, "").toLowerCase();
  return /^[0-9a-f]*$/.test(digits) && digits.length >= LEAST_NOTED && digits.length <= 64 ? digits : null;
}

/**
 * Work out the draw in the bytes of a file and hold it against what the file says.
 *
 * Options: `head` and `openings`, digits noted at the ceremony (see `notedDigits`);
 * `progress`, called with `{ draw, tries }` at each try; `stopped`, asked now and then whether to give
 * up, upon which a `StoppedError` is thrown.
 *
 * The promise gives `{ status, problems, differences, ... }`. With the status "refused" there are
 * only `problems`, each `{ path, text, holes }` for the catalogue. With "same", "differs" and "void"
 * there are also `steps`, as of `stepsOf`; `file`, what was read; `head`, `openings` and `seed`, as
 * of `hashOf`; `parties`, the spare last, as of `partyOf`; and `draws`, as of `drawOf`.
 * `differences` are the first of every step that does not come out, in the order of the steps,
 * each `{ what, place, found, wanted }` with `what` one of "seal", "head", "openings", "void",
 * "result", "unmet" and "tries".
 */
export const checkDraw = (bytes, options = {}) => inSlices(checking(bytes, options), options);

function* checking(bytes, { head: notedHead, openings: notedOpenings }) {
  const { file, problems } = yield* readDrawFile(bytes);
  if (!file) return { status: "refused", problems, differences: [] };
  const head = hashOf(yield* headOf(file), notedHead);
  const openings = hashOf(openingsOf(file, head.hex), notedOpenings);
  const seed = isOpened(file.spare) ? hashOf(hex(seedOf(openings.hex, file.spare))) : null;
  const sealOf = sealsOf(file);
  const parties = file.parties.map((party, at) => partyOf(party, `parties[${at}]`, sealOf));
  parties.push(partyOf(file.spare, "spare", sealOf));
  const isVoid = !seed || !file.parties.some(isOpened);
  const draws = [];
  for (let number = 0; number < file.draws.length; number += 1) {
    draws.push(yield* drawOf(file.draws[number], number, isVoid ? null : seed));
  }
  const differences = [
    ...parties.filter(({ fits }) => fits === false).map(sealDifference),
    ...notedDifference("head", head),
    ...notedDifference("openings", openings),
    ...(isVoid ? [voidDifference(seed)] : []),
    ...draws.flatMap((draw) => draw.differences),
  ];
  const [first] = differences;
  const status = !first ? "same" : first.what === "void" ? "void" : "differs";
  const steps = stepsOf(differences, head.noted, openings.noted, isVoid ? null : true);
  return { status, problems, differences, steps, file, head, openings, seed, parties, draws };
}

/** The steps of a check as a page tells them, each `{ name, fits, difference }`. `fits` is null
 * where nothing can be said: nothing was noted, or nothing was drawn. */
function stepsOf(differences, head, openings, drawn) {
  const step = (name, fits, ...kinds) => {
    const difference = differences.find(({ what }) => kinds.includes(what)) || null;
    return { name, fits: difference ? false : fits, difference };
  };
  return [
    step("list", head, "head"),
    step("seals", true, "seal"),
    step("openings", openings, "openings"),
    step("seed", true, "void"),
    step("shuffle", drawn),
    step("rule", drawn),
    step("result", drawn, "result", "unmet", "tries"),
  ];
}

/** A hash in digits and in words; `given` are the digits that were noted, and `noted` is whether
 * they are its own, or null without any. */
function hashOf(digits, given) {
  const noted = given ? digits.startsWith(given) : null;
  return { hex: digits, words: hashWords(digits), given, noted };
}

/** `{ place, name, seal, words, opened, share, wanted, fits }`: the words are the seal's, `wanted`
 * is the seal that the opening gives, and `fits` is null for one that did not open. */
function partyOf(party, place, sealOf) {
  const opened = isOpened(party);
  const wanted = opened ? sealOf(party) : null;
  return {
    place,
    name: party.name,
    seal: party.seal,
    words: hashWords(party.seal),
    opened,
    share: party.share,
    wanted,
    fits: opened ? wanted === party.seal : null,
  };
}

/** `{ result, unmet, tries, swaps, moves, differing, differences }`: what was worked out, each swap
 * of the shuffle and of the rule in the try that counts, how many rows of the file's result differ,
 * and the first differences. Nothing is drawn without a seed. */
function* drawOf(draw, number, seed) {
  let outcome = null;
  if (seed) {
    const work = outcomeOf(bytesOf(seed.hex), number, draw);
    for (let step = work.next(); ; step = work.next()) {
      outcome = step.value;
      if (step.done) break;
      yield outcome === undefined ? undefined : { draw: number, tries: outcome };
    }
  }
  const wanted = outcome ? recordOf(draw, outcome) : NOTHING;
  const rows = unlike(draw.result, wanted.result, (a, b) =>
    a.place === b.place && a.code === b.code && a.moved === b.moved);
  const unmet = unlike(draw.unmet, wanted.unmet, (a, b) => a === b);
  const differences = [
    ...firstOf("result", draw, number, rows, wanted.result),
    ...firstOf("unmet", draw, number, unmet, wanted.unmet),
  ];
  if (draw.tries !== wanted.tries) {
    const place = `draws[${number}].tries`;
    differences.push({ what: "tries", place, found: draw.tries, wanted: wanted.tries });
  }
  return {
    ...wanted,
    swaps: outcome ? swapsOf(draw, outcome) : [],
    moves: outcome ? movesOf(draw, outcome) : [],
    differing: rows.length,
    differences,
  };
}

/** The numbers of the rows in which the file's list and the one worked out differ. */
function unlike(there, wanted, isSame) {
  const numbers = [];
  for (let at = 0; at < Math.max(there.length, wanted.length); at += 1) {
    if (!there[at] || !wanted[at] || !isSame(there[at], wanted[at])) numbers.push(at);
  }
  return numbers;
}

/** The difference in the first of these rows of the file's list `what`, if there is one. */
const firstOf = (what, draw, number, rows, wanted) => rows.slice(0, 1).map((at) => ({
  what, place: `draws[${number}].${what}[${at}]`, found: draw[what][at], wanted: wanted[at],
}));

const sealDifference = ({ place, seal, wanted }) =>
  ({ what: "seal", place: `${place}.seal`, found: seal, wanted });

const notedDifference = (what, { hex: wanted, noted, given }) =>
  (noted === false ? [{ what, place: what, found: given, wanted }] : []);

const voidDifference = (seed) =>
  ({ what: "void", place: seed ? "parties" : "spare", found: 0, wanted: 1 });

/** Where somebody was drawn to, in each draw that they are in: `{ draw, position, place }` with the
 * draw's number from 0, their position from 1 and the place as the file has it. */
export function placesOf({ file, draws }, code) {
  const places = [];
  draws.forEach(({ result }, draw) => {
    const at = result.findIndex((row) => row.code === code);
    if (at >= 0) places.push({ draw, position: at + 1, place: file.draws[draw].places[at] });
  });
  return places;
}
