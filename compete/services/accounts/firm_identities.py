"""Links of accounts to the firm's sign-in, as rows: which stand, and their end."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select

from compete.models import Account, FirmIdentity, db, utc_now


def firm_identity_of(account: Account) -> FirmIdentity | None:
    """The link of the account to the firm's sign-in, or None."""
    return db.session.scalar(_standing().where(FirmIdentity.account_id == account.id))


def standing_identity(issuer: str, subject: str) -> FirmIdentity | None:
    """The link of whom the firm calls so, or None."""
    return db.session.scalar(
        _standing().where(FirmIdentity.issuer == issuer, FirmIdentity.subject == subject)
    )


def with_firm_identity(accounts: Sequence[Account]) -> set[int]:
    """The numbers of those of the accounts that are connected to the firm's sign-in."""
    numbers = [account.id for account in accounts]
    rows = db.session.scalars(_standing().where(FirmIdentity.account_id.in_(numbers)))
    return {row.account_id for row in rows}


def end_firm_link(account: Account) -> None:
    """End the account's link to the firm's sign-in, if it has one; inside a unit of work."""
    for identity in db.session.scalars(_standing().where(FirmIdentity.account_id == account.id)):
        identity.ended_at = utc_now()
    db.session.flush()


def forget_firm_links(account: Account) -> None:
    """Take away what the firm calls somebody whose personal data are erased; in a unit of work."""
    end_firm_link(account)
    for identity in db.session.scalars(
        select(FirmIdentity).where(FirmIdentity.account_id == account.id)
    ):
        identity.subject = f"erased {identity.id}"
    db.session.flush()


def _standing() -> Select[tuple[FirmIdentity]]:
    return select(FirmIdentity).where(FirmIdentity.ended_at.is_(None))
