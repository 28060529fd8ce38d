"""Plan of an upload: what it would do, row by row, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from compete.domain.eligibility import Rule
from compete.domain.values.messages import Message
from compete.sheets.registration.cells import RowProblem, Shown
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.registration.people import (
    KnownEntrant,
    OfferedTeam,
    Registration,
    RegistrationOffer,
)
from compete.sheets.registration.table import RawRow, RawSheet


class RowStatus(StrEnum):
    """The result of a row."""

    REFUSED = "refused"
    CHANGED = "changed"
    ADDED = "added"
    UNCHANGED = "unchanged"


_ORDER = tuple(RowStatus)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one field of an entrant; the ID number is shown masked."""

    column: str
    old: Shown
    new: Shown


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the people's sheet and what it would do."""

    number: int
    """The row in Excel."""
    status: RowStatus
    show: Callable[[], Mapping[str, Shown]] = field(repr=False, compare=False)
    """Works out `shown`: a page shows fifty rows of ten thousand."""
    raw: RawRow
    registration: Registration | None = None
    """The registration to write; none for a refused row."""
    existing: KnownEntrant | None = None
    """The entrant this row is about, if there is one already."""
    problems: tuple[RowProblem, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[Message, ...] = ()
    """Things worth a look that don't stop the row."""
    unfit: tuple[Rule, ...] = ()
    """Rules of the event that the person does not meet, if a row is refused for these alone."""

    @property
    def shown(self) -> Mapping[str, Shown]:
        """Column key to what to show; empty cells are left out, ID numbers are masked."""
        return self.show()

    @property
    def bad_columns(self) -> frozenset[str]:
        """Keys of the columns to mark."""
        return frozenset(problem.column for problem in self.problems)

    def refused_for(self, column: str, why: Message) -> PlannedRow:
        """The row as it stands refused for what is wrong in a column."""
        problem = RowProblem(PEOPLE_BY_KEY[column], "", why)
        return replace(
            self, status=RowStatus.REFUSED, registration=None, changes=(), problems=(problem,)
        )


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be made on the way; `parent` is the code of a known or new unit."""

    code: str
    name: str
    credit_code: str | None = None
    parent: str | None = None
    row: int | None = None
    """Its row in the sheet of units, if it stands there."""


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """A row of the units' sheet that cannot be used."""

    number: int
    problem: RowProblem


@dataclass(frozen=True, slots=True)
class RegistrationPlan:
    """The whole of an upload; `rows` stand in the order of the file."""

    offer: RegistrationOffer
    people: RawSheet
    rows: tuple[PlannedRow, ...]
    units: RawSheet | None = None
    """The sheet of units as read, if there was one."""
    new_units: tuple[NewUnit, ...] = ()
    new_teams: tuple[OfferedTeam, ...] = ()
    unit_problems: tuple[UnitProblem, ...] = ()
    notices: tuple[Message, ...] = field(default=())
    """About the file as a whole."""
    absent: tuple[KnownEntrant, ...] = field(default=(), repr=False)
    """People who are registered and stand in no row of a file that has half of them."""

    def count(self, status: RowStatus) -> int:
        """The number of rows that have this status."""
        return sum(row.status is status for row in self.rows)

    def with_rows(self, rows: Sequence[PlannedRow]) -> RegistrationPlan:
        """The plan of these rows alone, with the new teams that they name."""
        named = {row.registration.team for row in rows if row.registration}
        teams = tuple(team for team in self.new_teams if team.code in named)
        return replace(self, rows=tuple(rows), new_teams=teams)

    @property
    def counts_for_record(self) -> dict[str, int]:
        """How many rows are added, changed and refused, as records tell it."""
        statuses = (RowStatus.ADDED, RowStatus.CHANGED, RowStatus.REFUSED)
        return {status.value: self.count(status) for status in statuses}

    @property
    def unknown_units(self) -> tuple[str, ...]:
        """Names of units in refused rows that are like nothing on the list."""
        texts = (
            str(row.raw.cells["unit"]).strip()
            for row in self.refused
            for problem in row.problems
            if problem.column == "unit" and not problem.best and row.raw.cells.get("unit")
        )
        return tuple(dict.fromkeys(texts))

    @property
    def refused(self) -> tuple[PlannedRow, ...]:
        """The rows that will not be written."""
        return tuple(row for row in self.rows if row.status is RowStatus.REFUSED)

    @property
    def to_write(self) -> tuple[PlannedRow, ...]:
        """The rows that add or change somebody."""
        wanted = (RowStatus.ADDED, RowStatus.CHANGED)
        return tuple(row for row in self.rows if row.status in wanted)

    @property
    def for_preview(self) -> tuple[PlannedRow, ...]:
        """All rows, refused first, then changed, added, unchanged; inside by row number."""
        return tuple(sorted(self.rows, key=lambda row: (_ORDER.index(row.status), row.number)))
