"""Deadlines of a leaf period, and who is late: departments' sign-off, units' own marks.

A deadline shuts nothing. It stands on the pages of entry and says in the list who is late; who
lacks something is reminded on their page of entry (催办).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select

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
    LabourDepartment,
    LabourReminder,
    LabourValueEntry,
    Membership,
    Unit,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.competition_settings import EntryDeadline, change_settings, settings_of
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.labour.departments import recorders_of
from compete.services.labour.entry import Writer
from compete.services.labour.period_progress import closed_periods, require_open_period, why_closed
from compete.services.labour.sign_off import Lacking, lacking_by_department
from compete.services.labour.squares import (
    Grid,
    GridUnit,
    asked_in,
    grid_of,
    leaves_of,
    newest_ids,
    require_leaf,
)
from compete.services.scoring.live_labour import LabourLive


@dataclass(frozen=True, slots=True)
class LateDepartment:
    """A department in a leaf period; no `recorders`: nobody was given a link yet."""

    row: LabourDepartment
    recorders: list[str]
    lacking: Lacking
    late: bool


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit that lacks `missing` of its `asked` self-assessments.

    `contact` None: no link yet; empty: nobody by name.
    """

    unit: GridUnit
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
        return [department for department in self.departments if department.lacking.signed is None]


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
    names = labour.period_names
    for period, deadline in wanted.items():
        require_leaf(labour, period)
        if deadline.own and deadline.sign and deadline.own > deadline.sign:
            why = msg("%(period)s：自评的截止要早于签核的截止", period=names[period])
            raise invalid(why)
    with changing(competition) as competition:
        before = deadlines_of(competition)
        after = {**before, **wanted}
        after = {period: kept for period, kept in after.items() if kept.own or kept.sign}
        changed = [period for period in names if before.get(period) != after.get(period)]
        if not changed:
            return False
        change_settings(competition, entry_deadlines=after)
        audit.record(
            competition,
            by,
            "labour.deadlines",
            competition.name,
            before={period: _deadline_texts(before.get(period)) for period in changed},
            after={period: _deadline_texts(after.get(period)) for period in changed},
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
    if not any(deadline.own or deadline.sign for deadline in typed.values()):
        raise invalid(msg("先写第一期的截止"))
    labour = labour_of(competition)
    sorts = sorts_of(PeriodTree(labour.periods), leaves_of(labour))
    most, filled = max(map(len, sorts)), dict(typed)
    for leaves in sorts:
        step, asked = months * (most // len(leaves)), [typed[leaf] for leaf in leaves]
        own = _fill_days([deadline.own for deadline in asked], step)
        sign = _fill_days([deadline.sign for deadline in asked], step)
        filled |= {
            leaf: EntryDeadline(own=mine, sign=theirs)
            for leaf, mine, theirs in zip(leaves, own, sign, strict=True)
        }
    return filled


def _fill_days(typed: Sequence[datetime | None], step: int) -> list[datetime | None]:
    first = next(((at, day) for at, day in enumerate(typed) if day is not None), None)
    if first is None:
        return list(typed)
    start, day = first
    return [
        moment
        if moment is not None or at < start
        else datetime.combine(months_later(day.date(), (at - start) * step), day.timetz())
        for at, moment in enumerate(typed)
    ]


def _deadline_texts(deadline: EntryDeadline | None) -> list[str | None]:
    if deadline is None:
        return [None, None]
    return [moment.isoformat() if moment else None for moment in (deadline.own, deadline.sign)]


def late_list(competition: Competition, period: str) -> LateList:
    """The late list of a leaf period; `Refused` (UNKNOWN) for one where nothing is entered."""
    grid = grid_of(competition, period)
    deadline, now, known = deadline_of(competition, period), utc_now(), recorders_of(competition)
    gaps = lacking_by_department(competition, grid)
    departments = [
        LateDepartment(
            row,
            [recorder.account.name for recorder in known.get(row.id, ())],
            lacking,
            _late(deadline.sign, now) and lacking.signed is None,
        )
        for lacking in gaps
        if (row := lacking.department) is not None
    ]
    done = {
        code
        for department in departments
        if department.lacking.signed is not None
        for code in department.row.indicators
    }
    return LateList(
        deadline,
        departments,
        _units(competition, grid, done, late=_late(deadline.own, now)),
        sum(lacking.open for lacking in gaps if lacking.department is None),
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
        indicator.code
        for indicator in grid.indicators
        if self_assessed(indicator) and indicator.code not in signed
    ]
    units = []
    for unit in grid.units:
        there = sum(
            (row := grid.own.get((unit.id, code))) is not None and row.value is not None
            for code in asked
        )
        if unit.joined is None and there < len(asked):
            missing = len(asked) - there
            units.append(LateUnit(unit, contacts.get(unit.id), missing, len(asked), late))
    return units


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


@dataclass(frozen=True, slots=True)
class Filled:
    """The count of a unit's filled squares, of those it is asked for in a leaf period."""

    there: int
    asked: int

    @property
    def lacking(self) -> int:
        """Count the squares that are not filled."""
        return self.asked - self.there


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A unit by leaf period that is due; None where it takes no part."""

    unit: str
    group: str | None
    by_leaf: Mapping[str, Filled | None]

    @property
    def lacking(self) -> int:
        """Count the periods in which something is missing."""
        return sum(filled is not None and filled.lacking > 0 for filled in self.by_leaf.values())


def filled_rows(competition: Competition, live: LabourLive, *, own: bool) -> list[FilledRow]:
    """List every unit's row in order; of what departments score, or `own` self-assessments."""
    labour, leaves, field = live.labour, due_leaves(competition, live), live.outcome.field
    places = {leaf: place for place, leaf in enumerate(leaves)}
    asked = {
        leaf: sum(self_assessed(indicator) or not own for indicator in asked_in(labour, leaf))
        for leaf in leaves
    }
    scored = Counter((unit, leaf) for unit, leaf, _code in live.outcome.scores)
    there = _own_marks(competition) if own else scored
    rows = []
    for unit in (code for code in live.units if code in field.group_of):
        first = min((places[leaf] for leaf in leaves if scored[unit, leaf]), default=0)
        by_leaf = {
            leaf: None
            if unit in live.away[leaf] or places[leaf] < first
            else Filled(min(there[unit, leaf], asked[leaf]), asked[leaf])
            for leaf in leaves
        }
        rows.append(FilledRow(unit, field.group_of[unit], by_leaf))
    return rows


def due_leaves(competition: Competition, live: LabourLive) -> Sequence[str]:
    """The leaf periods up to the last one that is closed, entered now, or has anything in it."""
    leaves, units = leaves_of(live.labour), live.outcome.field.units
    begun = {*closed_periods(competition), first_open_leaf(competition)}
    last = max(
        place
        for place, leaf in enumerate(leaves)
        if leaf in begun or any(not live.is_absent(leaf, unit) for unit in units)
    )
    return leaves[: last + 1]


def _own_marks(competition: Competition) -> Counter[tuple[str, str]]:
    """Count the indicators in which each unit has assessed itself, by unit and leaf period."""
    rows = db.session.execute(
        select(Unit.code, LabourValueEntry.period, func.count())
        .join(Unit, Unit.id == LabourValueEntry.unit_id)
        .where(
            LabourValueEntry.id.in_(newest_ids(competition)),
            LabourValueEntry.source == SELF,
            LabourValueEntry.value.is_not(None),
        )
        .group_by(Unit.code, LabourValueEntry.period)
    ).tuples()
    return Counter({(unit, leaf): count for unit, leaf, count in rows})


A_DAY = 2
"""So often at most somebody is reminded of a period on one day."""

_Who = tuple[int | None, int | None]
"""A unit's number or a department's."""


def remind(competition: Competition, period: str, by: Account) -> int:
    """Remind everybody who lacks something in a leaf period; how many that were.

    Raises `Refused` (CONFLICT) once the period is closed, and where nobody lacks anything or all
    of them were reminded as often as they may be today.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        require_open_period(competition, period)
        late = late_list(competition, period)
        if not _lacking_counts(late):
            left = late.units or late.unsigned
            raise Refused(msg("缺的都还没发链接，催不到") if left else msg("没有要催的，都齐了"))
        now = reminded_now(competition, period, late)
        if not now:
            raise Refused(msg("今天催过 %(n)s 次了，明天再催", n=A_DAY))
        session.add_all(
            LabourReminder(
                competition_id=competition.id,
                period=period,
                unit_id=unit,
                department_id=department,
                lacking=n,
                made_by=by.id,
            )
            for (unit, department), n in now.items()
        )
        session.flush()
        audit.record(
            competition, by, "labour.remind", period, after={"who": len(now), "period": period}
        )
    return len(now)


def reminded_now(competition: Competition, period: str, late: LateList) -> dict[_Who, int]:
    """Count, by who lacks something and may be told of it today, how much that is."""
    often = _today(competition, period)
    return {who: n for who, n in _lacking_counts(late).items() if often[who] < A_DAY}


def reminders_of(competition: Competition, period: str) -> Sequence[LabourReminder]:
    """List all reminders of a leaf period, the newest first."""
    return db.session.scalars(
        select(LabourReminder)
        .where(LabourReminder.competition_id == competition.id, LabourReminder.period == period)
        .order_by(LabourReminder.id.desc())
    ).all()


def last_reminder(writer: Writer, period: str) -> LabourReminder | None:
    """The newest that the writer got for a leaf period."""
    unit = writer.unit.id if writer.unit is not None else None
    department = writer.department.id if writer.department is not None else None
    return next(
        (
            reminder
            for reminder in reminders_of(writer.competition, period)
            if (reminder.unit_id, reminder.department_id) == (unit, department)
        ),
        None,
    )


def _lacking_counts(late: LateList) -> dict[_Who, int]:
    """Count what is lacking by who can be told: units with a link, departments not signed off."""
    lacking: dict[_Who, int] = {
        (late_unit.unit.id, None): late_unit.missing
        for late_unit in late.units
        if late_unit.contact is not None
    }
    for department in late.unsigned:
        if department.recorders:
            lacking[None, department.row.id] = department.lacking.open
    return lacking


def _today(competition: Competition, period: str) -> Counter[_Who]:
    start = datetime.combine(local_today(), time())
    return Counter(
        (reminder.unit_id, reminder.department_id)
        for reminder in reminders_of(competition, period)
        if local_time(reminder.made_at).replace(tzinfo=None) >= start
    )
