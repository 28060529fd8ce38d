// Checkpoints (C2SP tlog-checkpoint): how long a log is, and the root over it, signed.

import { bytesText, base64, fromBase64, fromBase64Url, textBytes } from "./encoding.js";
import { ProofError, readNote, whoSigned } from "./note.js";

const SIZE = /^(0|[1-9]\d{0,15})$/;
const HASH = 32;
const SIGNED = 68;

/** The checkpoint in a signed note: {origin, size, root, extensions, note}; nothing is checked. */
export function readCheckpoint(bytes) {
  const note = readNote(bytes);
  const [origin, size, rootText, ...extensions] = note.text.slice(0, -1).split("\n");
  const root = fromBase64(rootText ?? "");
  const empty = [origin, ...extensions].some((line) => !line);
  if (empty || root?.length !== HASH) throw new ProofError("checkpoint");
  return { origin, size: readSize(size), root, extensions, note };
}

/** The same, if one of the keys signed it under the log's own name; else a ProofError. */
export async function checkedCheckpoint(bytes, keys, check) {
  const checkpoint = readCheckpoint(bytes);
  const own = keys.filter((key) => key.name === checkpoint.origin);
  await whoSigned(checkpoint.note, own, check);
  return checkpoint;
}

/** The bytes of the signed checkpoint that a QR code's short form stands for. */
export function fromShortForm(text) {
  const [, size, rootText, signatureText, origin] =
    /^cp1~([^~]*)~([^~]*)~([^~]*)~(.+)$/u.exec(text.trim()) ?? [];
  const root = fromBase64Url(rootText ?? "");
  const signature = fromBase64Url(signatureText ?? "");
  if (!origin || root?.length !== HASH || signature?.length !== SIGNED) {
    throw new ProofError("checkpoint");
  }
  const lines = [origin, readSize(size), base64(root), "", `— ${origin} ${base64(signature)}`, ""];
  return textBytes(lines.join("\n"));
}

/** A length or place as these texts write it. */
export function readSize(text) {
  const size = SIZE.test(text ?? "") ? Number(text) : NaN;
  if (!Number.isSafeInteger(size)) throw new ProofError("checkpoint");
  return size;
}

/** What a file's bytes say, split at the first empty line; null for bytes that are no text. */
export function parted(bytes) {
  const text = bytesText(bytes);
  const at = text === null ? -1 : text.indexOf("\n\n");
  return at < 0 ? null : { head: text.slice(0, at).split("\n"), rest: textBytes(text.slice(at + 2)) };
}
