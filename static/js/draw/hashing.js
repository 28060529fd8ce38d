// Seals, the head, the openings and the seed: every hash of a ceremony.

import { Sha256, sha256 } from "./sha256.js";
import { hashOf, hex, utf8 } from "./text.js";

const FORMAT = "compete-draw/1";

/** A value as RFC 8785 writes it: keys in UTF-16 order, no spaces. Undefined members are left out.
 * JSON.stringify escapes texts as it wants, and writes whole numbers in full. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const kept = Object.keys(value).filter((key) => value[key] !== undefined).sort();
  return `{${kept.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** The same in pieces, so that a long list can be written in slices. */
function* pieces(value) {
  if (Array.isArray(value)) {
    yield "[";
    for (let i = 0; i < value.length; i += 1) {
      if (i) yield ",";
      yield* pieces(value[i]);
    }
    yield "]";
    return;
  }
  const members = value && typeof value === "object" ? Object.entries(value) : [];
  if (!members.some(([, member]) => Array.isArray(member))) {
    yield canonical(value);
    return;
  }
  const kept = members.filter(([, member]) => member !== undefined);
  kept.sort(([a], [b]) => (a < b ? -1 : 1));
  yield "{";
  for (let i = 0; i < kept.length; i += 1) {
    yield `${i ? "," : ""}${JSON.stringify(kept[i][0])}:`;
    yield* pieces(kept[i][1]);
  }
  yield "}";
}

/** A function from a party that opened to the seal that its opening gives. */
export function sealsOf({ ceremony, number }) {
  const begun = new Sha256().update(utf8(`${FORMAT} seal\n${ceremony}\n${number}\n`));
  return ({ name, key, share }) =>
    hex(begun.clone().update(utf8(`${name}\n${key}\n${share}`)).digest());
}

/** The hash of all that is fixed before the first share is opened. It yields now and then. */
export function* headOf(file) {
  const bare = ({ name, seal }) => ({ name, seal });
  const fixed = {
    ...file,
    draws: file.draws.map((draw) => ({ ...draw, result: undefined, unmet: undefined, tries: undefined })),
    parties: file.parties.map(bare),
    spare: bare(file.spare),
  };
  const hash = new Sha256();
  for (const piece of pieces(fixed)) {
    hash.update(utf8(piece));
    yield;
  }
  return hex(hash.digest());
}

export const isOpened = ({ share }) => share !== null;

/** The hash that fixes who opened, and what. */
export function openingsOf(file, head) {
  const lines = file.parties.map((party) =>
    (isOpened(party) ? `\n${party.name}\n${party.key}\n${party.share}` : `\n${party.name}\n-`));
  return hashOf(`${FORMAT} openings\n${head}${lines.join("")}`);
}

/** The 32 bytes that the order is made of. */
export const seedOf = (openings, { key, share }) =>
  sha256(utf8(`${FORMAT} seed\n${openings}\n${key}\n${share}`));
