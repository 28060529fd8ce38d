"""Deadlines of a leaf period, and who is late: departments' sign-off, units' own marks.

A deadline shuts nothing. It stands on the pages of entry and says in the list who is late.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from compete.domain.labour.period_kinds import sorts_of
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.days import months_later
from compete.domain.values.messages import msg
from compete.domain.values.roles import Role
from compete.models import (
    SELF,
    Account,
    Competition,
    LabourSignOff,
    LabourValueEntry,
    Membership,
    Unit,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import EntryDeadline, change_settings, settings_of
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import invalid
from compete.services.kernel.transactions import changing
from compete.services.labour.departments import departments_of, recorders_of
from compete.services.labour.period_progress import why_closed
from compete.services.labour.sign_off import Lacking, lacking_in, sign_offs
from compete.services.labour.squares import Grid, grid_of, leaves_of, require_leaf


@dataclass(frozen=True, slots=True)
class LateDepartment:
    """A department in a leaf period; no `recorders`: nobody was given a link yet."""

    id: int
    name: str
    recorders: list[str]
    lacking: Lacking
    signed: LabourSignOff | None
    late: bool


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit that lacks `missing` of its `asked` self-assessments.

    `contact` None: no link yet; empty: nobody by name.
    """

    id: int
    code: str
    name: str
    group: str | None
    contact: str | None
    missing: int
    asked: int
    late: bool


@dataclass(frozen=True, slots=True)
class LateList:
    """The people missing in a leaf period. `nobody` counts what no department enters and lacks."""

    deadline: EntryDeadline
    departments: Sequence[LateDepartment]
    units: Sequence[LateUnit]
    nobody: int
    closed: bool

    @property
    def unsigned(self) -> list[LateDepartment]:
        """The departments that have not signed off."""
        return [each for each in self.departments if each.signed is None]


def deadlines_of(competition: Competition) -> dict[str, EntryDeadline]:
    """The deadlines by leaf period; only those that have one."""
    return settings_of(competition).entry_deadlines


def deadline_of(competition: Competition, period: str) -> EntryDeadline:
    """A leaf period's, empty where none is set."""
    return deadlines_of(competition).get(period, EntryDeadline())


def set_deadlines(
    competition: Competition, wanted: Mapping[str, EntryDeadline], by: Account
) -> bool:
    """Set the deadlines of these leaf periods, others stay; whether that changed anything.

    Raises `Refused`: UNKNOWN for a period in which nothing is entered, INVALID where units'
    deadline is after the departments', who look at what units say.
    """
    labour = labour_of(competition)
    names = {each.code: each.name for each in labour.periods}
    for period, each in wanted.items():
        require_leaf(labour, period)
        if each.own and each.sign and each.own > each.sign:
            why = msg("%(period)s：自评的截止要早于签核的截止", period=names[period])
            raise invalid(why)
    with changing(competition) as competition:
        before = deadlines_of(competition)
        after = {**before, **wanted}
        after = {period: each for period, each in after.items() if each.own or each.sign}
        changed = [period for period in names if before.get(period) != after.get(period)]
        if not changed:
            return False
        change_settings(competition, entry_deadlines=after)
        audit.record(
            competition,
            by,
            "labour.deadlines",
            competition.name,
            before={each: _told(before.get(each)) for each in changed},
            after={each: _told(after.get(each)) for each in changed},
        )
    return True


MOST_MONTHS = 12


def carried_on(
    competition: Competition, typed: Mapping[str, EntryDeadline], months: int
) -> dict[str, EntryDeadline]:
    """Fill what is empty from the first of its sort that is not, `months` on for each period.

    What was typed stays, and so does what comes before the first. Where a few inspections stand
    beside twelve months, each comes as many months after the last as there are months to one.
    Raises `Refused` (INVALID) for a number
    of months that cannot be, and where nothing is there to carry on.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise invalid(msg("隔几个月：1 到 %(n)s", n=MOST_MONTHS))
    if not any(each.own or each.sign for each in typed.values()):
        raise invalid(msg("先写第一期的截止"))
    labour = labour_of(competition)
    sorts = sorts_of(PeriodTree(labour.periods), leaves_of(labour))
    most, found = max(map(len, sorts)), dict(typed)
    for leaves in sorts:
        step, asked = months * (most // len(leaves)), [typed[leaf] for leaf in leaves]
        own = _carried([each.own for each in asked], step)
        sign = _carried([each.sign for each in asked], step)
        found |= {
            leaf: EntryDeadline(own=mine, sign=theirs)
            for leaf, mine, theirs in zip(leaves, own, sign, strict=True)
        }
    return found


def _carried(typed: Sequence[datetime | None], step: int) -> list[datetime | None]:
    first = next(((at, day) for at, day in enumerate(typed) if day is not None), None)
    if first is None:
        return list(typed)
    start, day = first
    return [
        each
        if each is not None or at < start
        else datetime.combine(months_later(day.date(), (at - start) * step), day.timetz())
        for at, each in enumerate(typed)
    ]


def _told(deadline: EntryDeadline | None) -> list[str | None]:
    if deadline is None:
        return [None, None]
    return [each.isoformat() if each else None for each in (deadline.own, deadline.sign)]


def late_list(competition: Competition, period: str) -> LateList:
    """The late list of a leaf period; `Refused` (UNKNOWN) for one where nothing is entered."""
    grid = grid_of(competition, period)
    deadline, now = deadline_of(competition, period), utc_now()
    signed, known = sign_offs(competition, period), recorders_of(competition)
    asked = {each.code for each in grid.indicators}
    departments = departments_of(competition)
    found = []
    for row in departments:
        if not asked & set(row.indicators):
            continue
        sign_off = signed.get(row.id)
        found.append(
            LateDepartment(
                row.id,
                row.name,
                [each.account.name for each in known.get(row.id, ())],
                lacking_in(grid, row, row.indicators, sign_off),
                sign_off,
                _late(deadline.sign, now) and sign_off is None,
            )
        )
    done = {code for row in departments if row.id in signed for code in row.indicators}
    free = asked - {code for row in departments for code in row.indicators}
    return LateList(
        deadline,
        found,
        _units(competition, grid, done, late=_late(deadline.own, now)),
        lacking_in(grid, None, sorted(free), None).open,
        why_closed(competition, period) is not None,
    )


def _units(
    competition: Competition, grid: Grid, signed: Collection[str], *, late: bool
) -> list[LateUnit]:
    """List units that lack any own marks, where any unit has entered or has a link.

    Of indicators that are signed off they cannot give any more.
    """
    contacts = contacts_of(competition)
    if not contacts and not _any_own(competition):
        return []
    asked = [
        each.code for each in grid.indicators if self_assessed(each) and each.code not in signed
    ]
    found = []
    for unit in grid.units:
        there = sum(
            (row := grid.own.get((unit.id, code))) is not None and row.value is not None
            for code in asked
        )
        if unit.joined is None and there < len(asked):
            found.append(
                LateUnit(
                    unit.id,
                    unit.code,
                    unit.name,
                    unit.group,
                    contacts.get(unit.id),
                    len(asked) - there,
                    len(asked),
                    late,
                )
            )
    return found


def _any_own(competition: Competition) -> bool:
    query = (
        select(LabourValueEntry.id)
        .join(Unit, Unit.id == LabourValueEntry.unit_id)
        .where(Unit.competition_id == competition.id, LabourValueEntry.source == SELF)
        .limit(1)
    )
    return db.session.scalar(query) is not None


def contacts_of(competition: Competition) -> dict[int, str]:
    """The names of units' contacts by the unit's number, the newest.

    Empty where the contact is called as the unit: no name was said when the link was made.
    """
    rows = db.session.execute(
        select(Unit.id, Unit.name, Account.name)
        .join(Membership, Membership.unit_id == Unit.id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.competition_id == competition.id,
            Membership.role == Role.CONTACT,
            Account.active,
        )
        .order_by(Membership.id)
    ).tuples()
    return {unit: "" if name == called else name for unit, called, name in rows}


def _late(until: datetime | None, now: datetime) -> bool:
    return until is not None and until < now


def first_open_leaf(competition: Competition) -> str:
    """The leaf that is entered now: the first that is not closed, else the last."""
    leaves = leaves_of(labour_of(competition))
    still = [leaf for leaf in leaves if why_closed(competition, leaf) is None]
    return next(iter(still), leaves[-1])
