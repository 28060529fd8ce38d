"""The grid of a period for its script."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

import msgspec

from compete.domain.bundle.labour_types import Indicator
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.values.kinds import ScoringType
from compete.domain.values.numerals import plain
from compete.models import LabourDepartment, LabourSignOff, LabourValueEntry, Unit
from compete.services.backups.generations import standing
from compete.services.labour.entry import Writer, grid_for, why_not_entered
from compete.services.labour.notes import note_counts
from compete.services.labour.sign_off import lacking_in, sign_offs, signer_of, without_reason
from compete.services.labour.squares import Grid, Square, names_of_writers, needs_target
from compete.web.labour_words import counted_words, points_words, scoring_words
from compete.web.language import say
from compete.web.templating import moment

T = TypeVar("T")
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


class Now(msgspec.Struct):
    """The part that may change while the page is open. `last` is the number of the newest row."""

    cells: dict[str, dict[str, Cell]]
    own: dict[str, dict[str, Cell]]
    totals: dict[str, str]
    points: dict[str, dict[str, str]]
    """The points of each filled square, of indicators whose values are no points themselves."""
    overview: dict[str, object] | None
    """A unit's own marks by heading, and all of them together; a department has none."""
    left: dict[str, int] | None
    """The gaps that hold the sign-off up."""
    signed: dict[str, str | int] | None
    """The sign-off that stands."""
    closed: str | None
    """Why nothing is entered here any more."""
    last: int
    notes: dict[str, dict[str, int]]
    """The number of comments and files on each square that has any."""
    generation: str
    """Another one after the database was set back: the page offers again what it holds."""
    reached: str
    """How far the server is, under its seal."""


class Whole(Now):
    """The whole grid, with the parts that do not change."""

    period: str
    mine: str
    """`department` or `self`: which of the two kinds of columns is entered here."""
    unit: str | None
    columns: list[Column]
    rows: list[dict[str, str | None]]
    """The units; `joined` names the later period with which one comes in."""
    before: dict[str, dict[str, str]]


def whole_grid(writer: Writer, period: str) -> Whole:
    """The grid of a leaf period as this writer sees it."""
    grid = grid_for(writer, period)
    now, own = grid_now(writer, grid), grid.self_assessed()
    return Whole(
        **msgspec.structs.asdict(now),
        period=period,
        mine="department" if writer.department is not None else "self",
        unit=writer.unit.code if writer.unit is not None else None,
        columns=[
            Column(
                code=indicator.code,
                name=indicator.name,
                heading=indicator.heading,
                explained=scoring_words(indicator),
                counted=counted_words(indicator),
                full=plain(indicator.max),
                most=plain(indicator.max) if indicator.scoring.type is ScoringType.SCORE else None,
                least=indicator.scoring.type
                in (ScoringType.SCORE, ScoringType.DEDUCTION, ScoringType.COMPLETION),
                target=needs_target(indicator),
                own=indicator.code in own if writer.unit is None else self_assessed(indicator),
            )
            for indicator in grid.indicators
        ],
        rows=[
            {"code": unit.code, "name": unit.name, "group": unit.group, "joined": unit.joined}
            for unit in grid.units
            if _theirs(writer, unit.id)
        ],
        before=_by_unit(writer, grid, {it: plain(value) for it, value in grid.before.items()}),
    )


def grid_now(writer: Writer, grid: Grid, since: int = 0) -> Now:
    """Return the changed squares, of rows after `since`; totals and gaps are of all."""
    signed = _signed(writer, grid.period)
    closed = why_not_entered(writer, grid.period)
    wanting = set(without_reason(grid, writer.department)) if writer.department else set()
    names = names_of_writers([*grid.standing.values(), *grid.own.values()])
    numbers = [row.id for row in (*grid.standing.values(), *grid.own.values())]
    # A sign-off brings a unit values in sight that are older than what it asks from.
    from_row = 0 if writer.unit is not None else since
    scores, codes = grid.scores(), [indicator.code for indicator in grid.indicators]
    counted = {
        indicator.code
        for indicator in grid.indicators
        if indicator.scoring.type is not ScoringType.SCORE
    }

    def cell(square: Square, row: LabourValueEntry) -> Cell:
        read = grid.read(row)
        return Cell(
            at=row.id,
            v="" if row.value is None else plain(row.value),
            g="" if row.target is None else plain(row.target),
            text=row.text or "",
            why=say(read.problem) if read is not None and read.problem is not None else "",
            ask=read is not None and read.ask,
            reason=row.reason or "",
            by=names.get(row.made_by or 0, ""),
            when=moment(row.made_at),
            mine=row.made_by == writer.account.id,
            wants=square in wanting,
            corrected=signed is not None and row.made_at > signed.signed_at,
        )

    def cells_of(rows: Mapping[Square, LabourValueEntry]) -> dict[str, dict[str, Cell]]:
        cells = {
            square: cell(square, row)
            for square, row in rows.items()
            if row.id > from_row and square[1] in codes and _theirs(writer, square[0])
        }
        return _by_unit(writer, grid, cells)

    return Now(
        cells=cells_of(grid.standing),
        own=cells_of(grid.own),
        totals=_totals(writer, grid, scores),
        # Of indicators whose values are no points themselves.
        points=_by_unit(
            writer,
            grid,
            {
                (unit, code): points_words(score)
                for (unit, code), score in scores.items()
                if code in counted
            },
        ),
        overview=_overview(grid, writer.unit) if writer.unit is not None else None,
        left=_lacking_counts(grid, writer.department, signed),
        signed={
            "name": signer_of(signed),
            "when": moment(signed.signed_at),
            "units": signed.units,
        }
        if signed is not None
        else None,
        closed=say(closed),
        last=max(numbers, default=0),
        notes=_by_unit(writer, grid, note_counts(writer.competition, grid.period, codes)),
        **standing(writer.competition.id),
    )


def _signed(writer: Writer, period: str) -> LabourSignOff | None:
    if writer.department is None:
        return None
    return sign_offs(writer.competition, period).get(writer.department.id)


def _lacking_counts(
    grid: Grid, department: LabourDepartment | None, signed: LabourSignOff | None
) -> dict[str, int] | None:
    if department is None:
        return None
    left = lacking_in(grid, department, department.indicators, signed)
    keys = ("empty", "refused", "reasons", "units", "cells")
    return {key: getattr(left, key) for key in keys}


def _by_unit(writer: Writer, grid: Grid, squares: Mapping[Square, T]) -> dict[str, dict[str, T]]:
    """Return what is said of squares by the codes of unit and indicator, of shown rows alone."""
    codes = {unit.id: unit.code for unit in grid.units if _theirs(writer, unit.id)}
    by_unit: dict[str, dict[str, T]] = {}
    for (unit, code), value in squares.items():
        if unit in codes:
            by_unit.setdefault(codes[unit], {})[code] = value
    return by_unit


def _theirs(writer: Writer, unit: int) -> bool:
    """Say whether a unit's row is shown: all to a department, to a unit its own."""
    return writer.unit is None or writer.unit.id == unit


def _overview(grid: Grid, unit: Unit) -> dict[str, object]:
    """Sum up the unit's own points by heading; ranks among units have no points yet.

    `share` is per cent of full marks, for the bar; `lost` are points by indicator.
    """
    marks = {code: score for (row, code), score in grid.scores(own=True).items() if row == unit.id}
    headings: dict[str, list[Indicator]] = {}
    for indicator in grid.indicators:
        if self_assessed(indicator):
            headings.setdefault(indicator.heading or indicator.name, []).append(indicator)
    lines = []
    for name, within in headings.items():
        got = sum((marks.get(part.code, _NONE) for part in within), _NONE)
        given = [part for part in within if part.scoring.type is not ScoringType.RANK]
        full = sum((Fraction(part.max) for part in given or within), _NONE)
        lines.append(
            {
                "name": name,
                "got": points_words(got) if given else "—",
                "full": points_words(full),
                "share": int(min(max(got / full, _NONE), Fraction(1)) * 100) if full else 0,
                "lost": {
                    part.code: points_words(Fraction(part.max) - marks[part.code])
                    for part in within
                    if part.code in marks and marks[part.code] < part.max
                },
            }
        )
    return {"headings": lines, "total": points_words(sum(marks.values(), _NONE))}


def _totals(writer: Writer, grid: Grid, scores: Mapping[Square, Fraction]) -> dict[str, str]:
    """Return the total of each unit that has every indicator shown here filled."""
    asked = [indicator.code for indicator in grid.indicators]
    return {
        unit.code: points_words(sum((scores[unit.id, code] for code in asked), Fraction(0)))
        for unit in grid.units
        if _theirs(writer, unit.id) and asked and all((unit.id, code) in scores for code in asked)
    }
