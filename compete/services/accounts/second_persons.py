"""Who counts as the second of two persons, who not for 24 hours, and what to tell them.

Somebody whose way in another had in hand within a day is no second person, nor is
whoever had the first one's. Pages ask here before they offer a button, services
before they act: both say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from compete.domain.values import HOLDERS, Message, Right, msg, some_of
from compete.models import Account, CardHandling, Competition, Membership, db, utc_now
from compete.services.accounts.access import may
from compete.services.kernel import Refusal, Refused, moment_words

NOT_TWO = timedelta(hours=24)
_NAMED = 6


def why_not_second(first: int | None, second: Account) -> Message | None:
    """Why the account is no second person beside the account numbered `first`; None: it is.

    `first` is None where the first one is a thing (a sheet that a judge marked) and
    only the second one's own way in counts.
    """
    return _why(_in_the_way(first, [second]).get(second.id), second)


def require_second(first: int | None, second: Account) -> None:
    """Return if the account counts as another person than `first`; else `Refused`, with why."""
    fault = why_not_second(first, second)
    if fault is not None:
        raise Refused(fault)


def require_may_agree(by: Account, competition: Competition) -> None:
    """Return for who may say the second word on what somebody asked; else `Refused` (FORBIDDEN)."""
    if not may(by, competition, Right.AGREE):
        raise Refused(msg("组委会、裁判长或监督才能同意"), kind=Refusal.FORBIDDEN)


def require_other(first: int, by: Account, competition: Competition, right: Right) -> None:
    """Return for another person with the right; `Refused` for who has none or counts as `first`."""
    if not may(by, competition, right):
        raise Refused(msg("这一步不归你办"), kind=Refusal.FORBIDDEN)
    if by.id == first:
        raise Refused(msg("这是你提的，要另一个人来确认"))
    require_second(first, by)


def who_else(
    competition: Competition,
    right: Right,
    first: int | None,
    by: Account,
    *,
    but: Collection[int] = (),
    whose: Message | None = None,
) -> Message | None:
    """What stands where `by` finds no button: why not, and who can; None where `by` can.

    Whoever has `right` may give the second word;
    `but` are accounts that may not for reasons of their own; `whose` is said to who
    has no part in it.
    """
    fault: Message | None
    if by.id == first:
        fault = msg("要另一个人来")
    elif not may(by, competition, right):
        fault = whose or msg("这一步不归你办")
    else:
        fault = why_not_second(first, by)
    if fault is None:
        return None
    left = {by.id, first, *but}
    people = [person for person in holders_of(competition, right) if person.id not in left]
    stops = _in_the_way(first, people)
    able = [person.name for person in people if person.id not in stops]
    if able:
        return msg("%(why)s。现在能办的：%(names)s", why=fault, names=some_of(able, _NAMED))
    if not people:
        return msg("%(why)s。这个竞赛里还没有别人能办，先发卡或发链接给第二个人", why=fault)
    soonest = min(people, key=lambda person: stops[person.id].at)
    return msg(
        "%(why)s。现在没有人能办，最早是%(name)s，%(until)s 以后",
        why=fault,
        name=soonest.name,
        until=_until(stops[soonest.id].at),
    )


def two_persons_from(competition: Competition, right: Right, *, of: int = 2) -> datetime | None:
    """From when some two of those with `right` count as two persons; now, where they do.

    None while fewer than `of` have an account; where one is enough, nobody has to wait.
    """
    people, now = holders_of(competition, right), utc_now()
    if len(people) < of:
        return None
    if of < 2:
        return now
    soonest: list[datetime] = []
    for first in people:
        others = [person for person in people if person is not first]
        stops = _in_the_way(first.id, others)
        soonest += [stops[each.id].at + NOT_TWO if each.id in stops else now for each in others]
    return min(soonest)


def holders_of(competition: Competition, right: Right) -> Sequence[Account]:
    """Who has the right and can sign in: those with a part in it first, then administrators."""
    with_part = db.session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.competition_id == competition.id,
            Membership.role.in_(HOLDERS[right].roles),
            Account.active,
        )
        .order_by(Account.id)
    ).all()
    admins: Sequence[Account] = ()
    if HOLDERS[right].administrators:
        query = select(Account).where(Account.is_admin, Account.active).order_by(Account.id)
        admins = db.session.scalars(query).all()
    return list(dict.fromkeys([*with_part, *admins]))


def _in_the_way(first: int | None, seconds: Sequence[Account]) -> Mapping[int, CardHandling]:
    """By account: the newest handling within a day for which it is no second person."""
    ids = {person.id for person in seconds}
    concerns: list[ColumnElement[bool]] = [CardHandling.account_id.in_(ids)]
    if first is not None:
        concerns.append(and_(CardHandling.account_id == first, CardHandling.by_id.in_(ids)))
    found: dict[int, CardHandling] = {}
    for row in db.session.scalars(
        select(CardHandling)
        .where(or_(*concerns), CardHandling.at > utc_now() - NOT_TWO)
        .options(joinedload(CardHandling.by), joinedload(CardHandling.account))
        .order_by(CardHandling.at, CardHandling.id)
    ):
        stopped = {row.account_id, row.by_id} if row.account_id == first else {row.account_id}
        found |= dict.fromkeys(stopped & ids, row)
    return found


def _why(row: CardHandling | None, second: Account) -> Message | None:
    if row is None:
        return None
    return msg(
        "%(what)s，不满 24 小时，%(until)s 以后才能当第二个人",
        what=_yours(row) if row.account_id == second.id else _theirs(row),
        until=_until(row.at),
    )


def _yours(row: CardHandling) -> Message:
    who = row.by.name
    return {
        "issue": msg("你的登录卡是%(who)s发的", who=who),
        "show": msg("%(who)s看过你的登录卡", who=who),
        "print": msg("%(who)s打印过你的登录卡", who=who),
        "link": msg("你的用户名和密码是用%(who)s发的链接设的", who=who),
        "reset": msg("你的新密码是用%(who)s发的链接设的", who=who),
        "unit_link": msg("你登录用的链接是%(who)s发的", who=who),
    }[row.kind]


def _theirs(row: CardHandling) -> Message:
    name = row.account.name
    return {
        "issue": msg("%(name)s的登录卡是你发的", name=name),
        "show": msg("你看过%(name)s的登录卡", name=name),
        "print": msg("你打印过%(name)s的登录卡", name=name),
        "link": msg("%(name)s的用户名和密码是用你发的链接设的", name=name),
        "reset": msg("%(name)s的新密码是用你发的链接设的", name=name),
        "unit_link": msg("%(name)s登录用的链接是你发的", name=name),
    }[row.kind]


def _until(at: datetime) -> Message:
    """`11月23日 10:20`: when the day is over."""
    return moment_words(at + NOT_TWO)
