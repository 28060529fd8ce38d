"""Sample data of the page about a labour competition's rules."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.labour_rules.shapes import (
    BookFault,
    IndicatorRow,
    LabourRulesPage,
    PeriodLine,
)
from compete.web.pages import fields_of
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

Sample = dict[str, Any]


def _row(
    heading: str, name: str, most: str, kind: str, example: str, department: str = "安全部"
) -> IndicatorRow:
    return IndicatorRow(
        heading=heading,
        name=name,
        most=most,
        kind=kind,
        example=example,
        department=department,
        asked="一季度检查、二季度检查" if name == "现场检查" else "",
    )


def _page(**keys: Any) -> Sample:
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "back_url": "#",
        "indicators": [
            _row("比安全", "隐患和违章", "10", "每处扣 1", "填 2，得 8.00"),
            _row(
                "比进度", "节点完成", "12", "按完成率，最多算 1 倍", "完成 90、目标 100，得 10.80"
            ),
            _row("季度检查", "现场检查", "100", "直接打分", "填 100，得 100.00", ""),
        ],
        "most": "100",
        "periods": [
            PeriodLine(name="全年", depth=0, weight=""),
            PeriodLine(name="一季度", depth=1, weight="20"),
            PeriodLine(name="1 月", depth=2, weight="1"),
        ],
        "facts": [("加分最多", "3"), ("流动红旗", "每组 1 面"), ("低于多少黄牌", "80")],
        "groups": [("土建", "46 家"), ("机电", "31 家")],
        "units": 77,
        "book_url": "#",
        "upload_url": "#",
        "why_not": None,
        "problem": None,
        "faults": [],
        "departments_url": "#",
        "units_url": "#",
        "limit": "20 MB",
    }
    return fields_of(LabourRulesPage(**{**given, **keys})) | {"site": SITE}


def rules() -> Sample:
    return _page(
        problem="表里有 2 处没读懂，什么都没有改",
        faults=[
            BookFault(place="D3", what="满分", why="“十分”不是数"),
            BookFault(place="E4", what="打分办法", why="填 直接打分、按处扣分 里的一种"),
        ],
    )


def rules_kept() -> Sample:
    return _page(
        upload_url=None,
        why_not="已经有数了，规则不能再换：换了以后，填过的数说的就不是原来的事",
        groups=[],
    )
