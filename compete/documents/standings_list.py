"""The list of results that is put up for the notice period (成绩公示), and its final form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from compete.documents.dates import chinese_date
from compete.documents.fonts import FontBook
from compete.documents.lists import Column, ListDocument, Row, Stamp, render_list
from compete.documents.typesetting import Translate
from compete.domain.values import msg

NONE = "—"
"""What stands where there is nothing to say; a missing score is never 0."""


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


@dataclass(frozen=True, slots=True)
class Notice:
    """How long objections are taken, and where: a telephone, an address."""

    first_day: date
    last_day: date
    contact: str


def render_standings_list(
    rows: Sequence[StandingsRow],
    *,
    title: str,
    stamp: Stamp,
    subtitle: str = "",
    notice: Notice | None = None,
    issuer: Sequence[str] = (),
    show_scores: bool = True,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
) -> bytes:
    """The list as a PDF on upright A4. Columns that nobody has anything in are left out.

    `show_scores` False keeps the totals off the paper, as some organisers do.
    Raises `GlyphsMissing` naming whose row it is.
    """
    shown = {
        "score": show_scores,
        "award": any(row.award for row in rows),
        "grade": any(row.grade for row in rows),
    }
    columns = [
        Column(msg("名次"), align="right"),
        Column(msg("姓名"), width=3),
        Column(msg("单位"), width=6),
        *([Column(msg("总成绩"), align="right")] if shown["score"] else []),
        *([Column(msg("奖项"), width=3)] if shown["award"] else []),
        *([Column(msg("拟晋升等级"), width=3)] if shown["grade"] else []),
    ]
    document = ListDocument(
        title=title,
        subtitle=subtitle,
        columns=columns,
        rows=[Row(_cells(row, shown), who=row.name) for row in rows],
        stamp=stamp,
        before=_notice_lines(notice, translate),
        issuer=issuer,
    )
    return render_list(document, fonts=fonts, translate=translate)


def _cells(row: StandingsRow, shown: dict[str, bool]) -> tuple[str, ...]:
    return (
        NONE if row.rank is None else str(row.rank),
        row.name,
        row.unit or NONE,
        *([row.score or NONE] if shown["score"] else []),
        *([row.award or NONE] if shown["award"] else []),
        *([row.grade or NONE] if shown["grade"] else []),
    )


def _notice_lines(notice: Notice | None, translate: Translate | None) -> list[str]:
    if notice is None:
        return []
    period = msg(
        "公示期 %(first)s 至 %(last)s。有异议，请在公示期内提出。",
        first=chinese_date(notice.first_day),
        last=chinese_date(notice.last_day),
    )
    contact = msg("受理：%(contact)s", contact=notice.contact)
    return [period.render(translate), contact.render(translate)]
