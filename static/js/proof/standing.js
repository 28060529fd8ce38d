// Whether a credential holds: its signature, a key not yet withdrawn, its dates, the status lists.
// It answers as compete/domain/credentials does for the same files.

import { ourProofs, proofHolds } from "./credential.js";
import { bytesText, fromBase64Url, textBytes } from "./encoding.js";

const CLAIMS = ["iss", "sub", "jti", "nbf", "exp"];
const PLACES = 131072;
const MOST_BYTES = 4 * 1024 * 1024;
const list = (value) => [value ?? []].flat();
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const seconds = (text) => Math.floor(Date.parse(text) / 1000);

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** {document, token?} of a file's text; null for what is no signed document. */
export function readSigned(text) {
  const plain = text.replace(/^\ufeff/, "").trim();
  if (plain.startsWith("{")) {
    const document = parsed(plain);
    return document && ourProofs(document).length ? { document } : null;
  }
  const parts = plain.split(".").map(fromBase64Url);
  if (parts.length !== 3 || parts.includes(null)) return null;
  const [header, whole] = parts.slice(0, 2).map((part) => parsed(bytesText(part) ?? ""));
  if (header?.alg !== "EdDSA" || typeof header.kid !== "string" || !whole) return null;
  if ("crit" in header || header.b64 === false) return null;
  const document = Object.fromEntries(Object.entries(whole).filter(([key]) => !CLAIMS.includes(key)));
  const claims = {
    iss: issuerOf(document), sub: document.credentialSubject?.id, jti: document.id,
    nbf: seconds(document.validFrom),
    exp: "validUntil" in document ? seconds(document.validUntil) : undefined,
  };
  // Programs that read the claims must not learn what those that read the rest don't.
  if (CLAIMS.some((key) => whole[key] !== claims[key])) return null;
  return { document, token: { text: plain, key: header.kid, signature: parts[2] } };
}

/** The issuer's id, however it is written. */
export function issuerOf(document) {
  return typeof document.issuer === "string" ? document.issuer : document.issuer?.id;
}

/** "good", "unknown key" or "wrong signature"; `keys` as of keysOf. All that we know must hold. */
export async function signatureOf({ document, token }, keys, check) {
  const named = token
    ? [[token.key, document.validFrom]]
    : ourProofs(document).map((proof) => [proof.verificationMethod, proof.created, proof]);
  let signer = false;
  for (const [name, created, proof] of named) {
    const known = keys.get(name);
    if (!known) continue;
    if (!name.startsWith(`${issuerOf(document)}#`)) return "wrong signature";
    if (known.revoked !== null && !(Date.parse(created) < known.revoked)) continue;
    const holds = token
      ? await check(known.key, textBytes(token.text.slice(0, token.text.lastIndexOf("."))), token.signature)
      : await proofHolds(document, proof, known.key, check);
    if (!holds) return "wrong signature";
    signer = true;
  }
  return signer ? "good" : "unknown key";
}

/** "good", "not yet" or "expired"; null where it doesn't say from when. */
export function datesOf(document, now) {
  const begins = Date.parse(document.validFrom);
  const ends = "validUntil" in document ? Date.parse(document.validUntil) : Infinity;
  if (Number.isNaN(begins) || Number.isNaN(ends)) return null;
  if (now < begins) return "not yet";
  return now >= ends ? "expired" : "good";
}

/** {index, lists: {revocation, suspension?, refresh?}} of a credential; null for another kind. */
export function entryOf(document) {
  const entries = list(document.credentialStatus);
  const ours = entries.every((status) => status?.type === "BitstringStatusListEntry" && (status.statusSize ?? 1) === 1);
  const of = (purpose) => entries.find((status) => status?.statusPurpose === purpose);
  const entry = of("revocation");
  const suspension = of("suspension");
  if (!ours || !entry || entries.length !== (suspension ? 2 : 1)) return null;
  if (suspension && suspension.statusListIndex !== entry.statusListIndex) return null;
  if (typeof entry.statusListCredential !== "string") return null;
  if (!/^(0|[1-9][0-9]{0,15})$/.test(entry.statusListIndex)) return null;
  const others = [...list(entry.statusReference), ...list(suspension?.statusListCredential)];
  return { index: Number(entry.statusListIndex), main: entry.statusListCredential, others: [...new Set(others)] };
}

async function unpacked(text) {
  const packed = typeof text === "string" && text[0] === "u" ? fromBase64Url(text.slice(1)) : null;
  if (!packed) return null;
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > MOST_BYTES) return null;
    parts.push(next.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Whether a bit of a signed list is set; null for a list that can't be relied upon. */
export async function bitOf(signed, { address, purpose, index, issuer, keys, check, now }) {
  const { document } = signed;
  const subject = document.credentialSubject;
  if (!list(document.type).includes("BitstringStatusListCredential")) return null;
  if (document.id !== address || !list(subject?.statusPurpose).includes(purpose)) return null;
  if (issuerOf(document) !== issuer || datesOf(document, now) !== "good") return null;
  if ((await signatureOf(signed, keys, check)) !== "good") return null;
  const bits = await unpacked(subject.encodedList).catch(() => null);
  if (!bits || bits.length * 8 < PLACES || index >= bits.length * 8) return null;
  return Boolean(bits[index >> 3] & (0x80 >> (index & 7)));
}
