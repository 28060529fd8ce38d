"""The page of a leaf period: every unit under every indicator, and how each square came about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from math import inf
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.documents.lists import Column, ListDocument, Row, Stamp
from compete.domain.bundle.labour_types import Indicator
from compete.domain.bundle.results import LabourRow
from compete.domain.labour.totals import PLACES
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import readable
from compete.models import Competition, LabourValueEntry
from compete.services.labour.cells import Square, leaves_of, names_of_writers
from compete.services.labour.departments import departments_of, recorders_of
from compete.services.labour.notes import note_counts
from compete.services.labour.signing_off import sign_offs
from compete.services.scoring.live_labour import LabourLive
from compete.web.labour_words import counted_words
from compete.web.language import say
from compete.web.organiser.labour_matrix.shapes import (
    ChosenCell,
    MatrixCell,
    MatrixColumn,
    MatrixHeading,
    MatrixPage,
    MatrixRow,
)
from compete.web.organiser.labour_matrix.squares import SHOWN_WORDS, Asked, Matrix
from compete.web.organiser.shapes import View, competition_link
from compete.web.shapes import Chip
from compete.web.templating import moment

_SIZES = ((8, 13.0), (16, 11.0), (inf, 8.5))
"""How large a paper's letters are, by the most indicators."""


def describe_matrix(
    competition: Competition, live: LabourLive, period: str, asked: Asked
) -> MatrixPage:
    """The page of a leaf period."""
    matrix = Matrix(competition, live, period, asked)
    stories = _Stories(matrix)
    code, names = competition.code, live.outcome.field.tree.periods
    here = asked.address(period=period)

    def url(endpoint: str = "labour_matrix", **other: str) -> str:
        return f"{url_for(f'organiser.{endpoint}', code=code)}?{urlencode(here | other)}"

    rows = [_row(matrix, stories, row) for row in matrix.rows]
    groups = sorted({row.group for row in live.standings[period] if row.group is not None})
    return MatrixPage(
        competition=competition_link(competition),
        back=View(
            label=_("%(period)s排名", period=names[period].name),
            url=url_for("organiser.labour", code=code, period=period, group=asked.group),
            current=False,
        ),
        period=names[period].name,
        signed=_signed(competition, matrix),
        periods=[
            View(label=names[leaf].name, url=url(period=leaf), current=leaf == period)
            for leaf in leaves_of(live.labour)
        ],
        groups=[
            View(
                label=_("%(group)s %(n)s 家", group=each, n=_size(live, period, each)),
                url=url(group=each),
                current=each == asked.group,
            )
            for each in groups
        ],
        kinds=[
            View(label=say(words), url=url(show=shown), current=shown is asked.shown)
            for shown, words in SHOWN_WORDS.items()
        ],
        orders=[
            View(label=_("按名次"), url=url(order="rank"), current=asked.by_rank),
            View(label=_("按单位"), url=url(order="unit"), current=not asked.by_rank),
        ],
        low=matrix.low,
        headings=_headings(matrix.indicators),
        columns=[
            MatrixColumn(
                code=each.code, name=each.name, full=plain(each.max), median=matrix.median(each)
            )
            for each in matrix.indicators
        ],
        rows=rows,
        median=matrix.median_total(),
        chosen=_chosen(matrix, rows, asked.cell),
        asked=list(here.items()),
        changes_url=url_for("organiser.labour_changes", code=code, period=period, own=1),
        book_url=url("labour_matrix_book"),
        print_url=url("labour_matrix_paper"),
    )


def heads_of(matrix: Matrix) -> list[Message]:
    """What stands over each column on paper and in a workbook."""
    full = [
        msg("%(name)s 满 %(full)s", name=each.name, full=plain(each.max))
        for each in matrix.indicators
    ]
    return [msg("单位"), *full, msg("得分"), msg("名次")]


def figures_of(matrix: Matrix) -> list[list[str]]:
    """What is seen as texts: the units in their order, then the middle of each column."""
    rows = [
        [
            matrix.live.units[row.unit],
            *(matrix.figure(row, each) for each in matrix.indicators),
            row.total or "—",
            str(row.rank) if row.rank is not None else "—",
        ]
        for row in matrix.rows
    ]
    middle = [_("中位数"), *(matrix.median(each) for each in matrix.indicators)]
    return [*rows, [*middle, matrix.median_total(), ""]]


def title_of(matrix: Matrix) -> Message:
    """What a workbook or a paper of it is called."""
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
        rows=[Row(tuple(row), row[0]) for row in figures_of(matrix)],
        stamp=Stamp(at, provisional=True),
        lying=True,
        text_size=next(size for most, size in _SIZES if len(matrix.indicators) <= most),
    )


def _row(matrix: Matrix, stories: _Stories, row: LabourRow) -> MatrixRow:
    return MatrixRow(
        name=matrix.live.units[row.unit],
        url=url_for(
            "organiser.labour_unit",
            code=matrix.competition.code,
            unit=row.unit,
            period=matrix.period,
        ),
        cells=[
            MatrixCell(
                key=f"{row.unit}:{each.code}",
                text=matrix.figure(row, each),
                kind=matrix.kind(row, each),
                story=stories.of((matrix.numbers[row.unit], each.code), each)
                if matrix.kind(row, each) != "away"
                else _("没有参加"),
            )
            for each in matrix.indicators
        ],
        total=row.total,
        rank=row.rank,
    )


class _Stories:
    """How squares came about: who scored, with what, why, and what stands beside it."""

    def __init__(self, matrix: Matrix) -> None:
        competition, grid = matrix.competition, matrix.grid
        recorders = recorders_of(competition)
        self.grid, self.own = grid, matrix.own
        self.departments = {
            code: (row.name, [each.account.name for each in recorders.get(row.id, ())])
            for row in departments_of(competition)
            for code in row.indicators
        }
        self.writers = names_of_writers(grid.standing.values())
        codes = [each.code for each in grid.indicators]
        self.notes = note_counts(competition, grid.period, codes)

    def of(self, square: Square, indicator: Indicator) -> str:
        """The story of a square in one line."""
        row, own, said = self.grid.standing.get(square), self.own.get(square), []
        if own is not None:
            said.append(_("自评 %(points)s", points=readable(own, PLACES).rstrip("…")))
        if row is not None and row.value is not None:
            said += self._written(row, row.value, indicator)
        if row is not None and self.grid.problem(square) is not None:
            said.append(_("写的是“%(text)s”，没写入", text=row.text or ""))
        elif not self.grid.filled(square):
            said.append(self._lacking(indicator.code))
        if row is not None and row.reason:
            said.append(row.reason)
        if notes := self.notes.get(square):
            said.append(ngettext("证据和意见 %(num)s 条", "证据和意见 %(num)s 条", notes))
        return _("；").join(said)

    def _written(self, row: LabourValueEntry, number: Decimal, indicator: Indicator) -> list[str]:
        said, value = [], plain(number)
        if row.target is not None:
            said.append(_("%(value)s，目标 %(target)s", value=value, target=plain(row.target)))
        elif indicator.scoring.type is not ScoringType.SCORE:
            said.append(_("填的 %(value)s", value=f"{value} {counted_words(indicator)}".strip()))
        who = self.writers.get(row.made_by or 0)
        if who is not None:
            name, _recorders = self.departments.get(indicator.code, ("", []))
            said.append(" ".join([name, who, moment(row.made_at)]).strip())
        return said

    def _lacking(self, code: str) -> str:
        name, people = self.departments.get(code, ("", []))
        if not name:
            return _("还没填，没有部门打这一项")
        return _("还没填，归%(who)s", who=" ".join([name, *people]))


def _chosen(matrix: Matrix, rows: Sequence[MatrixRow], key: str) -> ChosenCell | None:
    """The square that the address names, else the first lacking or low one, else the first."""
    cells = [(row, place, cell) for row in rows for place, cell in enumerate(row.cells)]
    if not cells:
        return None
    named = [each for each in cells if each[2].key == key]
    odd = [each for kind in ("lacking", "low") for each in cells if each[2].kind == kind]
    row, place, cell = (named or odd or cells)[0]
    indicator = matrix.indicators[place]
    unit = cell.key.partition(":")[0]
    return ChosenCell(
        key=cell.key,
        title=_("%(unit)s · %(indicator)s", unit=row.name, indicator=indicator.name),
        text=f"{cell.text} / {plain(indicator.max)}",
        story=cell.story,
        url=url_for(
            "organiser.labour_changes",
            code=matrix.competition.code,
            period=matrix.period,
            own=1,
            unit=unit,
            indicator=indicator.code,
        ),
    )


def _signed(competition: Competition, matrix: Matrix) -> Chip | None:
    """How many of the departments that score in the period have signed it off."""
    codes = {each.code for each in matrix.indicators}
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


def _headings(indicators: Sequence[Indicator]) -> list[MatrixHeading]:
    parted = [list(group) for _heading, group in groupby(indicators, lambda each: each.heading)]
    if all(each.heading is None for each in indicators):
        return []
    return [
        MatrixHeading(
            name=group[0].heading or "",
            full=plain(sum((each.max for each in group), Decimal(0))),
            columns=len(group),
        )
        for group in parted
    ]


def _size(live: LabourLive, period: str, group: str) -> int:
    return sum(row.group == group for row in live.standings[period])
