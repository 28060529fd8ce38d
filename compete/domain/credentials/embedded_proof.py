"""Embedded proofs by the suite `eddsa-jcs-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0).

What is signed: SHA-256 of the proof's own settings, then SHA-256 of the
document, both in their canonical form.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from compete.domain.credentials.json_text import as_list, canonical
from compete.domain.credentials.multikey import from_multibase, multibase
from compete.domain.values.instants import instant_text
from compete.domain.values.signatures import SIGNATURE_BYTES, CheckSignature, Sign

SUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"


def with_proof(
    document: dict[str, Any], sign: Sign, *, method: str, created: datetime
) -> dict[str, Any]:
    """The document with a proof of ours, as the only one in its list of proofs.

    `method` is the key's id in the issuer's did:web document. What `sign`
    raises is passed on.
    """
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    settings = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": instant_text(created),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
        "@context": unsigned["@context"],
    }
    value = multibase(sign(signed_hash(unsigned, settings)))
    return {**unsigned, "proof": [{**settings, "proofValue": value}]}


def signed_hash(document: dict[str, Any], settings: dict[str, Any]) -> bytes:
    """The 64 bytes that are signed, for a document without proofs and a proof without value."""
    parts = (canonical(settings), canonical(document))
    return b"".join(hashlib.sha256(part).digest() for part in parts)


def our_proofs(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The document's proofs that are of this suite, for this purpose, and whole."""
    return [
        proof
        for proof in as_list(document.get("proof"))
        if isinstance(proof, dict)
        and proof.get("type") == "DataIntegrityProof"
        and proof.get("cryptosuite") == SUITE
        and proof.get("proofPurpose") == PURPOSE
        and isinstance(proof.get("verificationMethod"), str)
        and isinstance(proof.get("proofValue"), str)
    ]


def proof_holds(
    document: dict[str, Any], proof: dict[str, Any], public_key: bytes, check: CheckSignature
) -> bool:
    """True if one proof of the document is by this key over all that the document says."""
    signature = from_multibase(proof["proofValue"])
    if signature is None or len(signature) != SIGNATURE_BYTES:
        return False
    settings = {key: value for key, value in proof.items() if key != "proofValue"}
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    # The suite would let contexts be added behind those that were signed. None of
    # ours ever has any, and they would say what the words mean.
    if settings.get("@context", document.get("@context")) != document.get("@context"):
        return False
    return check(public_key, signed_hash(unsigned, settings), signature)
