// A proof as a file (C2SP tlog-proof): leaf, place, way up and signed checkpoint.

import { checkedCheckpoint, parted, readCheckpoint, readSize } from "./checkpoint.js";
import { fromBase64 } from "./encoding.js";
import { leafHash, showsInclusion } from "./merkle.js";
import { ProofError } from "./note.js";

const HEADER = "c2sp.org/tlog-proof@v1";
const EXTRA = "extra ";
const INDEX = "index ";
const MOST_HASHES = 64;
const HASH = 32;

/** What is in the file: {leaf, index, hashes, checkpoint: its bytes}; nothing is checked. */
export function readLogProof(bytes) {
  const parts = parted(bytes);
  const [header, extra = "", index = "", ...lines] = parts?.head ?? [];
  if (header !== HEADER || !extra.startsWith(EXTRA) || !index.startsWith(INDEX)) {
    throw new ProofError("proof");
  }
  const leaf = fromBase64(extra.slice(EXTRA.length));
  const hashes = lines.map(fromBase64);
  if (!leaf || lines.length > MOST_HASHES || hashes.some((hash) => hash?.length !== HASH)) {
    throw new ProofError("proof");
  }
  readCheckpoint(parts.rest);
  return { leaf, index: readSize(index.slice(INDEX.length)), hashes, checkpoint: parts.rest };
}

/**
 * The leaf, if one of the keys signed the checkpoint and the way leads from one to
 * the other: {leaf, index, steps, checkpoint}. Else a ProofError says what does not hold.
 */
export async function checkedLogProof(bytes, keys, check) {
  const { leaf, index, hashes, checkpoint: signed } = readLogProof(bytes);
  const checkpoint = await checkedCheckpoint(signed, keys, check);
  if (!showsInclusion(leafHash(leaf), index, checkpoint.size, hashes, checkpoint.root)) {
    throw new ProofError("leaf", { index, size: checkpoint.size });
  }
  return { leaf, index, steps: hashes.length, checkpoint };
}
