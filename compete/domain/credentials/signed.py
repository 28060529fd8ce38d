"""A signed document in either form, and who signed it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from compete.domain.credentials.did_documents import KeyRing
from compete.domain.credentials.json_text import (
    MOST_BYTES,
    CredentialError,
    as_list,
    as_object,
    canonical,
    read_object,
)
from compete.domain.credentials.multikey import from_multibase, multibase
from compete.domain.values.base64url import from_base64url
from compete.domain.values.instants import instant_text, read_instant
from compete.domain.values.messages import Message, msg
from compete.domain.values.signatures import SIGNATURE_BYTES, CheckSignature, Sign

REGISTERED = ("iss", "sub", "jti", "nbf", "exp")
"""The claims that repeat what the credential says; the last one only where it says it."""


class Suite(Protocol):
    """Checking by Ed25519, embedded and as compact JWS; `compete.keys` has one."""

    def check(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """True if they belong together; False for anything malformed."""
        ...

    def token_key(self, token: str) -> str:
        """The key that a token names, not checked. ValueError for what is no EdDSA token."""
        ...

    def token_payload(self, token: str, public_key: bytes) -> bytes | None:
        """The payload of a token, if this key signed it; else None."""
        ...


def token_payload(credential: dict[str, Any]) -> bytes:
    """The bytes to sign for a token. Raises ValueError for a credential that lacks a part of it."""
    claims = _claims(credential)
    missing = [key for key in REGISTERED[:-1] if claims.get(key) is None]
    if missing:
        raise ValueError(f"a token needs {', '.join(missing)}")
    return canonical({**credential, **claims})


def from_token_payload(payload: bytes) -> dict[str, Any]:
    """The credential in a token's payload, whose signature was checked.

    Raises `CredentialError` for what is none, and where its claims say anything
    else than the credential does: programs that read the ones must not learn
    what those that read the other don't.
    """
    whole = read_object(payload)
    document = {key: value for key, value in whole.items() if key not in REGISTERED}
    claims = {key: whole[key] for key in REGISTERED if key in whole}
    if claims != _claims(document):
        raise CredentialError(msg("令牌里的声明和证书说的不一样"))
    return document


def _claims(credential: dict[str, Any]) -> dict[str, Any]:
    claims = {
        "iss": issuer_of(credential),
        "jti": credential.get("id"),
        "nbf": _seconds(credential.get("validFrom")),
        "sub": as_object(credential.get("credentialSubject")).get("id"),
    }
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    return claims


def _seconds(text: Any) -> int | None:
    moment = read_instant(text)
    return None if moment is None else int(moment.timestamp())


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
    """The 64 bytes that are signed, for a document without proofs and a proof without value.

    By the suite `eddsa-jcs-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0): SHA-256 of the
    proof's own settings, then SHA-256 of the document, both in their canonical form.
    """
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


MOST_PROOFS = 8


@dataclass(frozen=True, slots=True)
class Token:
    """A document's token: its text, what was read from it, and the key that it names."""

    text: str = field(repr=False)
    payload: bytes = field(repr=False)
    key: str


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A signed document, and the signatures that are still to be checked."""

    document: dict[str, Any]
    proofs: tuple[dict[str, Any], ...] = ()
    token: Token | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """The reason why nobody we know vouches for a document."""

    why: Message
    is_unknown: bool
    """The key is not known or no longer counts; else the signature is wrong."""


def read_signed(data: bytes, suite: Suite) -> SignedDocument:
    """The document in these bytes, JSON or token; no signature is checked.

    Raises `CredentialError` for what is neither, and for JSON without a
    signature that we could check.
    """
    if len(data) > 2 * MOST_BYTES:
        raise CredentialError(msg("文件太大，最多 %(most)s 个字节", most=2 * MOST_BYTES))
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"{":
        document = read_object(data)
        proofs = tuple(our_proofs(document))
        if not proofs:
            raise CredentialError(msg("里面没有 eddsa-jcs-2022 的签名"))
        if len(proofs) > MOST_PROOFS:
            raise CredentialError(msg("签名最多 %(most)s 个", most=MOST_PROOFS))
        return SignedDocument(document, proofs)
    try:
        text = data.decode("ascii").strip()
        name = suite.token_key(text)
    except ValueError:
        raise CredentialError(msg("这既不是 JSON，也不是 EdDSA 签名的令牌")) from None
    payload = from_base64url(text.split(".")[1])
    if payload is None:
        raise CredentialError(msg("令牌的编码不对"))
    return SignedDocument(from_token_payload(payload), token=Token(text, payload, name))


def signed_by(signed: SignedDocument, keys: KeyRing, suite: Suite) -> str | Failure:
    """The id of the issuer's key that signed; a `Failure` where there is none.

    Of several signatures by keys we know all must hold.
    """
    if signed.token is not None:
        names = [(signed.token.key, signed.document.get("validFrom"))]
    else:
        names = [(proof["verificationMethod"], proof.get("created")) for proof in signed.proofs]
    signer: str | None = None
    why: Message | None = None
    for at, (name, created) in enumerate(names):
        public_key = keys.keys.get(name)
        if public_key is None:
            why = why or msg("钥匙 %(name)s 不认得：公钥文件里没有", name=name)
        elif not name.startswith(f"{issuer_of(signed.document)}#"):
            return Failure(msg("签名的钥匙 %(name)s 不是发证方的", name=name), False)
        elif _revoked(keys, name, created):
            why = msg("钥匙 %(name)s 那时已停用", name=name)
        elif not _holds(signed, at, public_key, suite):
            why = msg("签名对不上：内容变了，或者不是钥匙 %(name)s 签的", name=name)
            return Failure(why, False)
        else:
            signer = signer or name
    if signer is not None:
        return signer
    assert why is not None
    return Failure(why, True)


def issuer_of(document: dict[str, Any]) -> Any:
    """The id of a credential's issuer, however it is written; None where it is not."""
    issuer = document.get("issuer")
    return issuer if isinstance(issuer, str) else as_object(issuer).get("id")


def _holds(signed: SignedDocument, at: int, public_key: bytes, suite: Suite) -> bool:
    if signed.token is None:
        return proof_holds(signed.document, signed.proofs[at], public_key, suite.check)
    return suite.token_payload(signed.token.text, public_key) == signed.token.payload


def _revoked(keys: KeyRing, name: str, created: Any) -> bool:
    revoked = keys.revoked.get(name)
    moment = read_instant(created)
    return revoked is not None and (moment is None or moment >= revoked)
