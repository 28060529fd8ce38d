"""Retention: how long personal data are kept after the end, and whose time is past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from compete.config import MOST_KEEP_MONTHS
from compete.domain.values.days import months_later
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, Examinee, Member, ResultStand, db
from compete.services.accounts.access import competitions_for, may
from compete.services.competitions.labour_people import (
    announced_on,
    count_erased_accounts,
    labour_people,
)
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import invalid
from compete.services.kernel.transactions import changing


@dataclass(frozen=True, slots=True)
class Kept:
    """A competition's personal data: since when it is over, until when they are kept.

    `finished` and `until` are None while it goes on. `people` are those still known by name; of
    a labour competition units' contacts and who entered for departments.
    """

    competition: Competition
    finished: date | None
    until: date | None
    months: int
    people: int

    @property
    def is_past(self) -> bool:
        """True if the time is over and somebody's data are still there."""
        return self.until is not None and self.until <= local_today() and self.people > 0


def kept_of(competition: Competition) -> Kept:
    """The retention of one competition, as it stands."""
    return _kept([competition])[0]


def kept_by(account: Account) -> list[Kept]:
    """List the account's finished competitions with people in them, the longest past first."""
    mine = [
        competition
        for competition in competitions_for(account)
        if is_over(competition) and may(account, competition, Right.REGISTER)
    ]
    found = [kept for kept in _kept(mine) if kept.people]
    return sorted(found, key=lambda kept: (kept.until or date.max, kept.competition.id))


def count_erased(competition_id: int) -> int:
    """Count the people of a competition who bear a pseudonym."""
    people = _people([competition_id], erased=True).get(competition_id, 0)
    return people + count_erased_accounts(competition_id)


def set_keep_months(competition: Competition, months: int | None, by: Account) -> None:
    """Set the months that they are kept here; None: as long as the installation says.

    Raises `Refused` (INVALID) for no month or too many.
    """
    if months is not None and not 1 <= months <= MOST_KEEP_MONTHS:
        raise invalid(msg("要写 1 到 %(most)s 个月", most=MOST_KEEP_MONTHS))
    with changing(competition) as competition:
        before = settings_of(competition).keep_months
        if before == months:
            return
        change_settings(competition, keep_months=months)
        audit.record(
            competition,
            by,
            "erasure.months",
            competition.code,
            before={"months": before},
            after={"months": months},
        )


def is_over(competition: Competition) -> bool:
    """True if it is final or put away; of a labour competition, whether all periods are out."""
    if settings_of(competition).put_away is not None:
        return True
    if competition.kind == Kind.LABOUR:
        return announced_on(competition) is not None
    return competition.state is CompetitionState.FINAL


def _kept(competitions: Sequence[Competition]) -> list[Kept]:
    numbers = [competition.id for competition in competitions]
    people, stands = _people(numbers), _stands(numbers)
    labour = [each.id for each in competitions if each.kind == Kind.LABOUR]
    people = {**people, **labour_people(labour)}
    found = []
    for competition in competitions:
        settings = settings_of(competition)
        months = settings.keep_months or config_here().keep_months
        finished: date | None = None
        if competition.state is CompetitionState.FINAL:
            days = (competition.ends or competition.starts, stands.get(competition.id))
            finished = max((day for day in days if day is not None), default=None)
        elif competition.kind == Kind.LABOUR:
            finished = announced_on(competition)
        finished = finished or settings.put_away
        found.append(
            Kept(
                competition,
                finished,
                months_later(finished, months) if finished is not None else None,
                months,
                people.get(competition.id, 0),
            )
        )
    return found


def _people(numbers: Sequence[int], *, erased: bool = False) -> Mapping[int, int]:
    """Count by competition the people, members of crews among them, known by name or not."""
    found: dict[int, int] = {}
    crews = select(Member.entrant_id)
    kinds = ((Entrant, Entrant.id.not_in(crews)), (Member, None), (Examinee, None))
    for table, alone in kinds:
        for chunk in in_chunks(numbers):
            query = (
                select(table.competition_id, func.count())
                .where(
                    table.competition_id.in_(chunk),
                    table.erased_at.is_not(None) if erased else table.erased_at.is_(None),
                )
                .group_by(table.competition_id)
            )
            if alone is not None:
                query = query.where(alone)
            for number, count in db.session.execute(query).tuples():
                found[number] = found.get(number, 0) + count
    return found


def _stands(numbers: Sequence[int]) -> Mapping[int, date]:
    """The day, by competition, on which its results last changed how far they are."""
    found: dict[int, date] = {}
    for chunk in in_chunks(numbers):
        query = (
            select(ResultStand.competition_id, func.max(ResultStand.changed_at))
            .where(ResultStand.competition_id.in_(chunk))
            .group_by(ResultStand.competition_id)
        )
        for number, at in db.session.execute(query).tuples():
            found[number] = local_time(at).date()
    return found
