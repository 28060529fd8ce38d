"""The issuer of credentials: its did:web, and the keys that signed and sign in its name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from compete.domain.credentials.did_documents import IssuerKey as PublicKey
from compete.domain.credentials.did_documents import did_document, did_web
from compete.domain.values.messages import Message, msg
from compete.keys.ed25519 import SigningKey
from compete.models import Credential, IssuerKey, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work

_OF_A_NETWORK = (".local", ".lan", ".internal", ".localhost", ".home.arpa", ".test", ".invalid")
_NUMBERS = re.compile(r"[0-9.]+")


def issuer_address() -> str | None:
    """The site's own address, if credentials may be signed in its name; else None.

    They are signed for good, so it must be one by which the whole world can fetch the keys:
    https, and a name that no local network gave.
    """
    address = config_here().base_url or ""
    host = urlsplit(address).hostname or ""
    public = "." in host and not host.endswith(_OF_A_NETWORK) and not _NUMBERS.fullmatch(host)
    return address if address.startswith("https://") and public and ":" not in host else None


def issuer_did() -> str | None:
    """The issuer's DID, or None where there can be none."""
    address = issuer_address()
    return did_web(address) if address else None


def keys_of_issuer() -> Sequence[IssuerKey]:
    """List every key that there ever was, the newest first."""
    return db.session.scalars(select(IssuerKey).order_by(IssuerKey.id.desc())).all()


def issuer_document() -> dict[str, Any] | None:
    """The issuer's DID document with all keys whose signatures hold; None while there is none."""
    did = issuer_did()
    keys = [key for key in keys_of_issuer() if key.withdrawn_at is None]
    if did is None or not keys:
        return None
    return did_document(did, [PublicKey(key.name, bytes.fromhex(key.public_key)) for key in keys])


def key_in_use() -> IssuerKey:
    """The key that signs now, made when it is first wanted; inside a unit of work."""
    return newest_key() or _new_key()


def newest_key() -> IssuerKey | None:
    """The key that signs now; None before the first, and after it was withdrawn."""
    return next(
        (key for key in keys_of_issuer() if not key.retired_at and not key.withdrawn_at), None
    )


def private_key(key: IssuerKey) -> SigningKey:
    """The key that signs. Raises ValueError if the two halves in the row don't belong together."""
    private = SigningKey.from_pem(key.private_key.encode())
    if private.public_key.hex() != key.public_key:
        raise ValueError(f"the two halves of {key.name} are of two keys")
    return private


def renew_issuer_key() -> IssuerKey:
    """A new key signs from now on; the one before stays in the document for what it signed."""
    with unit_of_work() as session:
        for key in keys_of_issuer():
            key.retired_at = key.retired_at or utc_now()
        session.flush()
        return _new_key()


def withdraw_issuer_key(name: str) -> int:
    """Take a key out of the document for good: somebody else may have it. How many it had signed.

    Each of these is signed anew by another key the next time somebody fetches it, and says
    the same. Raises `Refused` for a key that there is none or that is withdrawn already.
    """
    with unit_of_work() as session:
        key = session.scalar(select(IssuerKey).where(IssuerKey.name == name))
        if key is None:
            raise Refused(msg("没有叫 %(name)s 的发证钥匙", name=name))
        if key.withdrawn_at is not None:
            raise Refused(msg("%(name)s 已经作废过了", name=name))
        key.withdrawn_at = utc_now()
        signed = session.query(Credential).filter_by(key_id=key.id).count()
        audit.record(None, None, "issuer_key.withdraw", name, after={"signed": signed})
        session.flush()
        # Whoever checks must find a document that lacks the key, not none at all.
        key_in_use()
    return signed


def issuer_faults() -> Iterator[Message]:
    """Find what keeps credentials from being signed or checked, for whoever runs the site."""
    for key in keys_of_issuer():
        try:
            private_key(key)
        except (ValueError, InvalidTag):
            yield msg(
                "签电子证书的钥匙 %(name)s 读不出来，或者被人改过。换一把：compete keys renew",
                name=key.name,
            )
    newest = db.session.scalar(select(Credential).order_by(Credential.id.desc()).limit(1))
    if newest is None:
        return
    signed_by = json.loads(newest.document)["issuer"]["id"]
    if signed_by != issuer_did():
        yield msg(
            "电子证书是以 %(did)s 的名义签的，网站现在的网址不是它：以前签的验不了。"
            "把 COMPETE_BASE_URL 改回去，或者让旧网址接着提供公钥和状态表",
            did=signed_by,
        )


def _new_key() -> IssuerKey:
    """Make a key and record it; inside a unit of work."""
    year = local_today().year
    # Each key of a year has a name of its own for ever: 2026-1, 2026-2.
    names = {key.name for key in keys_of_issuer()}
    name = next(n for i in range(1, len(names) + 2) if (n := f"{year}-{i}") not in names)
    private = SigningKey.generate()
    key = IssuerKey(
        name=name, public_key=private.public_key.hex(), private_key=private.pem().decode()
    )
    db.session.add(key)
    db.session.flush()
    audit.record(None, None, "issuer_key.new", name, after={"public_key": key.public_key})
    return key
