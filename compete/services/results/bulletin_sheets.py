"""The bulletin as a workbook: the very sentences and tables that are printed, a sheet for each."""

from __future__ import annotations

import re
from decimal import Decimal

from compete.domain.values.messages import Translate, msg
from compete.models import Competition, Publication
from compete.services.results.bulletin import bulletin_of
from compete.sheets.workbook.tables import About, Table, Value, write_tables

_FIGURE = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")


def bulletin_book(
    competition: Competition,
    period: str,
    translate: Translate | None = None,
    publication: Publication | None = None,
) -> bytes:
    """The bulletin of one period as .xlsx, see `bulletin_of`; figures are numbers in it."""
    bulletin = bulletin_of(competition, period, translate, publication)
    title = " ".join(f"{competition.name} {bulletin.issue} {bulletin.period}".split())
    rows: list[list[Value]] = [
        [chapter.title, line]
        for chapter in bulletin.chapters
        for line in (
            *chapter.before,
            *(f"{bar.name} {bar.text}" for bar in chapter.bars),
            *chapter.after,
        )
    ]
    tables = [Table(msg("通报"), title, [msg("哪一节"), msg("内容")], rows, frozen=1)]
    for chapter in bulletin.chapters:
        if chapter.table is not None:
            tables.append(
                Table(
                    chapter.title,
                    f"{title} {chapter.title}",
                    [column.title for column in chapter.table.columns],
                    [[_value(cell) for cell in row.cells] for row in chapter.table.rows],
                    frozen=1,
                )
            )
    edition = bulletin.stamp.words(translate)
    about = About(title, bulletin.issuer, msg("%(edition)s", edition=edition))
    return write_tables(tables, translate, about)


def _value(cell: str) -> Value:
    """A figure as a number with its places, a count without the mark between its thousands."""
    if _FIGURE.fullmatch(cell):
        return Decimal(cell)
    return int(cell.replace(",", "")) if _COUNT.fullmatch(cell) else cell
