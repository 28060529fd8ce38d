"""A credential as a token for wallets (VC-JWT, Open Badges 3.0, section 8.2).

The payload is the credential itself, with the claims that JWT programs read beside it.
"""

from __future__ import annotations

from typing import Any, Protocol

from compete.domain.credentials.json_text import CredentialError, as_object, canonical, read_object
from compete.domain.values.instants import read_instant
from compete.domain.values.messages import msg

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
    said = {key: whole[key] for key in REGISTERED if key in whole}
    if said != _claims(document):
        raise CredentialError(msg("令牌里的声明和证书说的不一样"))
    return document


def _claims(credential: dict[str, Any]) -> dict[str, Any]:
    issuer = credential.get("issuer")
    claims = {
        "iss": issuer if isinstance(issuer, str) else as_object(issuer).get("id"),
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
