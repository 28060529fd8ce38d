// A draw file verified wholly in the browser: `compete verify-draw`, step by step.

import { headOf, isOpened, openingsOf, sealsOf, seedOf } from "./hashing.js";
import { hashWords } from "./hash_words.js";
import { movesOf, outcomeOf, said, swapsOf } from "./outcome.js";
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
 * `told`, called with `{ draw, tries }` now and then; `stopped`, asked whether to give up,
 * upon which a `StoppedError` is thrown.
 *
 * The promise gives `{ status, problems, differences, file, ... }`. `status` is "refused" (with
 * `problems`, each `{ path, text, holes }` for the catalogue, and nothing else), "same", "differs"
 * or "void"; `differences` has the first of every step that does not come out, each
 * `{ what, place, found, wanted }`, in the order of the steps. `file` is what was read, `head`,
 * `openings` and `seed` are `{ hex, words, noted }`, `parties` and `draws` what `partyOf` and
 * `drawOf` give.
 */
export const checkDraw = (bytes, options = {}) => inSlices(checking(bytes, options), options);

function* checking(bytes, { head: notedHead, openings: notedOpenings }) {
  const { file, problems } = yield* readDrawFile(bytes);
  if (!file) return { status: "refused", problems, differences: [] };
  const head = hashOf(yield* headOf(file), notedHead);
  const openings = hashOf(openingsOf(file, head.hex), notedOpenings);
  const seed = isOpened(file.spare) ? hashOf(hex(seedOf(openings.hex, file.spare))) : null;
  const sealOf = sealsOf(file);
  const parties = file.parties.map((one, at) => partyOf(one, `parties[${at}]`, sealOf));
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
    ...draws.reduce((all, draw) => all.concat(draw.differences), []),
  ];
  const [first] = differences;
  const status = !first ? "same" : first.what === "void" ? "void" : "differs";
  return { status, problems, differences, file, head, openings, seed, parties, draws };
}

/** A hash in digits and in words; `noted` is whether it is the one that was noted, or null. */
function hashOf(digits, noted) {
  return { hex: digits, words: hashWords(digits), noted: noted ? digits.startsWith(noted) : null, said: noted };
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
  let found = null;
  if (seed) {
    const work = outcomeOf(bytesOf(seed.hex), number, draw);
    for (let step = work.next(); ; step = work.next()) {
      found = step.value;
      if (step.done) break;
      yield found === undefined ? undefined : { draw: number, tries: found };
    }
  }
  const wanted = found ? said(draw, found) : NOTHING;
  const rows = unlike(draw.result, wanted.result, (a, b) =>
    a.place === b.place && a.code === b.code && a.moved === b.moved);
  const unmet = unlike(draw.unmet, wanted.unmet, (a, b) => a === b);
  const place = `draws[${number}]`;
  const differences = [
    ...rows.slice(0, 1).map((at) => ({
      what: "result", place: `${place}.result[${at}]`, found: draw.result[at], wanted: wanted.result[at],
    })),
    ...unmet.slice(0, 1).map((at) => ({
      what: "unmet", place: `${place}.unmet[${at}]`, found: draw.unmet[at], wanted: wanted.unmet[at],
    })),
  ];
  if (draw.tries !== wanted.tries) {
    differences.push({ what: "tries", place: `${place}.tries`, found: draw.tries, wanted: wanted.tries });
  }
  return {
    ...wanted,
    swaps: found ? swapsOf(draw, found) : [],
    moves: found ? movesOf(draw, found) : [],
    differing: rows.length,
    differences,
  };
}

/** The numbers of the rows in which two lists differ. */
function unlike(said1, wanted, isSame) {
  const numbers = [];
  for (let at = 0; at < Math.max(said1.length, wanted.length); at += 1) {
    if (!said1[at] || !wanted[at] || !isSame(said1[at], wanted[at])) numbers.push(at);
  }
  return numbers;
}

const sealDifference = ({ place, seal, wanted }) =>
  ({ what: "seal", place: `${place}.seal`, found: seal, wanted });

const notedDifference = (what, { hex: wanted, noted, said: found }) =>
  (noted === false ? [{ what, place: what, found, wanted }] : []);

const voidDifference = (seed) =>
  ({ what: "void", place: seed ? "parties" : "spare", found: 0, wanted: 1 });

/** Where somebody was drawn to, in each draw that they are in: `{ draw, position, place }` with the
 * draw's number from 0, their position from 1 and the place as the file has it. */
export function placesOf({ file, draws }, code) {
  const found = [];
  draws.forEach(({ result }, draw) => {
    const at = result.findIndex((row) => row.code === code);
    if (at >= 0) found.push({ draw, position: at + 1, place: file.draws[draw].places[at] });
  });
  return found;
}
