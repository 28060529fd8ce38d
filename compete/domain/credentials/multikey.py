"""Keys and signatures as text: Multibase base58btc, Multikey, and JWK (RFC 8037).

`z6Mk…` is what every Ed25519 public key looks like as a Multikey.
"""

from __future__ import annotations

from typing import Any

import base58

from compete.domain.values.base64url import base64url, from_base64url
from compete.domain.values.signatures import KEY_BYTES

_ED25519_PUBLIC = b"\xed\x01"
_LONGEST = 128


def multibase(data: bytes) -> str:
    """Bytes as `z` and base58btc."""
    return "z" + base58.b58encode(data).decode()


def from_multibase(text: Any) -> bytes | None:
    """The bytes of `z` and base58btc, written in the one right way; None for anything else."""
    # Decoding takes the square of the length, and nothing of ours is long.
    if not isinstance(text, str) or text[:1] != "z" or len(text) > _LONGEST or not text.isascii():
        return None
    try:
        content = base58.b58decode(text[1:])
    except ValueError:
        return None
    # The library passes over white space.
    return content if multibase(content) == text else None


def multikey(public_key: bytes) -> str:
    """A public key as a Multikey."""
    return multibase(_ED25519_PUBLIC + public_key)


def from_multikey(text: Any) -> bytes | None:
    """The Ed25519 public key of a Multikey; None for anything else."""
    content = from_multibase(text)
    if content is None or len(content) != 2 + KEY_BYTES or content[:2] != _ED25519_PUBLIC:
        return None
    return content[2:]


def jwk(public_key: bytes) -> dict[str, str]:
    """A public key as a JSON Web Key."""
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url(public_key)}


def from_jwk(value: Any) -> bytes | None:
    """The Ed25519 public key of a JSON Web Key; None for anything else."""
    if not isinstance(value, dict) or (value.get("kty"), value.get("crv")) != ("OKP", "Ed25519"):
        return None
    key = from_base64url(value.get("x"))
    return key if key is not None and len(key) == KEY_BYTES else None
