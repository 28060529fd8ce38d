"""A workbook of rows that was looked at and cannot be written as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from compete.web.organiser.headed_rows import PlannedRow, RowsPreview, ShownColumn
from compete.web.pages import fields_of
from tests.look.people import SITE


def looked_at(
    headings: Sequence[str],
    *rows: PlannedRow,
    same: int = 1,
    more: int = 0,
    whole: bool = False,
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
        packed="UEs=",
        put_right=[("cell:5:unit", "甲单位")],
        columns=[
            ShownColumn(
                name=f"column:{title}",
                letters="ABCDEFGHI"[place],
                heading=title,
                samples=["罗平", "一个很长很长的单位名称一个很长很长的单位名称", "南京港"],
                field=str(place),
                why="你定的" if place == 1 else "",
            )
            for place, title in enumerate(headings)
        ],
        choices=[("", "不用"), *((str(place), title) for place, title in enumerate(headings))],
        whole=whole,
        missing=headings[0],
        remembered=True,
        problem=None,
        upload_url="#",
        write_url="#",
        back_url="#",
        workbook_url="#",
    )
    return {"site": SITE, **fields_of(page)}
