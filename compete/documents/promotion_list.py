"""Promotion list of people to be raised in grade (拟晋升名单), for the body that certifies them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

from compete.documents.fonts import FontBook
from compete.documents.lists import Column, ListDocument, Row, Section, Stamp, render_list
from compete.documents.standings_list import NONE
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Translate, msg

WHO_COLUMNS = (
    Column(msg("序号"), align="right"),
    Column(msg("姓名"), width=1.5),
    Column(msg("性别")),
    Column(msg("身份证号"), width=3),
    Column(msg("单位"), width=2.2),
    Column(msg("职业（工种）及编码"), width=2.3),
)
"""Columns that say whose row it is, in each list for the body that certifies."""
_CONTEST = Column(msg("赛事与级别"), width=2.5)
_COLUMNS = (
    *WHO_COLUMNS,
    _CONTEST,
    Column(msg("名次"), align="right"),
    Column(msg("各部分成绩"), width=2.2),
    Column(msg("原等级与证书号"), width=2.2),
    Column(msg("拟晋升等级"), width=1.6),
    Column(msg("依据条款"), width=3),
)
PROMOTION_TITLES = tuple(column.title for column in _COLUMNS)
"""Of the list's columns in a workbook, whose rows are carried elsewhere."""
# On paper the title names the competition, once for all rows.
_PRINTED = tuple(
    Column(msg("级别与赛项"), width=1.8) if column is _CONTEST else column for column in _COLUMNS
)


@dataclass(frozen=True, slots=True)
class PromotionRow:
    """One person. `level` is the competition's and, of several, the event; `contest` names the
    competition before them. `scores` are those of theory and practice, `current` is today's
    grade (with its certificate number, if it is known), `basis` the clause.
    """

    name: str
    sex: str
    id_number: str = field(repr=False)
    unit: str
    occupation: str
    contest: str
    level: str
    rank: str
    scores: str
    current: str
    promoted_to: str
    basis: str


def render_promotion_list(
    rows: Sequence[PromotionRow],
    *,
    title: str,
    stamp: Stamp,
    subtitle: str = "",
    others: Section | None = None,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
) -> PrintedFile:
    """Print the list as a PDF on lying A4, numbered, with places to sign.

    `others` are grades on other grounds than a place, under the list or alone.
    It carries whole ID numbers, since the certifying body needs them: whoever
    prints it answers for where it goes.
    """
    listed = Section("", _PRINTED, [_row(number, row) for number, row in enumerate(rows, 1)])
    sections = [section for section in (listed, others) if section is not None and section.rows]
    first, *more = sections or [listed]
    document = ListDocument(
        title=title,
        subtitle=subtitle,
        columns=first.columns,
        rows=first.rows,
        heading=first.title,
        more=more,
        stamp=stamp,
        signatures=(msg("填表人"), msg("复核人"), msg("裁判长"), msg("日期")),
        lying=True,
        text_size=12.5,
    )
    return render_list(document, fonts=fonts, translate=translate, author=author)


def promotion_cells(number: int, row: PromotionRow) -> tuple[str, ...]:
    """A row's texts under `PROMOTION_TITLES`; empty where nothing is known."""
    texts = (getattr(row, field.name) for field in fields(row) if field.name != "level")
    return (str(number), *texts)


def _row(number: int, row: PromotionRow) -> Row:
    cells = promotion_cells(number, replace(row, contest=row.level))
    return Row(tuple(cell or NONE for cell in cells), who=row.name)
