"""By whose card somebody signs: who had another's way in before its holder did.

Whoever shows, prints or resets a card that has no PIN yet could sign in with it
and choose the PIN. The holder's signatures say so from then on, and for a day
the two do not count as two persons.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from compete.domain.values import Message, msg
from compete.models import Account, CardHandling, db, utc_now
from compete.services.kernel import Refused

NOT_TWO = timedelta(hours=24)


def note_handling(account: Account, by: Account | None, how: str) -> None:
    """Somebody else has this account's card or link in hand; inside a unit of work.

    Nothing to note where the holder has chosen a PIN already: without it the card
    opens nothing. The installation itself (`by` is None) is nobody.
    """
    if by is None or by.id == account.id or (account.pin_hash is not None and how != "link"):
        return
    db.session.add(CardHandling(account_id=account.id, by_id=by.id, how=how))
    db.session.flush()


def handler_of(account_id: int, at: datetime | None = None) -> Account | None:
    """By whose card the account signs, or signed at that instant; None: by its own."""
    query = select(CardHandling).where(CardHandling.account_id == account_id)
    if at is not None:
        query = query.where(CardHandling.at <= at)
    last = db.session.scalar(query.order_by(CardHandling.id.desc()).limit(1))
    return last.by if last else None


def signed_as(account: Account, at: datetime | None = None) -> Message:
    """A signer as pages and papers name one: 卞志强（凭吴敏发的卡）."""
    handler = handler_of(account.id, at)
    if handler is None:
        return msg("%(name)s", name=account.name)
    return msg("%(name)s（凭%(who)s发的卡）", name=account.name, who=handler.name)


def require_second(first: int | None, second: Account) -> None:
    """Return if the account counts as another person than the account numbered `first`.

    Raises `Refused` where somebody else had the second one's card in hand within a day,
    or the second one had the first one's.
    """
    since = utc_now() - NOT_TWO
    handled = db.session.scalar(
        select(CardHandling)
        .where(CardHandling.account_id == second.id, CardHandling.at > since)
        .order_by(CardHandling.id.desc())
        .limit(1)
    )
    if handled is not None:
        raise Refused(
            msg(
                "你的登录卡是%(who)s发的或看过，不满 24 小时，不能当第二个人。换一个人来确认",
                who=handled.by.name,
            )
        )
    if first is None:
        return
    gave = db.session.scalar(
        select(CardHandling)
        .where(
            CardHandling.account_id == first,
            CardHandling.by_id == second.id,
            CardHandling.at > since,
        )
        .limit(1)
    )
    if gave is not None:
        name = db.session.get_one(Account, first).name
        raise Refused(
            msg("%(name)s的登录卡是你发的或看过，不满 24 小时，你不能当第二个人", name=name)
        )
