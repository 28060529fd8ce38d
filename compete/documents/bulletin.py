"""The bulletin of a labour competition (通报): headings, sentences and tables on upright A4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.documents.fonts import FontBook
from compete.documents.lists import Row, Stamp, head_of, page_words
from compete.documents.lists import Section as Table
from compete.documents.typesetting import About, PrintedFile, Sheet, typeset
from compete.domain.values.messages import Translate, msg


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart; `share` in per cent of its room."""

    name: str
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with sentences, bars, a table and notes under it; `fresh` begins a new page."""

    title: str
    before: Sequence[str] = ()
    table: Table | None = None
    after: Sequence[str] = ()
    fresh: bool = False
    bars: Sequence[Bar] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin to print. `issuer` stands over the title and beside the seal.

    `issue` is its number in words, empty without one; `ticks` is the number of units, a tick
    each on the ruler under the title.
    """

    issuer: str
    competition: str
    issue: str
    period: str
    day: str
    ticks: int
    chapters: Sequence[Chapter]
    stamp: Stamp


def render_bulletin(
    bulletin: Bulletin, *, fonts: FontBook | None = None, translate: Translate | None = None
) -> PrintedFile:
    """Print the bulletin as a PDF.

    No row is ever left out: a character that no font has is set as 〓 and named on the
    last page and in `left_out`. Raises ValueError for a row that has not as many texts as
    there are columns.
    """
    shared = {
        "title": msg("劳动竞赛通报").render(translate),
        "issuer": bulletin.issuer,
        "competition": bulletin.competition,
        "issue": bulletin.issue,
        "period": bulletin.period,
        "issued-on": bulletin.day,
        "ticks": max(2, bulletin.ticks),
        "chapters": [_chapter(chapter, translate) for chapter in bulletin.chapters],
        "void": msg("暂定").render(translate) if bulletin.stamp.provisional else "",
        "seal": msg("盖章处").render(translate),
        "foot": bulletin.stamp.words(translate),
        "page-words": page_words(translate),
    }
    sheets = [
        Sheet(who=row.who or chapter.title, data={"cells": list(row.cells), "chapter": place})
        for place, chapter in enumerate(bulletin.chapters)
        for row in _rows(chapter)
    ]
    about = About(bulletin.issuer, bulletin.stamp.printed_at.date())
    return typeset("bulletin", shared, sheets, fonts, about=about, translate=translate, whole=True)


def _rows(chapter: Chapter) -> Sequence[Row]:
    return chapter.table.rows if chapter.table is not None else ()


def _chapter(chapter: Chapter, translate: Translate | None) -> dict[str, object]:
    table = head_of(chapter.table, translate) if chapter.table is not None else {"columns": []}
    return {
        **table,
        "title": chapter.title,
        "before": list(chapter.before),
        "after": list(chapter.after),
        "fresh": chapter.fresh,
        "bars": [[bar.name, bar.text, bar.share] for bar in chapter.bars],
    }
