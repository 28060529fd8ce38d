"""Who may touch which competition."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from compete.domain.values import Role
from compete.models import Account, Competition, Membership, db


def find_competition(code: str) -> Competition | None:
    """The competition of that code, or None."""
    return db.session.scalar(select(Competition).where(Competition.code == code))


def membership_of(
    account: Account, competition: Competition, roles: Collection[Role]
) -> Membership | None:
    """The account's membership in the competition with one of the roles, or None.

    Of several the one that may do most: the roles stand in that order.
    """
    found = db.session.scalars(
        select(Membership).where(
            Membership.account_id == account.id,
            Membership.competition_id == competition.id,
            Membership.role.in_(roles),
        )
    ).all()
    order = list(Role)
    return min(found, key=lambda membership: order.index(membership.role), default=None)


def is_organiser(account: Account, competition: Competition) -> bool:
    """Whether the account organises the competition; an administrator organises all."""
    return account.is_admin or membership_of(account, competition, {Role.ORGANISER}) is not None


def memberships_with(account: Account, roles: Collection[Role]) -> list[Membership]:
    """The account's memberships with one of the roles, newest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.account_id == account.id, Membership.role.in_(roles))
            .order_by(Membership.id.desc())
        )
    )


def competitions_for(account: Account) -> list[Competition]:
    """What the account may open at the desk, newest first; an administrator sees all."""
    query = select(Competition).order_by(Competition.starts.desc(), Competition.id.desc())
    if not account.is_admin:
        desk_roles = (Role.ORGANISER, Role.CHIEF, Role.SUPERVISOR)
        query = query.where(
            Competition.id.in_(
                select(Membership.competition_id).where(
                    Membership.account_id == account.id, Membership.role.in_(desk_roles)
                )
            )
        )
    return list(db.session.scalars(query))
