"""Own competitions: those that somebody may look into from the installation's lists."""

from __future__ import annotations

from sqlalchemy import Select, select

from compete.domain.values.rights import HOLDERS, Right
from compete.models import Account, Competition, Membership
from compete.services.kernel.shown_competitions import is_shown


def sees_all(account: Account) -> bool:
    """True if the account may see what every competition knows."""
    return HOLDERS[Right.DIRECTORY].of((), administrator=account.is_admin)


def own_competitions(account: Account) -> Select[tuple[int]]:
    """The numbers of the competitions whose units and people an account may see."""
    if sees_all(account):
        return select(Competition.id).where(is_shown())
    return select(Membership.competition_id).where(
        Membership.account_id == account.id,
        Membership.role.in_(HOLDERS[Right.DIRECTORY].roles),
    )
