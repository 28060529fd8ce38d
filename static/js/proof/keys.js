// An issuer's did:web document read: each key, and from when it was withdrawn.
// It reads as compete/domain/credentials/did_documents.py does.

import { fromMultikey } from "./credential.js";
import { fromBase64Url } from "./encoding.js";

const list = (value) => [value ?? []].flat();

function publicKey(method) {
  if (method.type === "Multikey" || method.type === "Ed25519VerificationKey2020") {
    return fromMultikey(method.publicKeyMultibase);
  }
  const key = method.publicKeyJwk;
  if (key?.kty !== "OKP" || key.crv !== "Ed25519" || typeof key.x !== "string") return null;
  const bytes = fromBase64Url(key.x);
  return bytes?.length === 32 ? bytes : null;
}

/** What may sign credentials, and only under the document's own DID: {id: {key, revoked}}. */
export function keysOf(document) {
  const did = document?.id;
  const allowed = list(document?.assertionMethod);
  const named = new Set(allowed.map((method) => (typeof method === "string" ? method : method?.id)));
  const keys = new Map();
  for (const method of [...list(document?.verificationMethod), ...allowed]) {
    if (typeof method?.id !== "string" || !named.has(method.id)) continue;
    if (!method.id.startsWith(`${did}#`) || method.controller !== did) continue;
    const key = publicKey(method);
    const revoked = "revoked" in method ? Date.parse(method.revoked) : null;
    if (key && !Number.isNaN(revoked)) keys.set(method.id, { key, revoked });
  }
  return keys;
}
