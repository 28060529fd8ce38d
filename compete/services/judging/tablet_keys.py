"""A tablet's key: given when its judge is signed in, and the proof of what it hands over later."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import select

from compete.models import Account, Competition, Judge, TabletKey, db
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work


def give_key(judge: Judge, account: Account) -> TabletKey:
    """A new key for the tablet that asks in the judge's own session."""
    with unit_of_work() as session:
        row = TabletKey(
            judge_id=judge.id,
            account_id=account.id,
            name=secrets.token_hex(8),
            key=secrets.token_hex(32),
        )
        session.add(row)
        session.flush()
        competition = session.get_one(Competition, judge.competition_id)
        audit.record(competition, account, "tablet.key", judge.code, after={"tablet": row.name})
    return row


def holds_key(judge: Judge, tablet: str) -> bool:
    """True if the tablet of that name has a key of this judge's that still proves something."""
    return _valid_key(judge.id, tablet) is not None


def proves(judge_id: int, tablet: str | None, text: bytes, mac: str | None) -> bool:
    """True if the text is what that judge's tablet wrote, by a key that still holds."""
    if tablet is None or mac is None:
        return False
    row = _valid_key(judge_id, tablet)
    return row is not None and hmac.compare_digest(mac_of(row.key, text), mac)


def _valid_key(judge_id: int, tablet: str) -> TabletKey | None:
    return db.session.scalar(
        select(TabletKey).where(
            TabletKey.name == tablet[:32],
            TabletKey.judge_id == judge_id,
            TabletKey.ended_at.is_(None),
        )
    )


def mac_of(key: str, text: bytes) -> str:
    """The HMAC-SHA256 of a handed-over text, by a key in hexadecimal digits."""
    return hmac.new(bytes.fromhex(key), text, hashlib.sha256).hexdigest()
