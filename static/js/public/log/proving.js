// What is proven on this page, step by step, from what the server hands out.
// The server's word alone counts for nothing. Each function throws a ProofError for what does not
// hold.

import { sha256 } from "../../draw/sha256.js";
import { readCheckpoint } from "../../proof/checkpoint.js";
import { bytesText, fromBase64, hex, joined } from "../../proof/encoding.js";
import { checkedLogProof } from "../../proof/log_proof.js";
import { showsConsistency } from "../../proof/merkle.js";
import { ProofError } from "../../proof/note.js";

/** A length in eight bytes. */
function eight(length) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length));
  return bytes;
}

/** The hash that stands on the notice, over the published files, in hexadecimal. */
export function filesHash(files) {
  return hex(sha256(joined(...files.flatMap((file) => [eight(file.length), file]))));
}

/** The line that announces a version, proven to be in the log: {leaf, index, steps, checkpoint}. */
export async function provenVersion(bytes, wanted, keys, check) {
  const proven = await checkedLogProof(bytes, keys, check);
  const leaf = JSON.parse(bytesText(proven.leaf) ?? "null");
  const expected = { kind: "publication", act: "announce", ...wanted };
  for (const [name, value] of Object.entries(expected)) {
    if (leaf?.[name] !== value) throw new ProofError("other");
  }
  return { ...proven, at: leaf.at };
}

/**
 * That the log of the later checkpoint begins with that of the earlier; gives the earlier.
 * Who signed the earlier is another question.
 */
export function provenBeginning(earlier, later, hashesText) {
  const before = readCheckpoint(earlier);
  const hashes = hashesText.split("\n").filter(Boolean).map(fromBase64);
  const fits =
    before.origin === later.origin &&
    hashes.every((hash) => hash?.length === 32) &&
    showsConsistency(before.size, before.root, later.size, later.root, hashes);
  if (!fits) throw new ProofError("rewritten", { size: before.size });
  return before;
}

/** Somebody's line in the published results: {rank, total, status}, or null. */
export function lineOf(results, code) {
  for (const event of JSON.parse(bytesText(results) ?? "{}").events ?? []) {
    const standing = (event.standings ?? []).find((row) => row.entrant === code);
    if (standing) return standing;
  }
  return null;
}
