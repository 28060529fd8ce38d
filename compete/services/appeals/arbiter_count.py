"""Arbiter count: whether there are enough to answer in time; a card given today does not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.models import Competition, utc_now
from compete.services.accounts.second_persons import two_persons_from
from compete.services.kernel.competition_settings import settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Arbiters:
    """The arbiters: the number who must agree in the first instance, who there is, and from when.

    `able_from` is None while too few have a card; `head` says whether somebody decides in the
    second instance.
    """

    needed: int
    there: int
    able_from: datetime | None
    head: bool

    @property
    def able(self) -> bool:
        """True if an appeal that comes in now can be decided now."""
        return self.able_from is not None and self.able_from <= utc_now()


def arbiters_of(competition: Competition) -> Arbiters:
    """The arbiters as they are now."""
    needed = settings_of(competition).appeals.arbiters
    roles = [judge.role for judge in competition.judges]
    return Arbiters(
        needed=needed,
        there=roles.count(Role.ARBITER),
        able_from=two_persons_from(competition, Right.FIRST_WORD, of=needed),
        head=Role.HEAD_ARBITER in roles,
    )
