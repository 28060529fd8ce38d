"""A month on one page, as a workbook and on paper: what is seen is what is handed out.

The squares of a leaf period are figures: scores, self-assessments, what is between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import inf
from statistics import median

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import gettext as _

from compete.documents.lists import Column, ListDocument, Row, Stamp, render_list
from compete.domain.bundle.labour_types import Indicator
from compete.domain.bundle.results import LabourRow
from compete.domain.explanation.labour_moves import signed
from compete.domain.labour.totals import PLACES
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import round_half_up, show
from compete.domain.values.rights import Right
from compete.models import Competition, LabourValueEntry, utc_now
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.installation import fonts
from compete.services.labour.deadlines import first_open_leaf
from compete.services.labour.departments import departments_of, recorders_of
from compete.services.labour.notes import note_counts
from compete.services.labour.sign_off import sign_offs
from compete.services.labour.squares import Square, grid_of, leaves_of, names_of_writers
from compete.services.scoring.live_labour import LabourLive, labour_live
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.labour_words import counted_words, points_words, with_target
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.shapes import Chip
from compete.web.templating import moment

_SIZES = ((8, 13.0), (16, 11.0), (inf, 8.5))
"""Sizes of a paper's letters, by the most indicators."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A square; `key` is its unit and indicator, `story` how it came about."""

    row: LabourRow
    indicator: Indicator
    text: str
    kind: str
    """`low`, `lacking`, `away`, or empty."""
    story: str

    @property
    def key(self) -> str:
        """Return the square's name in addresses."""
        return f"{self.row.unit}:{self.indicator.code}"


def _matrix_page(competition: Competition, live: LabourLive, period: str, asked: Asked) -> str:
    """The page of a leaf period."""
    matrix = Matrix(competition, live, period, asked)
    stories = _Stories(matrix)
    rows = [(row, _cells(matrix, stories, row)) for row in matrix.rows]
    groups = Counter(row.group for row in live.standings[period] if row.group is not None)
    return render_template(
        "organiser/labour/matrix.html",
        code=period,
        names=live.labour.period_names,
        leaves=leaves_of(live.labour),
        groups=dict(sorted(groups.items())),
        signed=_signed(competition, matrix),
        kinds=SHOWN_WORDS,
        asked=asked,
        address=asked.address(period=period),
        matrix=matrix,
        headings=_headings(matrix.indicators),
        rows=rows,
        chosen=_chosen_square([cell for _row, cells in rows for cell in cells], asked.cell),
    )


def heads_of(matrix: Matrix) -> list[Message]:
    """List the heads of the columns on paper and in a workbook."""
    full = [
        msg("%(name)s 满 %(full)s", name=indicator.name, full=plain(indicator.max))
        for indicator in matrix.indicators
    ]
    return [msg("单位"), *full, msg("得分"), msg("名次")]


def _figures_of(matrix: Matrix) -> list[list[str]]:
    """Return the shown figures as texts: the units in order, then the median of each column."""
    rows = [
        [
            matrix.live.units[row.unit],
            *(matrix.figure(row, indicator) for indicator in matrix.indicators),
            row.total or "—",
            str(row.rank) if row.rank is not None else "—",
        ]
        for row in matrix.rows
    ]
    middle = [_("中位数"), *(matrix.median(indicator) for indicator in matrix.indicators)]
    return [*rows, [*middle, matrix.median_total(), ""]]


def title_of(matrix: Matrix) -> Message:
    """Title of a workbook or a paper of it."""
    return msg(
        "%(period)s%(group)s%(shown)s",
        period=matrix.live.outcome.field.tree.periods[matrix.period].name,
        group=matrix.asked.group or "",
        shown=SHOWN_WORDS[matrix.asked.shown],
    )


def paper_of(matrix: Matrix, at: datetime) -> ListDocument:
    """The same to be printed, on lying paper."""
    unit, *figures = heads_of(matrix)
    return ListDocument(
        title=matrix.competition.name,
        subtitle=say(title_of(matrix)),
        columns=[
            Column(unit, width=2.5),
            *(Column(head, width=1, align="right") for head in figures),
        ],
        rows=[Row(tuple(row), row[0]) for row in _figures_of(matrix)],
        stamp=Stamp(at, provisional=True),
        lying=True,
        text_size=next(size for most, size in _SIZES if len(matrix.indicators) <= most),
    )


def _cells(matrix: Matrix, stories: _Stories, row: LabourRow) -> list[MatrixCell]:
    return [
        MatrixCell(
            row,
            indicator,
            matrix.figure(row, indicator),
            kind := matrix.kind(row, indicator),
            stories.of((matrix.numbers[row.unit], indicator.code), indicator)
            if kind != "away"
            else _("没有参加"),
        )
        for indicator in matrix.indicators
    ]


class _Stories:
    """The stories of squares: who scored, with what, why, and the evidence."""

    def __init__(self, matrix: Matrix) -> None:
        competition, grid = matrix.competition, matrix.grid
        recorders = recorders_of(competition)
        self.grid, self.own = grid, matrix.own
        self.departments = {
            code: (row.name, [recorder.account.name for recorder in recorders.get(row.id, ())])
            for row in departments_of(competition)
            for code in row.indicators
        }
        self.writers = names_of_writers(grid.standing.values())
        codes = [indicator.code for indicator in grid.indicators]
        self.notes = note_counts(competition, grid.period, codes)

    def of(self, square: Square, indicator: Indicator) -> str:
        """The story of a square in one line."""
        row, own, parts = self.grid.standing.get(square), self.own.get(square), []
        if own is not None:
            parts.append(_("自评 %(points)s", points=points_words(own)))
        if row is not None and row.value is not None:
            parts += self._entry_lines(row, row.value, indicator)
        if row is not None and self.grid.problem(square) is not None:
            parts.append(_("写的是“%(text)s”，没写入", text=row.text or ""))
        elif not self.grid.filled(square):
            parts.append(self._missing_words(indicator.code))
        if row is not None and row.reason:
            parts.append(row.reason)
        if notes := self.notes.get(square):
            parts.append(ngettext("证据和意见 %(num)s 条", "证据和意见 %(num)s 条", notes))
        return _("；").join(parts)

    def _entry_lines(
        self, row: LabourValueEntry, number: Decimal, indicator: Indicator
    ) -> list[str]:
        parts, value = [], plain(number)
        if row.target is not None:
            parts.append(with_target(value, row.target))
        elif indicator.scoring.type is not ScoringType.SCORE:
            parts.append(_("填的 %(value)s", value=f"{value} {counted_words(indicator)}".strip()))
        who = self.writers.get(row.made_by or 0)
        if who is not None:
            name, _recorders = self.departments.get(indicator.code, ("", []))
            parts.append(" ".join([name, who, moment(row.made_at)]).strip())
        return parts

    def _missing_words(self, code: str) -> str:
        name, people = self.departments.get(code, ("", []))
        if not name:
            return _("还没填，没有部门打这一项")
        return _("还没填，归%(who)s", who=" ".join([name, *people]))


def _chosen_square(cells: Sequence[MatrixCell], key: str) -> MatrixCell | None:
    """The square that the address names, else the first lacking or low one, else the first."""
    named = [cell for cell in cells if cell.key == key]
    odd = [cell for kind in ("lacking", "low") for cell in cells if cell.kind == kind]
    return next(iter(named or odd or cells), None)


def _signed(competition: Competition, matrix: Matrix) -> Chip | None:
    """Count the departments that score in the period and have signed it off."""
    codes = {indicator.code for indicator in matrix.indicators}
    asked = [row for row in departments_of(competition) if codes & set(row.indicators)]
    if not asked:
        return None
    signed_off = sign_offs(competition, matrix.period)
    done = sum(row.id in signed_off for row in asked)
    if done == len(asked):
        text = ngettext("%(num)s 个部门都签核了", "%(num)s 个部门都签核了", done)
        return Chip(text=text, kind="ok", icon="check-circle")
    text = _("%(all)s 个部门签核了 %(n)s 个", all=len(asked), n=done)
    return Chip(text=text, kind="warn", icon="half-circle")


def _headings(indicators: Sequence[Indicator]) -> list[tuple[str, str, int]]:
    """List the headings over indicators side by side: full marks and the number of columns."""
    if all(indicator.heading is None for indicator in indicators):
        return []
    parted = [
        list(group) for _heading, group in groupby(indicators, lambda indicator: indicator.heading)
    ]
    return [
        (
            group[0].heading or "",
            plain(sum((indicator.max for indicator in group), Decimal(0))),
            len(group),
        )
        for group in parted
    ]


@face.get("/<code>/labour/month")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_matrix(competition: Competition) -> ResponseReturnValue:
    """Units by indicators of a leaf period."""
    live = labour_live(competition)
    period = _leaf(competition, live)
    return _matrix_page(competition, live, period, _matrix_choice(live, period))


@face.get("/<code>/labour/month.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_matrix_book(competition: Competition) -> Response:
    """The same as a workbook."""
    matrix = _matrix(competition)
    rows: list[list[Value]] = [[row[0], *map(_as_number, row[1:])] for row in _figures_of(matrix)]
    return send_list(competition, title_of(matrix), [say(head) for head in heads_of(matrix)], rows)


@face.get("/<code>/labour/month.pdf")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_matrix_paper(competition: Competition) -> Response:
    """The same to be printed."""
    matrix = _matrix(competition)
    printed = render_list(
        paper_of(matrix, local_time(utc_now())),
        fonts=fonts(),
        translate=gettext,
        author=competition.issuer,
    )
    return send_pdf(printed, f"{say(title_of(matrix))}_{competition.name}.pdf")


def _as_number(text: str) -> Value:
    """A figure as one that a workbook sums; words stay words."""
    try:
        return Decimal(text.replace("−", "-"))
    except InvalidOperation:
        return text


def _matrix(competition: Competition) -> Matrix:
    live = labour_live(competition)
    period = _leaf(competition, live)
    return Matrix(competition, live, period, _matrix_choice(live, period))


def _leaf(competition: Competition, live: LabourLive) -> str:
    """The leaf period asked for, the last one filled of a whole; without one what is entered now.

    404 for one that the competition has not.
    """
    wanted = request.args.get("period") or first_open_leaf(competition)
    if wanted not in live.standings:
        abort(404)
    leaves = leaves_of(live.labour, wanted)
    filled = [leaf for leaf in leaves if any(row.total for row in live.standings[leaf])]
    return (filled or leaves)[-1]


def _matrix_choice(live: LabourLive, period: str) -> Asked:
    args = request.args
    groups = sorted({row.group for row in live.standings[period] if row.group is not None})
    group = args.get("group")
    shown = args.get("show", "")
    return Asked(
        group=group if group in groups else next(iter(groups), None),
        shown=Shown(shown) if shown in list(Shown) else Shown.SCORE,
        by_rank=args.get("order") == "rank",
        cell=args.get("cell", ""),
    )


class Shown(StrEnum):
    """The kind of value in the squares."""

    SCORE = "score"
    OWN = "own"
    GAP = "gap"
    SHARE = "share"


SHOWN_WORDS: Mapping[Shown, Message] = {
    Shown.SCORE: msg("考评分"),
    Shown.OWN: msg("自评分"),
    Shown.GAP: msg("差多少"),
    Shown.SHARE: msg("得分率"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The address's choices; `cell` is a unit and an indicator with a colon between."""

    group: str | None
    shown: Shown
    by_rank: bool
    cell: str = ""

    def address(self, **other: str) -> dict[str, str]:
        """Return the choices as an address says them, with other values."""
        order = "rank" if self.by_rank else "unit"
        values = {"group": self.group or "", "show": str(self.shown), "order": order, **other}
        return {key: value for key, value in values.items() if value}


class Matrix:
    """A leaf period's squares of one group, each worked out once."""

    def __init__(
        self, competition: Competition, live: LabourLive, period: str, asked: Asked
    ) -> None:
        """`period` is a leaf."""
        self.competition, self.live, self.period, self.asked = competition, live, period, asked
        self.low = settings_of(competition).low_share
        self.grid = grid_of(competition, period)
        self.numbers = {unit.code: unit.id for unit in self.grid.units}
        self.scores = self.grid.scores()
        self.own = self.grid.scores(own=True)
        order = {unit.code: place for place, unit in enumerate(self.grid.units)}
        rows = [row for row in live.standings[period] if asked.group in (None, row.group)]
        self.rows: Sequence[LabourRow] = (
            rows if asked.by_rank else sorted(rows, key=lambda row: order[row.unit])
        )

    @property
    def indicators(self) -> Sequence[Indicator]:
        """The columns."""
        return self.grid.indicators

    def value(self, unit: str, indicator: Indicator) -> Fraction | None:
        """Value of a square; None if there can be none."""
        square = self.numbers[unit], indicator.code
        score, own = self.scores.get(square), self.own.get(square)
        match self.asked.shown:
            case Shown.OWN:
                return own
            case Shown.GAP:
                return None if score is None or own is None else score - own
            case Shown.SHARE:
                return None if score is None else score / Fraction(indicator.max) * 100
            case _:
                return score

    def text(self, value: Fraction | None, indicator: Indicator) -> str:
        """The same in figures, with as many decimals as its column needs."""
        if value is None:
            return "—"
        if self.asked.shown is Shown.GAP:
            return signed(round_half_up(value, 1, PLACES))
        places = self._places[indicator.code]
        return show(round_half_up(value, 1, places), places)

    @cached_property
    def _places(self) -> dict[str, int]:
        if self.asked.shown is Shown.SHARE:
            return {indicator.code: 0 for indicator in self.indicators}
        return {indicator.code: _places(self.values(indicator)) for indicator in self.indicators}

    def values(self, indicator: Indicator) -> list[Fraction]:
        """List the values of a column, without missing ones."""
        numbers = (self.value(row.unit, indicator) for row in self.rows)
        return [number for number in numbers if number is not None]

    def median(self, indicator: Indicator) -> str:
        """The middle of a column."""
        known = self.values(indicator)
        return self.text(median(known) if known else None, indicator)

    def median_total(self) -> str:
        """The middle of the totals."""
        totals = [Decimal(row.total) for row in self.rows if row.total is not None]
        return f"{median(totals):.{PLACES}f}" if totals else "—"

    def kind(self, row: LabourRow, indicator: Indicator) -> str:
        """Return `low`, `lacking` or `away` for a square; empty if nothing is to be said of it."""
        square = self.numbers[row.unit], indicator.code
        if row.unit in self.live.away[self.period] or row.unit in self._later:
            return "away"
        if not self.grid.filled(square):
            return "lacking" if self.asked.shown is not Shown.OWN else ""
        score = (self.own if self.asked.shown is Shown.OWN else self.scores).get(square)
        low = score is not None and score * 100 < self.low * Fraction(indicator.max)
        return "low" if low else ""

    @cached_property
    def _later(self) -> frozenset[str]:
        return frozenset(unit.code for unit in self.grid.units if unit.joined is not None)

    def figure(self, row: LabourRow, indicator: Indicator) -> str:
        """Text of a square: a figure, that it is lacking, or that the unit takes no part."""
        if self.kind(row, indicator) == "lacking":
            return _("缺")
        return self.text(self.value(row.unit, indicator), indicator)


def _places(values: Sequence[Fraction]) -> int:
    """Return the fewest decimals that write every value exactly, at most two."""
    return next(
        (n for n in range(PLACES) if all((value * 10**n).denominator == 1 for value in values)),
        PLACES,
    )
