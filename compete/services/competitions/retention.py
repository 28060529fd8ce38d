"""Retention: how long personal data are kept after the end, and whose time is past.

In labour competitions people are units' contacts and those who enter for departments: their names
and what they handed in are erased here. Values, points, places and the chain stay: what is said of
whom stays under a pseudonym."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace
from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from compete.config import MOST_KEEP_MONTHS
from compete.domain.identity.masks import account_pseudonym, winner_pseudonym
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import months_later
from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import msg
from compete.domain.values.period_states import PeriodState
from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Competition,
    Distinction,
    Entrant,
    Erasure,
    Examinee,
    Invitation,
    LabourAccident,
    LabourNote,
    Member,
    Membership,
    PeriodStand,
    ResultStand,
    Unit,
    db,
    utc_now,
)
from compete.services.accounts.access import competitions_for, may
from compete.services.accounts.roles import close_for_good
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import invalid
from compete.services.kernel.transactions import changing

_CHUNK = 200
_BY_NAME = (DistinctionKind.COACH, DistinctionKind.WORKER)
_ROLES = (Role.CONTACT, Role.RECORDER)


def labour_people(numbers: Sequence[int]) -> Mapping[int, int]:
    """Count accounts known by name, or with evidence or a comment left, by competition.

    And who had an award by name.
    """
    people: set[tuple[int, int]] = set()
    for part in in_chunks(numbers, _CHUNK):
        left = (
            select(Unit.competition_id, LabourNote.made_by)
            .join(Unit, Unit.id == LabourNote.unit_id)
            .where(Unit.competition_id.in_(part), LabourNote.erased_at.is_(None))
            .distinct()
        )
        reported = (
            select(LabourAccident.competition_id, LabourAccident.reported_by)
            .where(LabourAccident.competition_id.in_(part), LabourAccident.erased_at.is_(None))
            .distinct()
        )
        for query in (_idle_accounts(part), left, reported):
            people.update(db.session.execute(query).tuples())
        winners = select(Distinction).where(
            Distinction.competition_id.in_(part), Distinction.kind.in_(_BY_NAME)
        )
        people.update(
            (row.competition_id, -row.id)
            for row in db.session.scalars(winners)
            if not row.is_erased
        )
    return Counter(competition for competition, _whose in people)


def _count_erased_accounts(competition_id: int) -> int:
    """Count the contacts and recorders of a competition who bear a pseudonym."""
    query = (
        select(func.count(Account.id.distinct()))
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.competition_id == competition_id, Account.erased_at.is_not(None))
    )
    return db.session.scalar(query) or 0


def _announced_on(competition: Competition) -> date | None:
    """The day on which the last period of a labour competition was announced; None before."""
    stands = {
        row.period: row
        for row in db.session.scalars(
            select(PeriodStand).where(PeriodStand.competition_id == competition.id)
        )
    }
    days = []
    for period in labour_of(competition).periods:
        row = stands.get(period.code)
        if row is None or row.state is not PeriodState.PUBLISHED:
            return None
        days.append(local_time(row.changed_at).date())
    return max(days, default=None)


def erase_contacts(competition: Competition) -> None:
    """Erase contacts and recorders whom nothing else needs. In a unit of work.

    Who also has a part in a competition whose data are still kept, or another role, stays.
    """
    numbers = {
        account for _competition, account in db.session.execute(_idle_accounts([competition.id]))
    }
    for account in db.session.scalars(select(Account).where(Account.id.in_(numbers))):
        close_for_good(account)
        account.name = account_pseudonym(account.id)
        account.username = account.language = None
        account.erased_at = utc_now()
        for invitation in db.session.scalars(
            select(Invitation).where(Invitation.account_id == account.id)
        ):
            invitation.name = account.name
    db.session.flush()


def erase_winners(competition: Competition) -> None:
    """Erase names under which awards were given; what was issued stays as it is."""
    rows = db.session.scalars(
        select(Distinction).where(
            Distinction.competition_id == competition.id, Distinction.kind.in_(_BY_NAME)
        )
    )
    for row in [row for row in rows if not row.is_erased]:
        row.name, row.new_name = winner_pseudonym(row.id), None
        row.holder, row.full_name = f"{row.kind.value}:erased:{row.id}", False
    db.session.flush()


def erase_notes(competition: Competition) -> int:
    """Erase comments, evidence and its file names; of how many squares' notes."""
    query = (
        select(LabourNote)
        .join(Unit, Unit.id == LabourNote.unit_id)
        .where(Unit.competition_id == competition.id, LabourNote.erased_at.is_(None))
        .order_by(LabourNote.id)
        .limit(_CHUNK)
    )
    count = 0
    while notes := db.session.scalars(query).all():
        for note in notes:
            note.text = note.filename = note.document = note.withdrawn_why = None
            note.erased_at = utc_now()
        db.session.flush()
        count += len(notes)
    return count + _erase_accidents(competition) + _erase_follow_ups(competition)


def _erase_follow_ups(competition: Competition) -> int:
    """Erase who saw to what warnings and vetoes asked for; the count of units."""
    kept = settings_of(competition).follow_ups
    count = sum(bool(follow_up.who) for units in kept.values() for follow_up in units.values())
    if count:
        change_settings(
            competition,
            follow_ups={
                period: {unit: replace(follow_up, who="") for unit, follow_up in units.items()}
                for period, units in kept.items()
            },
        )
    return count


def _erase_accidents(competition: Competition) -> int:
    """Erase what was written of accidents, and the files; the count of reports."""
    query = select(LabourAccident).where(
        LabourAccident.competition_id == competition.id, LabourAccident.erased_at.is_(None)
    )
    rows = db.session.scalars(query).all()
    for row in rows:
        row.text = row.filename = row.document = row.refused_why = None
        row.erased_at = utc_now()
    db.session.flush()
    return len(rows)


def _idle_accounts(numbers: Sequence[int]) -> Select[tuple[int, int]]:
    """Select pairs of competition and account: known by name, and by nothing still needed."""
    other = aliased(Membership)
    done = select(Erasure.competition_id).where(
        Erasure.agreed.is_(True), Erasure.entrant_id.is_(None), Erasure.member_id.is_(None)
    )
    elsewhere = exists().where(
        other.account_id == Membership.account_id,
        or_(
            and_(other.unit_id.is_(None), other.department_id.is_(None)),
            and_(
                other.competition_id != Membership.competition_id,
                other.competition_id.not_in(done),
            ),
        ),
    )
    return (
        select(Membership.competition_id, Membership.account_id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.competition_id.in_(numbers),
            or_(Membership.unit_id.is_not(None), Membership.department_id.is_not(None)),
            Membership.role.in_(_ROLES),
            Account.erased_at.is_(None),
            Account.is_admin.is_(False),
            ~elsewhere,
        )
        .distinct()
    )


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
    return _kept_data([competition])[0]


def kept_by(account: Account) -> list[Kept]:
    """List the account's finished competitions with people in them, the longest past first."""
    mine = [
        competition
        for competition in competitions_for(account)
        if is_over(competition) and may(account, competition, Right.REGISTER)
    ]
    finished = [kept for kept in _kept_data(mine) if kept.people]
    return sorted(finished, key=lambda kept: (kept.until or date.max, kept.competition.id))


def count_erased(competition_id: int) -> int:
    """Count the people of a competition who bear a pseudonym."""
    people = _people([competition_id], erased=True).get(competition_id, 0)
    return people + _count_erased_accounts(competition_id)


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
        was, now = {"months": before}, {"months": months}
        audit.record(competition, by, "erasure.months", competition.code, before=was, after=now)


def is_over(competition: Competition) -> bool:
    """True if it is final or put away; of a labour competition, whether all periods are out."""
    if settings_of(competition).put_away is not None:
        return True
    if competition_kind(competition).has_periods:
        return _announced_on(competition) is not None
    return competition.state is CompetitionState.FINAL


def _kept_data(competitions: Sequence[Competition]) -> list[Kept]:
    numbers = [competition.id for competition in competitions]
    people, stands = _people(numbers), _stands(numbers)
    labour = [
        competition.id for competition in competitions if competition_kind(competition).has_periods
    ]
    people = {**people, **labour_people(labour)}
    rows = []
    for competition in competitions:
        settings = settings_of(competition)
        months = settings.keep_months or config_here().keep_months
        finished: date | None = None
        if competition.state is CompetitionState.FINAL:
            days = (competition.ends or competition.starts, stands.get(competition.id))
            finished = max((day for day in days if day is not None), default=None)
        elif competition_kind(competition).has_periods:
            finished = _announced_on(competition)
        finished = finished or settings.put_away
        rows.append(
            Kept(
                competition,
                finished,
                months_later(finished, months) if finished is not None else None,
                months,
                people.get(competition.id, 0),
            )
        )
    return rows


def _people(numbers: Sequence[int], *, erased: bool = False) -> Mapping[int, int]:
    """Count by competition the people, members of crews among them, known by name or not."""
    counts: Counter[int] = Counter()
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
            counts.update(dict(db.session.execute(query).tuples().all()))
    return counts


def _stands(numbers: Sequence[int]) -> Mapping[int, date]:
    """The day, by competition, on which its results last changed how far they are."""
    days: dict[int, date] = {}
    for chunk in in_chunks(numbers):
        query = (
            select(ResultStand.competition_id, func.max(ResultStand.changed_at))
            .where(ResultStand.competition_id.in_(chunk))
            .group_by(ResultStand.competition_id)
        )
        for number, at in db.session.execute(query).tuples():
            days[number] = local_time(at).date()
    return days
