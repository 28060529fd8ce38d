"""Standings on paper: 公示文件 and its final form: headings, words and columns of results.

The filled-in text, with its title, comes from `services/results/notice.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeVar

from compete.documents.dates import printed_date
from compete.documents.fonts import FontBook
from compete.documents.lists import Column, ListDocument, Row, Section, Stamp, render_list
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Message, Translate, msg

NONE = "—"
"""The sign where there is nothing to say; a missing score is never 0."""


@dataclass(frozen=True, slots=True)
class StandingsRow:
    """One person as published. Masks and decimals are the caller's: all texts are printed as given.

    `rank` None is for those without a place; `score` then says why (缺考).
    """

    rank: int | None
    name: str
    unit: str
    score: str
    award: str = ""
    grade: str = ""
    time: str = ""
    tie: str = ""
    """The tie that put it behind an equal score; a page says it, the list below its tables."""
    appealed: bool = False
    """True if an appeal may still change it: said beside the score on every list."""
    review: bool = False
    """True if it rests on a mark that is void by now: said in the place of the grade."""


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team with those whose results count."""

    rank: int | None
    name: str
    members: str
    score: str
    award: str = ""
    tie: str = ""
    appealed: bool = False
    """True if an appeal of one whose result counts is open."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit by `points`, or by how many of its people came first, second and third."""

    rank: int | None
    name: str
    points: str = ""
    first: str = ""
    second: str = ""
    third: str = ""


@dataclass(frozen=True, slots=True)
class TableLine:
    """A place in a table over several events; lines of one table stand together.

    By `value`, or by how many came first, second and third; `delegations` are what it ranks.
    """

    table: str
    rank: int | None
    name: str
    value: str = ""
    first: str = ""
    second: str = ""
    third: str = ""
    events: str = ""
    delegations: bool = False


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A place in a single item; lines of one item stand together."""

    item: str
    rank: int | None
    name: str
    unit: str
    score: str
    award: str = ""
    appealed: bool = False


@dataclass(frozen=True, slots=True)
class HonourLine:
    """A title that somebody is to be given."""

    title: str
    name: str
    unit: str
    appealed: bool = False


@dataclass(frozen=True, slots=True)
class DistinctionLine:
    """An award that was given by hand: to a unit (then `unit` is empty), an official, a coach."""

    title: str
    name: str
    unit: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """The tables after the people: teams, units, units over several events, items, honours,
    awards by hand; or nothing."""

    teams: Sequence[TeamLine] = ()
    units: Sequence[UnitLine] = ()
    tables: Sequence[TableLine] = ()
    items: Sequence[ItemLine] = ()
    honours: Sequence[HonourLine] = ()
    distinctions: Sequence[DistinctionLine] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """The days on which objections are taken, and where: a telephone, an address."""

    first_day: date
    last_day: date
    contact: str | Message


def render_standings_list(
    rows: Sequence[StandingsRow],
    *,
    title: str,
    stamp: Stamp,
    subtitle: str = "",
    notice: Notice | None = None,
    issuer: Sequence[str] = (),
    ranked: bool = True,
    settled: bool = False,
    beside: Beside | None = None,
    after: Sequence[str] = (),
    qr_text: str = "",
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
) -> PrintedFile:
    """Print the list as a PDF on upright A4. Columns that nobody has anything in are left out.

    `after` are lines under the tables, `qr_text` what a QR code below them says.

    Not `ranked` are those who passed an evaluation, without places and totals. `settled` results
    are final: what was decided of the grades is no longer proposed.
    """
    more = beside_sections(beside or Beside(), translate)
    hidden = () if ranked else ("rank", "score")
    head = grade_head(ranked=ranked, settled=settled)
    layout = (*_PEOPLE, ("grade", Column(head, width=4)))
    columns, cells = _filled_columns(layout, rows, translate, hidden=hidden)
    document = ListDocument(
        title=title,
        subtitle=subtitle,
        heading=msg("个人").render(translate) if more else "",
        columns=columns,
        rows=[Row(cells(row), who=row.name) for row in rows],
        more=more,
        stamp=stamp,
        before=_notice_lines(notice, translate),
        after=after,
        qr_text=qr_text,
        issuer=issuer,
    )
    return render_list(document, fonts=fonts, translate=translate, author=author)


def grade_head(*, ranked: bool, settled: bool) -> Message:
    """The heading above the grades of a list: given by a place, or by an evaluation."""
    if ranked:
        return msg("晋升等级") if settled else msg("拟晋升等级")
    return msg("认定等级") if settled else msg("拟认定等级")


Line = TypeVar(
    "Line", StandingsRow, TeamLine, UnitLine, TableLine, ItemLine, HonourLine, DistinctionLine
)

_RANK = ("rank", Column(msg("名次"), align="right"))
_NAME = ("name", Column(msg("姓名"), width=3))
_UNIT = ("unit", Column(msg("单位"), width=5))
_AWARD = ("award", Column(msg("奖项"), width=3))
_FLAGGED = ("score", "title", "name")
"""Beside which of its columns a line says that an appeal is open: the first that is there."""
_ALWAYS = frozenset({"rank", "name", "unit", "score", "title"})

_PEOPLE = (
    _RANK,
    _NAME,
    _UNIT,
    ("score", Column(msg("总成绩"), align="right")),
    ("time", Column(msg("用时"), align="right")),
    _AWARD,
)
_TEAMS = (
    _RANK,
    ("name", Column(msg("代表队"), width=4)),
    ("members", Column(msg("计分队员"), width=5)),
    ("score", Column(msg("团体总分"), align="right")),
    _AWARD,
)
_UNITS = (
    _RANK,
    ("name", Column(msg("单位"), width=6)),
    ("points", Column(msg("积分"), align="right")),
    ("first", Column(msg("第 1 名"), align="right")),
    ("second", Column(msg("第 2 名"), align="right")),
    ("third", Column(msg("第 3 名"), align="right")),
)
_SUMS = (
    ("value", Column(msg("合计"), align="right")),
    *_UNITS[3:],
    ("events", Column(msg("赛项数"), align="right")),
)
_TABLES = (*_UNITS[:2], *_SUMS)
_DELEGATIONS = (_RANK, ("name", Column(msg("代表团"), width=6)), *_SUMS)
_ITEMS = (
    _RANK,
    _NAME,
    _UNIT,
    ("score", Column(msg("成绩"), align="right")),
    _AWARD,
)
_DISTINCTIONS = (
    ("title", Column(msg("奖项"), width=4)),
    ("name", Column(msg("评给"), width=6)),
    _UNIT,
    ("reason", Column(msg("理由"), width=6)),
)
_HONOURS = (("title", Column(msg("荣誉称号"), width=4)), _NAME, _UNIT)


def _filled_columns(
    layout: Sequence[tuple[str, Column]],
    lines: Sequence[Line],
    translate: Translate | None,
    hidden: Sequence[str] = (),
) -> tuple[list[Column], Callable[[Line], tuple[str, ...]]]:
    """Choose the columns that have anything to say, and how a line fills them."""
    shown = [
        (name, column)
        for name, column in layout
        if name not in hidden and (name in _ALWAYS or any(getattr(line, name) for line in lines))
    ]

    def cells(line: Line) -> tuple[str, ...]:
        values = {name: getattr(line, name) for name, _column in shown}
        if getattr(line, "appealed", False):
            beside = next(name for name in _FLAGGED if name in values)
            flagged = msg("%(score)s（申诉中）", score=values[beside] or NONE)
            values[beside] = flagged.render(translate)
        return tuple(NONE if value in (None, "") else str(value) for value in values.values())

    return [column for _name, column in shown], cells


def beside_sections(beside: Beside, translate: Translate | None) -> list[Section]:
    """A table for each kind of thing beside the people."""
    sections: list[Section] = []

    def add(title: str, layout: Sequence[tuple[str, Column]], lines: Sequence[Line]) -> None:
        if lines:
            columns, cells = _filled_columns(layout, lines, translate)
            rows = [Row(cells(line), who=line.name) for line in lines]
            sections.append(Section(title, columns, rows))

    add(msg("团体").render(translate), _TEAMS, beside.teams)
    add(msg("单位排名").render(translate), _UNITS, beside.units)
    for table, units in groupby(beside.tables, key=lambda line: line.table):
        ranked = list(units)
        add(table, _DELEGATIONS if ranked[0].delegations else _TABLES, ranked)
    for item, lines in groupby(beside.items, key=lambda line: line.item):
        add(msg("单项：%(item)s", item=item).render(translate), _ITEMS, list(lines))
    add(msg("荣誉称号").render(translate), _HONOURS, beside.honours)
    add(msg("评选奖项").render(translate), _DISTINCTIONS, beside.distinctions)
    return sections


def _notice_lines(notice: Notice | None, translate: Translate | None) -> list[str]:
    if notice is None:
        return []
    period = msg(
        "公示期 %(first)s 至 %(last)s。有异议，请在公示期内提出。",
        first=printed_date(notice.first_day, translate),
        last=printed_date(notice.last_day, translate),
    )
    contact = msg("受理人：%(contact)s", contact=notice.contact)
    return [period.render(translate), contact.render(translate)]
