"""A workbook of rows that was looked at and cannot be written as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from compete.web.organiser.headed_rows import PlannedRow, RowsPreview
from compete.web.pages import fields_of
from tests.look.people import SITE


def looked_at(
    headings: Sequence[str], *rows: PlannedRow, same: int = 1, more: int = 0
) -> dict[str, Any]:
    """The page of it: of `same` nothing is shown but how many, as of `more`."""
    count = {state: sum(row.state == state for row in rows) for state in ("added", "changed")}
    page = RowsPreview(
        rows=rows,
        more=more,
        headings=headings,
        read=len(rows) + same + more,
        fresh=count["added"],
        changed=count["changed"],
        same=same,
        wrong=sum(row.state == "refused" for row in rows),
        packed="",
        problem=None,
        upload_url="#",
        write_url="#",
        back_url="#",
        workbook_url="#",
    )
    return {"site": SITE, **fields_of(page)}
