"""Access: the check that an account has a right in a competition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Select, bindparam, or_, select

from compete.domain.values.messages import msg
from compete.domain.values.rights import HOLDERS, Right, roles_for
from compete.domain.values.roles import MARKING_ROLES, SCORING_ROLES, Role
from compete.models import (
    Account,
    BankPart,
    Competition,
    Membership,
    QuestionBank,
    RewardScheme,
    db,
)
from compete.services.kernel.refusal import Refused
from compete.services.kernel.shown_competitions import is_shown

# Asked at every request: a statement that stands is neither built nor taken apart again.
_PARTS = select(Membership).where(
    Membership.account_id == bindparam("account"),
    Membership.competition_id == bindparam("competition"),
)
_WITH = (
    select(Membership)
    .where(
        Membership.account_id == bindparam("account"),
        Membership.role.in_(bindparam("roles", expanding=True)),
    )
    .order_by(Membership.id.desc())
)


def membership_of(
    account: Account, competition: Competition, roles: Collection[Role]
) -> Membership | None:
    """The account's membership in the competition with one of the roles, or None.

    Of several the one that may do most: the roles stand in that order.
    """
    parts = parts_in(account, competition)
    return next((part for part in parts if part.role in roles), None)


def parts_in(account: Account, competition: Competition) -> list[Membership]:
    """The account's memberships in the competition: the one that may do most first."""
    memberships = db.session.scalars(_PARTS, {"account": account.id, "competition": competition.id})
    order = list(Role)
    return sorted(memberships, key=lambda membership: order.index(membership.role))


def may(account: Account, competition: Competition, right: Right) -> bool:
    """True if the account has the right in the competition."""
    roles = {part.role for part in parts_in(account, competition)}
    return HOLDERS[right].of(roles, administrator=account.is_admin)


def where_may(
    account: Account, competitions: Collection[Competition], right: Right
) -> frozenset[int]:
    """The numbers of the competitions in which the account has the right, in one statement."""
    roles: defaultdict[int, set[Role]] = defaultdict(set)
    for part in memberships_with(account, set(Role)):
        roles[part.competition_id].add(part.role)
    holders, administrator = HOLDERS[right], account.is_admin
    return frozenset(
        it.id for it in competitions if holders.of(roles[it.id], administrator=administrator)
    )


def may_anywhere(account: Account, right: Right) -> bool:
    """True if the account has the right in any competition at all."""
    holders = HOLDERS[right]
    if holders.of((), administrator=account.is_admin):
        return True
    if holders.in_banks:
        own = _standing_parts(account).where(BankPart.role.in_(holders.in_banks))
        return db.session.scalar(own.limit(1)) is not None
    if holders.keeps_rewards:
        kept = select(RewardScheme.id).where(RewardScheme.keeper_id == account.id)
        return db.session.scalar(kept.limit(1)) is not None
    return bool(memberships_with(account, holders.roles))


def may_in_bank(account: Account, bank: QuestionBank, right: Right) -> bool:
    """True if the account has the right in the question bank."""
    holders = HOLDERS[right]
    own = _standing_parts(account).where(BankPart.bank_id == bank.id)
    roles = frozenset(part.role for part in db.session.scalars(own))
    return (account.is_admin and holders.administrators) or bool(roles & holders.in_banks)


def banks_open_to(account: Account) -> frozenset[int] | None:
    """The numbers of the banks in which the account has a part; None for all of them."""
    if HOLDERS[Right.OPEN_BANKS].of((), administrator=account.is_admin):
        return None
    return frozenset(part.bank_id for part in db.session.scalars(_standing_parts(account)))


def _standing_parts(account: Account) -> Select[tuple[BankPart]]:
    return select(BankPart).where(BankPart.account_id == account.id, BankPart.ended_at.is_(None))


def memberships_with(account: Account, roles: Collection[Role]) -> list[Membership]:
    """The account's memberships with one of the roles, newest first."""
    return list(db.session.scalars(_WITH, {"account": account.id, "roles": list(roles)}))


def comes_by_link(account: Account) -> bool:
    """True if its card is a link that the organiser hands out: a contact's, a department's."""
    wanted = select(Membership.id).where(
        Membership.account_id == account.id,
        or_(Membership.role == Role.CONTACT, Membership.department_id.is_not(None)),
    )
    return db.session.scalar(wanted.limit(1)) is not None


def has_handed_part(account: Account) -> bool:
    """True if others hand it a card or link, and may renew that: a judge's, a contact's."""
    handed = (Membership.judge_id, Membership.unit_id, Membership.department_id)
    wanted = select(Membership.id).where(
        Membership.account_id == account.id, or_(*(column.is_not(None) for column in handed))
    )
    return db.session.scalar(wanted.limit(1)) is not None


def is_helped_by_chief(account: Account) -> bool:
    """True if a chief judge may renew its card; the organiser may everybody's, the chief's too."""
    roles = {membership.role for membership in memberships_with(account, SCORING_ROLES)}
    return roles == MARKING_ROLES


def competitions_for(account: Account) -> list[Competition]:
    """List the competitions that the account may open, newest first; an administrator sees all."""
    query = select(Competition).where(is_shown())
    query = query.order_by(Competition.starts.desc(), Competition.id.desc())
    if not account.is_admin:
        query = query.where(
            Competition.id.in_(
                select(Membership.competition_id).where(
                    Membership.account_id == account.id, Membership.role.in_(roles_for(Right.SEE))
                )
            )
        )
    return list(db.session.scalars(query))


def competitions_of(parts: Collection[Membership]) -> dict[int, Competition]:
    """The competitions of these memberships by their numbers, in one statement."""
    numbers = {part.competition_id for part in parts}
    if not numbers:
        return {}
    rows = db.session.scalars(select(Competition).where(Competition.id.in_(numbers)))
    return {row.id: row for row in rows}


def require_chief(competition: Competition, *two: Account) -> None:
    """Raise `Refused` unless one of the two who decide about a result is a chief judge."""
    if not any(may(account, competition, Right.RULE) for account in two):
        raise Refused(msg("两个人里要有一位裁判长"))
