"""Checks of signatures for the domain, and the signing of tokens: compact JWS by EdDSA."""

from __future__ import annotations

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from compete.keys.ed25519 import SigningKey, check_signature

ALGORITHM = "EdDSA"


class Ed25519Suite:
    """`compete.domain.credentials.signed.Suite`, by `cryptography` and PyJWT."""

    def check(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """True if they belong together; False for anything malformed."""
        return check_signature(public_key, message, signature)

    def token_key(self, token: str) -> str:
        """The key that a token names, not checked. ValueError for what is no EdDSA token."""
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
            raise ValueError(str(error)) from None
        name = header.get("kid")
        if header.get("alg") != ALGORITHM or not isinstance(name, str):
            raise ValueError("a token is signed by EdDSA and names its key")
        return name

    def token_payload(self, token: str, public_key: bytes) -> bytes | None:
        """The payload of a token, if this key signed it; else None."""
        try:
            key = Ed25519PublicKey.from_public_bytes(public_key)
            return _JWS.decode(token, key, algorithms=[ALGORITHM])  # type: ignore[no-any-return]
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            return None


def sign_token(payload: bytes, key: SigningKey, *, key_id: str) -> str:
    """The payload as compact JWS; `key_id` is what the issuer's document calls the key."""
    header = {"kid": key_id, "typ": "JWT"}
    return _JWS.encode(payload, key.private, algorithm=ALGORITHM, headers=header)


_JWS = jwt.PyJWS(algorithms=[ALGORITHM])
