// Checking proofs of the log's tree (RFC 6962.
// The steps are those of RFC 9162, 2.1.3.2 and 2.1.4.2). Hashes are Uint8Arrays of 32 bytes.

import { sha256 } from "../draw/sha256.js";
import { equal, joined } from "./encoding.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The root of a log without leaves. */
export const EMPTY_ROOT = sha256(new Uint8Array(0));

/** The hash of one leaf. */
export const leafHash = (content) => sha256(joined(LEAF, content));

/** The hash of two neighbours. */
export const nodeHash = (left, right) => sha256(joined(NODE, left, right));

// Places may be larger than the 32 bits that JavaScript shifts.
const half = (number) => Math.floor(number / 2);
const isOdd = (number) => number % 2 === 1;
const isPlace = (number) => Number.isSafeInteger(number) && number >= 0;

/** Past the levels at which the last node has no neighbour and goes up as it is. */
function upToARightOne(place, last) {
  while (place && !isOdd(place)) [place, last] = [half(place), half(last)];
  return [place, last];
}

/** Whether a proof leads from a leaf's hash at index, counted from 0, to the root of size leaves. */
export function showsInclusion(leaf, index, size, proof, root) {
  if (!isPlace(index) || !isPlace(size) || index >= size) return false;
  let [place, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      [place, last] = upToARightOne(place, last);
    } else {
      hash = nodeHash(hash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && equal(hash, root);
}

/** Whether so many leaves, at least one, make a full tree. */
function isFull(size) {
  while (!isOdd(size)) size = half(size);
  return size === 1;
}

/** Whether a proof shows that the log of `size` leaves begins with that of `oldSize`. */
export function showsConsistency(oldSize, oldRoot, size, root, proof) {
  if (!isPlace(oldSize) || !isPlace(size) || oldSize > size) return false;
  if (oldSize === 0) return proof.length === 0 && equal(oldRoot, EMPTY_ROOT);
  if (oldSize === size) return proof.length === 0 && equal(oldRoot, root);
  // A full tree is itself a node of the longer one, so the proof leaves it out.
  const [first, ...rest] = isFull(oldSize) ? [oldRoot, ...proof] : proof;
  if (!first) return false;
  let [place, last] = [oldSize - 1, size - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
      [place, last] = upToARightOne(place, last);
    } else {
      after = nodeHash(after, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && equal(before, oldRoot) && equal(after, root);
}
