// Signed notes (C2SP signed-note) with Ed25519, and the public keys they are checked with.

import { sha256 } from "../draw/sha256.js";
import { bytesText, equal, fromBase64, hex, joined, textBytes } from "./encoding.js";

const ED25519 = 1;
const KEY_ID = 4;
const MOST_SIGNATURES = 100;
const SIGNATURE = /^— ([^ ]+) ([^ ]+)$/u;
const NAME = /^[^\s\p{C}\p{Z}+]+$/u;

/**
 * What does not hold, or can't be read. `reason` is for the page to say:
 * note, key, checkpoint, proof; signature and stranger, with `name`; leaf.
 */
export class ProofError extends Error {
  constructor(reason, holes = {}) {
    super(reason);
    this.reason = reason;
    Object.assign(this, holes);
  }
}

/** Four bytes that tell a name's keys apart. */
function keyId(name, key) {
  return sha256(joined(textBytes(`${name}\n`), Uint8Array.of(ED25519), key)).slice(0, KEY_ID);
}

/** The key in a text `name+id+base64`: {name, id, key}. */
export function readKey(text) {
  const [name, id, ...rest] = text.trim().split("+");
  const material = fromBase64(rest.join("+"));
  if (!NAME.test(name) || material?.length !== 33 || material[0] !== ED25519) {
    throw new ProofError("key");
  }
  const key = material.slice(1);
  const own = keyId(name, key);
  if (hex(own) !== id) throw new ProofError("key");
  return { name, id: own, key };
}

/** The note in these bytes: {text, signatures: [{name, id, signature}]}; nothing is checked. */
export function readNote(bytes) {
  const whole = bytesText(bytes);
  if (whole === null || /[\u0000-\u0009\u000b-\u001f]/.test(whole)) throw new ProofError("note");
  const end = whole.lastIndexOf("\n\n");
  const lines = end < 0 ? [] : whole.slice(end + 2).split("\n");
  if (lines.pop() !== "" || !lines.length || lines.length > MOST_SIGNATURES) {
    throw new ProofError("note");
  }
  return { text: whole.slice(0, end + 1), signatures: lines.map(readSignature) };
}

function readSignature(line) {
  const [, name, text] = SIGNATURE.exec(line) ?? [];
  const blob = text === undefined ? null : fromBase64(text);
  if (!blob || blob.length <= KEY_ID) throw new ProofError("note");
  return { name, id: blob.slice(0, KEY_ID), signature: blob.slice(KEY_ID) };
}

/**
 * The keys, of those given, that signed the note. Signatures by others are passed
 * over; one under a known key's name must fit. `check` is a signature checker.
 */
export async function whoSigned(note, keys, check) {
  const signers = [];
  for (const { name, id, signature } of note.signatures) {
    const known = keys.find((key) => key.name === name && equal(key.id, id));
    if (!known) continue;
    if (!(await check(known.key, textBytes(note.text), signature))) {
      throw new ProofError("signature", { name });
    }
    if (!signers.includes(known)) signers.push(known);
  }
  if (!signers.length) throw new ProofError("stranger");
  return signers;
}
