"""Card handlers: the people who showed, printed or reset a card before its holder used it.

Whoever shows, prints or resets a card that has no PIN yet could sign in with it
and choose the PIN. The holder's signatures say so from then on, and for a day
the two do not count as two persons.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.models import BY_LINK, Account, CardHandling, db
from compete.services.accounts.access import comes_by_link


def note_handling(account: Account, by: Account | None, kind: str) -> None:
    """Note that somebody else has this account's card or link in hand; inside a unit of work.

    Nothing to note where the holder has chosen a PIN already: without it the card
    opens nothing. The installation itself (`by` is None) is nobody.
    """
    if by is None or by.id == account.id or (account.pin_hash is not None and kind not in BY_LINK):
        return
    if kind not in BY_LINK and comes_by_link(account):
        kind = "unit_link"
    db.session.add(CardHandling(account_id=account.id, by_id=by.id, kind=kind))
    db.session.flush()


def signed_as(account: Account, at: datetime | None = None) -> Message:
    """A signer as pages and papers name one: 卞志强（凭吴敏发的卡）, or 发的链接."""
    return signed_by(account.name, account.id, at)


def signed_by(name: str, account_id: int, at: datetime | None = None) -> Message:
    """The same for who signs under another name than the account's."""
    last = _last(account_id, at)
    if last is None:
        return msg("%(name)s", name=name)
    if last.kind in BY_LINK:
        return msg("%(name)s（凭%(who)s发的链接）", name=name, who=last.by.name)
    return msg("%(name)s（凭%(who)s发的卡）", name=name, who=last.by.name)


def _last(account_id: int, at: datetime | None) -> CardHandling | None:
    query = select(CardHandling).where(CardHandling.account_id == account_id)
    if at is not None:
        query = query.where(CardHandling.at <= at)
    return db.session.scalar(query.order_by(CardHandling.id.desc()).limit(1))
