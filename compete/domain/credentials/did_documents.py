"""DID documents: an issuer's did:web document, with the keys of all years.

The document of `did:web:jingsai.example` stands at
`https://jingsai.example/.well-known/did.json`, that of
`did:web:jingsai.example:jiangbei` at `https://jingsai.example/jiangbei/did.json`.

A key that is no longer used stays in the document, for what it signed goes on
holding. A key that somebody else may have got hold of is taken out: what it
signed is issued again, and the log shows what was signed while it was good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from compete.domain.credentials.json_text import CredentialError, as_list, as_object, read_object
from compete.domain.credentials.multikey import from_jwk, from_multikey, jwk, multikey
from compete.domain.values.instants import read_instant
from compete.domain.values.messages import msg

CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]

_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PART = re.compile(r"[A-Za-z0-9._-]+")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


def did_web(address: str) -> str:
    """The DID of an issuer at an https address: a host, perhaps a port and a path.

    Raises `CredentialError` for an address that has none.
    """
    parts = urlsplit(address)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    path = [part for part in parts.path.split("/") if part]
    if (
        parts.scheme != "https"
        or not _HOST.fullmatch(host)
        or parts.query
        or parts.fragment
        or parts.username is not None
        or not all(_PART.fullmatch(part) for part in path)
    ):
        raise CredentialError(
            msg("“%(address)s”做不成 did:web，要一个 https 网址", address=address)
        )
    name = host if port is None else f"{host}{quote(f':{port}')}"
    return ":".join(("did:web", name, *path))


def did_address(did: str) -> str:
    """The address of a did:web's document. Raises `CredentialError` for another DID."""
    method, _, rest = did.removeprefix("did:").partition(":")
    host, *path = rest.split(":")
    if not did.startswith("did:") or method != "web" or not host or "" in path:
        raise CredentialError(msg("“%(did)s”不是 did:web", did=did[:80]))
    return f"https://{unquote(host)}/{'/'.join(path) if path else '.well-known'}/did.json"


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """One public key of an issuer; `name` is its own among the issuer's keys, such as `2022-A`."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not _KEY_ID.fullmatch(self.name):
            raise CredentialError(msg("钥匙名“%(name)s”只能用字母、数字、点和横线", name=self.name))


def did_document(did: str, keys: Sequence[IssuerKey]) -> dict[str, Any]:
    """The document of an issuer with all keys whose signatures hold, the newest first.

    Each key stands there twice, for programs read it in two ways: as `name` by
    Multikey, for embedded proofs, and as `name-jwk` by JWK, for tokens.
    """
    methods: list[dict[str, Any]] = []
    for key in keys:
        for own, kind, public_key in (
            (key_id(did, key.name), "Multikey", {"publicKeyMultibase": multikey(key.public_key)}),
            (token_key_id(did, key.name), "JsonWebKey", {"publicKeyJwk": jwk(key.public_key)}),
        ):
            methods.append({"id": own, "type": kind, "controller": did, **public_key})
    return {
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def key_id(did: str, name: str) -> str:
    """The name of a key in an embedded proof."""
    return f"{did}#{name}"


def token_key_id(did: str, name: str) -> str:
    """The name of the same key in a token."""
    return f"{did}#{name}-jwk"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that we were given to check with, by their ids, and from when one no longer counts.

    An id begins with the DID whose key it is.
    """

    keys: Mapping[str, bytes] = field(default_factory=dict)
    revoked: Mapping[str, datetime] = field(default_factory=dict)

    def __or__(self, other: KeyRing) -> KeyRing:
        return KeyRing({**self.keys, **other.keys}, {**self.revoked, **other.revoked})


def read_key_file(data: bytes) -> KeyRing:
    """The keys in a DID document as it was fetched. Raises `CredentialError`."""
    return read_keys(read_object(data))


def read_keys(document: Mapping[str, Any]) -> KeyRing:
    """The keys of a DID document that may sign credentials, and only those under its own DID.

    Raises `CredentialError` where there is none that we can use.
    """
    did = document.get("id")
    if not isinstance(did, str) or not did.startswith("did:"):
        raise CredentialError(msg("公钥文件要是 DID 文档，里面没有 did"))
    allowed = as_list(document.get("assertionMethod"))
    methods = [*as_list(document.get("verificationMethod")), *allowed]
    named = {
        method if isinstance(method, str) else as_object(method).get("id") for method in allowed
    }
    keys: dict[str, bytes] = {}
    revoked: dict[str, datetime] = {}
    for method in map(as_object, methods):
        own, public_key = method.get("id"), _public_key(method)
        if not isinstance(own, str) or own not in named or public_key is None:
            continue
        if not own.startswith(f"{did}#") or method.get("controller") != did:
            continue
        keys[own] = public_key
        if "revoked" in method:
            moment = read_instant(method["revoked"])
            if moment is None:
                raise CredentialError(msg("钥匙 %(name)s 的停用时间读不懂", name=own))
            revoked[own] = moment
    if not keys:
        raise CredentialError(msg("公钥文件里没有能用的 Ed25519 公钥"))
    return KeyRing(keys, revoked)


def _public_key(method: dict[str, Any]) -> bytes | None:
    if method.get("type") in ("Multikey", "Ed25519VerificationKey2020"):
        return from_multikey(method.get("publicKeyMultibase"))
    return from_jwk(method.get("publicKeyJwk"))
