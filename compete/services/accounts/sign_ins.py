"""Sign-ins on record, right and wrong, for the owner of the account to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from compete.models import Account, SignIn, db, utc_now
from compete.services.kernel.transactions import unit_of_work

KEPT = timedelta(days=180)
_TOGETHER = timedelta(hours=1)
_MOST_SHOWN = 20


def note_sign_in(
    account: Account, *, method: str, right: bool, device: str = "", address: str = ""
) -> None:
    """Write down that somebody signed in, or tried to; never what they typed.

    Wrong tries of one device within an hour share a row, so that guessing fills no table.
    """
    now = utc_now()
    kinds = (
        SignIn.account_id == account.id,
        SignIn.method == method,
        SignIn.device == device[:80],
        SignIn.address == address[:45],
    )
    with unit_of_work() as session:
        session.execute(
            delete(SignIn).where(SignIn.account_id == account.id, SignIn.at < now - KEPT)
        )
        before = None
        if not right:
            recent = (~SignIn.right, SignIn.first_at > now - _TOGETHER)
            before = session.scalar(select(SignIn).where(*kinds, *recent).limit(1))
        if before is not None:
            before.times, before.at = before.times + 1, now
            return
        session.add(
            SignIn(
                account_id=account.id,
                method=method,
                right=right,
                device=device[:80],
                address=address[:45],
                first_at=now,
                at=now,
            )
        )


def sign_ins_of(account: Account) -> Sequence[SignIn]:
    """The account's latest sign-ins and wrong tries, newest first."""
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account.id)
        .order_by(SignIn.at.desc(), SignIn.id.desc())
        .limit(_MOST_SHOWN)
    ).all()


def forget_sign_ins(account: Account) -> None:
    """Take away the record of an account whose personal data are erased; in a unit of work."""
    db.session.execute(delete(SignIn).where(SignIn.account_id == account.id))
