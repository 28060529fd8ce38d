// Checking the embedded proof of a credential (W3C eddsa-jcs-2022).
// Whether it was revoked and whose key it is are other questions.

import { sha256 } from "../draw/sha256.js";
import { joined, textBytes } from "./encoding.js";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LONGEST = 128;
const PUBLIC_KEY = 0xed01;
const WANTED = {
  type: "DataIntegrityProof",
  cryptosuite: "eddsa-jcs-2022",
  proofPurpose: "assertionMethod",
};

/** The one way to write a JSON value (RFC 8785). Throws a RangeError for a number beyond all. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") {
    if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError("no number");
    return JSON.stringify(value);
  }
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** The bytes of `z` and base58btc, or null. */
export function fromMultibase(text) {
  if (typeof text !== "string" || text[0] !== "z" || text.length > LONGEST) return null;
  let number = 0n;
  for (const character of text.slice(1)) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    number = number * 58n + BigInt(digit);
  }
  const bytes = [];
  for (; number; number >>= 8n) bytes.unshift(Number(number & 255n));
  const zeros = /^z(1*)/.exec(text)[1].length;
  return Uint8Array.from([...new Array(zeros).fill(0), ...bytes]);
}

/** The Ed25519 public key of a Multikey (z6Mk…), or null. */
export function fromMultikey(text) {
  const bytes = fromMultibase(text);
  if (bytes?.length !== 34) return null;
  return bytes[0] * 256 + bytes[1] === PUBLIC_KEY ? bytes.slice(2) : null;
}

/** The credential's proofs that are of this suite, whole, and for this purpose. */
export function ourProofs(credential) {
  return [credential.proof ?? []].flat().filter(
    (proof) =>
      Object.entries(WANTED).every(([key, value]) => proof?.[key] === value) &&
      typeof proof.verificationMethod === "string" &&
      typeof proof.proofValue === "string",
  );
}

/** Whether one proof is by this key over all that the credential says; `check` as in ed25519.js. */
export async function proofHolds(credential, proof, key, check) {
  const { proofValue, ...settings } = proof;
  const { proof: _proofs, ...unsigned } = credential;
  const signature = fromMultibase(proofValue);
  const contexts = canonical(unsigned["@context"] ?? null);
  if (signature?.length !== 64) return false;
  if ("@context" in settings && canonical(settings["@context"]) !== contexts) return false;
  const parts = [settings, unsigned].map((part) => sha256(textBytes(canonical(part))));
  return check(key, joined(...parts), signature);
}
