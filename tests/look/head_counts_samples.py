"""Sample data of the page about how many workers take part."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.head_counts.shapes import HeadCountsPage, HeadRow, HeadSum
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from tests.look.labour_form_samples import LONG
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

Sample = dict[str, Any]


def _row(code: str, name: str, text: str, stands: str, **keys: Any) -> HeadRow:
    given: dict[str, Any] = {"group": "土建", "changed": False, "problem": None, **keys}
    return HeadRow(code=code, name=name, text=text, stands=stands, **given)


def _page(**keys: Any) -> Sample:
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "back_url": "#",
        "period": "9月",
        "code": "M09",
        "periods": [
            View(label=f"{month}月", url="#", current=month == 9) for month in range(1, 13)
        ],
        "sums": [
            HeadSum(name="全部单位", text="130 家，上报 60,214 人（2 家没报）"),
            HeadSum(name="土建", text="46 家，上报 9,862 人"),
        ],
        "rows": [
            _row("U01", "一标", "214", "214"),
            _row("U02", LONG, "", "1,306"),
            _row("U03", "三", "", "—", group=""),
        ],
        "problem": None,
        "read": None,
        "faults": [],
        "save_url": "#",
        "book_url": "#",
        "upload_url": "#",
    }
    return fields_of(HeadCountsPage(**{**given, **keys})) | {"site": SITE}


def heads() -> Sample:
    return _page()


def read_in() -> Sample:
    rows = [
        _row("U01", "一标", "220", "214", changed=True),
        _row("U02", "二标", "许多", "1,306", problem="人数写整数，0 到 1,000,000"),
    ]
    said = "表读进来了，还没存：1 家会改。看过再按“存下”。"
    return _page(rows=rows, read=said, faults=["第 9 行：没有这个单位 七标"])


def read_only() -> Sample:
    return _page(save_url=None, upload_url=None)
