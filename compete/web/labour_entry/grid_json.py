"""The grid of a period for its script."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from compete.domain.bundle.labour_types import Indicator
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.labour.totals import PLACES
from compete.domain.values.kinds import ScoringType
from compete.domain.values.numerals import plain
from compete.domain.values.points import readable
from compete.models import LabourDepartment, LabourSignOff, LabourValueEntry, Unit
from compete.services.backups.generations import generation_now
from compete.services.labour.entry import Writer, grid_for, why_not_entered
from compete.services.labour.notes import note_counts
from compete.services.labour.sign_off import lacking_in, sign_offs, signer_of, without_reason
from compete.services.labour.squares import Grid, Square, names_of_writers, needs_target
from compete.web.labour_words import counted_words, scoring_words
from compete.web.language import say
from compete.web.templating import moment

_NONE = Fraction(0)


class Cell(msgspec.Struct, omit_defaults=True):
    """The content of a square: `v` the value, `g` the target, `text` a refused text."""

    at: int
    v: str = ""
    g: str = ""
    text: str = ""
    why: str = ""
    """Why it was not accepted."""
    ask: bool = False
    """True if it is odd, and is taken only once it is confirmed."""
    reason: str = ""
    by: str = ""
    when: str = ""
    mine: bool = False
    wants: bool = False
    """Points were taken over the limit, and no reason is given."""
    corrected: bool = False
    """Changed after the sign-off."""


class Column(msgspec.Struct):
    """An indicator; `most` is the most that may be written, if the value is the score."""

    code: str
    name: str
    heading: str | None
    explained: str
    """The way from a value to points, in words."""
    counted: str
    """The counted noun, such as 处; empty if points are written."""
    full: str
    most: str | None
    least: bool
    """True if it may not be below 0."""
    target: bool
    own: bool
    """True if units assess themselves in it, or did."""


class Row(msgspec.Struct):
    """A unit; `joined` names the later period with which it comes in."""

    code: str
    name: str
    group: str | None
    joined: str | None


class Left(msgspec.Struct):
    """The gaps that hold the sign-off up."""

    empty: int
    refused: int
    reasons: int
    units: int
    cells: int


class Signed(msgspec.Struct):
    """The sign-off that stands."""

    name: str
    when: str
    units: int


class Heading(msgspec.Struct):
    """The points a unit gives itself under a heading; `lost` are points by indicator."""

    name: str
    got: str
    full: str
    share: int
    """Per cent of full marks, for the bar."""
    lost: dict[str, str]


class Overview(msgspec.Struct):
    """A unit's own marks by heading, and all of them together."""

    headings: list[Heading]
    total: str


class Now(msgspec.Struct):
    """The part that may change while the page is open. `last` is the number of the newest row."""

    cells: dict[str, dict[str, Cell]]
    own: dict[str, dict[str, Cell]]
    totals: dict[str, str]
    points: dict[str, dict[str, str]]
    """The points of each filled square, of indicators whose values are no points themselves."""
    overview: Overview | None
    """The overview of a unit that assesses itself; a department has none."""
    left: Left | None
    signed: Signed | None
    closed: str | None
    """Why nothing is entered here any more."""
    last: int
    notes: dict[str, dict[str, int]]
    """The number of comments and files on each square that has any."""
    generation: str
    """A number that changes after a backup was restored: the page offers again what it holds."""


class Whole(Now):
    """The whole grid, with the parts that do not change."""

    period: str
    mine: str
    """`department` or `self`: which of the two kinds of columns is entered here."""
    unit: str | None
    columns: list[Column]
    rows: list[Row]
    before: dict[str, dict[str, str]]


def whole_grid(writer: Writer, period: str) -> Whole:
    """The grid of a leaf period as this writer sees it."""
    grid = grid_for(writer, period)
    now, own = grid_now(writer, grid), grid.self_assessed()
    codes = {unit.id: unit.code for unit in grid.units}
    before: dict[str, dict[str, str]] = {}
    for (unit, code), value in grid.before.items():
        if unit in codes and _theirs(writer, unit):
            before.setdefault(codes[unit], {})[code] = plain(value)
    return Whole(
        **msgspec.structs.asdict(now),
        period=period,
        mine="department" if writer.department is not None else "self",
        unit=writer.unit.code if writer.unit is not None else None,
        columns=[
            Column(
                code=each.code,
                name=each.name,
                heading=each.heading,
                explained=scoring_words(each),
                counted=counted_words(each),
                full=plain(each.max),
                most=plain(each.max) if each.scoring.type is ScoringType.SCORE else None,
                least=each.scoring.type
                in (ScoringType.SCORE, ScoringType.DEDUCTION, ScoringType.COMPLETION),
                target=needs_target(each),
                own=each.code in own if writer.unit is None else self_assessed(each),
            )
            for each in grid.indicators
        ],
        rows=[
            Row(unit.code, unit.name, unit.group, unit.joined)
            for unit in grid.units
            if _theirs(writer, unit.id)
        ],
        before=before,
    )


def grid_now(writer: Writer, grid: Grid, since: int = 0) -> Now:
    """Return the changed squares, of rows after `since`; totals and gaps are of all."""
    signed = _signed(writer, grid.period)
    closed = why_not_entered(writer, grid.period)
    wanting = set(without_reason(grid, writer.department)) if writer.department else set()
    names = names_of_writers([*grid.standing.values(), *grid.own.values()])
    numbers = [row.id for row in (*grid.standing.values(), *grid.own.values())]
    # A sign-off brings a unit values in sight that are older than what it asks from.
    told = 0 if writer.unit is not None else since
    shown = _Shown(writer, grid, names, wanting, signed, told)
    scores = grid.scores()
    return Now(
        cells=shown.of(grid.standing),
        own=shown.of(grid.own),
        totals=_totals(writer, grid, scores),
        points=_points(writer, grid, scores),
        overview=_overview(grid, writer.unit) if writer.unit is not None else None,
        left=_left(grid, writer.department, signed),
        signed=Signed(
            name=signer_of(signed),
            when=moment(signed.signed_at),
            units=signed.units,
        )
        if signed is not None
        else None,
        closed=say(closed) if closed is not None else None,
        last=max(numbers, default=0),
        notes=_notes(writer, grid),
        generation=generation_now(),
    )


class _Shown:
    """Squares as the page shows them."""

    def __init__(
        self,
        writer: Writer,
        grid: Grid,
        names: Mapping[int, str],
        wanting: set[Square],
        signed: LabourSignOff | None,
        since: int,
    ) -> None:
        self._writer, self._grid, self._names = writer, grid, names
        self._wanting, self._signed, self._since = wanting, signed, since
        self._codes = {unit.id: unit.code for unit in grid.units}
        self._asked = {each.code for each in grid.indicators}

    def of(self, rows: Mapping[Square, LabourValueEntry]) -> dict[str, dict[str, Cell]]:
        """Return cells by unit and indicator: after `since`, and those that want a reason."""
        found: dict[str, dict[str, Cell]] = {}
        for (unit, code), row in rows.items():
            if unit not in self._codes or code not in self._asked or row.id <= self._since:
                continue
            if _theirs(self._writer, unit):
                found.setdefault(self._codes[unit], {})[code] = self._cell(row)
        return found

    def _cell(self, row: LabourValueEntry) -> Cell:
        read = self._grid.read(row)
        wrong = read is not None
        return Cell(
            at=row.id,
            v="" if row.value is None else plain(row.value),
            g="" if row.target is None else plain(row.target),
            text=row.text or "",
            why=say(read.problem) if read is not None and read.problem is not None else "",
            ask=wrong and read is not None and read.ask,
            reason=row.reason or "",
            by=self._names.get(row.made_by or 0, ""),
            when=moment(row.made_at),
            mine=row.made_by == self._writer.account.id,
            wants=(row.unit_id, row.indicator) in self._wanting,
            corrected=self._signed is not None and row.made_at > self._signed.signed_at,
        )


def _notes(writer: Writer, grid: Grid) -> dict[str, dict[str, int]]:
    codes = {unit.id: unit.code for unit in grid.units if _theirs(writer, unit.id)}
    counted = note_counts(writer.competition, grid.period, [each.code for each in grid.indicators])
    found: dict[str, dict[str, int]] = {}
    for (unit, code), count in counted.items():
        if unit in codes:
            found.setdefault(codes[unit], {})[code] = count
    return found


def _signed(writer: Writer, period: str) -> LabourSignOff | None:
    if writer.department is None:
        return None
    return sign_offs(writer.competition, period).get(writer.department.id)


def _left(
    grid: Grid, department: LabourDepartment | None, signed: LabourSignOff | None
) -> Left | None:
    if department is None:
        return None
    left = lacking_in(grid, department, department.indicators, signed)
    return Left(left.empty, left.refused, left.reasons, left.units, left.cells)


def _theirs(writer: Writer, unit: int) -> bool:
    """Say whether a unit's row is shown: all to a department, to a unit its own."""
    return writer.unit is None or writer.unit.id == unit


def _points(
    writer: Writer, grid: Grid, scores: Mapping[Square, Fraction]
) -> dict[str, dict[str, str]]:
    counted = {each.code for each in grid.indicators if each.scoring.type is not ScoringType.SCORE}
    codes = {unit.id: unit.code for unit in grid.units if _theirs(writer, unit.id)}
    found: dict[str, dict[str, str]] = {}
    for (unit, code), score in scores.items():
        if unit in codes and code in counted:
            found.setdefault(codes[unit], {})[code] = _shown_points(score)
    return found


def _overview(grid: Grid, unit: Unit) -> Overview:
    """Sum up the unit's own points by heading; ranks among units have no points yet."""
    marks = {code: score for (row, code), score in grid.scores(own=True).items() if row == unit.id}
    headings: dict[str, list[Indicator]] = {}
    for each in grid.indicators:
        if self_assessed(each):
            headings.setdefault(each.heading or each.name, []).append(each)
    found = []
    for name, within in headings.items():
        got = sum((marks.get(each.code, _NONE) for each in within), _NONE)
        given = [each for each in within if each.scoring.type is not ScoringType.RANK]
        full = sum((Fraction(each.max) for each in given or within), _NONE)
        found.append(
            Heading(
                name=name,
                got=_shown_points(got) if given else "—",
                full=_shown_points(full),
                share=int(min(max(got / full, _NONE), Fraction(1)) * 100) if full else 0,
                lost={
                    each.code: _shown_points(Fraction(each.max) - marks[each.code])
                    for each in within
                    if each.code in marks and marks[each.code] < each.max
                },
            )
        )
    return Overview(headings=found, total=_shown_points(sum(marks.values(), _NONE)))


def _shown_points(points: Fraction) -> str:
    return readable(points, PLACES).rstrip("…")


def _totals(writer: Writer, grid: Grid, scores: Mapping[Square, Fraction]) -> dict[str, str]:
    """Return the total of each unit that has every indicator shown here filled."""
    asked = [each.code for each in grid.indicators]
    return {
        unit.code: _shown_points(sum((scores[unit.id, code] for code in asked), Fraction(0)))
        for unit in grid.units
        if _theirs(writer, unit.id) and asked and all((unit.id, code) in scores for code in asked)
    }
