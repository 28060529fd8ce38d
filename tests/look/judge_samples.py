"""Sample data of the tablet's pages, as the server's `home_data` and `sheet_data` give it.

The real scripts run on it and draw the pages; there is no server behind them.
"""

from __future__ import annotations

from typing import Any

from compete.web.judge.home import Competition
from compete.web.judge.views import SheetLink, SheetUrls
from tests.look.people import COMPETITION, JUDGE_SITE

Sample = dict[str, Any]

FRAME = {
    "site": JUDGE_SITE,
    "judge_id": "judge-03",
    "competition": Competition(name=COMPETITION.name),
    "words": None,
}


def _brief(code: str, state: str, session: str = "", **more: Any) -> Sample:
    begins, ends = {"第2场": ("09:30", "10:10"), "第3场": ("10:20", "11:00")}.get(
        session, (None, None)
    )
    return {
        "id": code,
        "code": code,
        "state": state,
        "version": 1,
        "module": "实操",
        "module_code": "final/practice",
        "session": session or None,
        "station": "2号工位",
        "date": "2022-09-16" if begins else None,
        "begins": begins,
        "ends": ends,
        "clock": f"{begins}–{ends}" if begins else None,
        "aspect_count": 7,
        "left": 0,
        "total": None,
        "returned_reason": None,
        "reminded": None,
        **more,
    }


def home() -> Sample:
    """Page 1."""
    sheets = [
        *(_brief(f"K-{n:02}", "signed", total="90.00") for n in (3, 5, 14, 16)),
        _brief("K-08", "begun", "第2场", left=2, total="78.00"),
        _brief("K-33", "complete", "第2场", total="91.00"),
        _brief("K-11", "submitted", "第2场", total="88.00"),
        _brief("K-21", "submitted", "第2场", total="86.50"),
        _brief("K-19", "returned", "第2场", returned_reason="碰杆 3 次，录像是 2 次"),
        _brief("K-27", "not_begun", "第3场"),
        _brief("K-02", "not_begun", "第3场"),
        _brief("K-40", "not_begun", "第3场"),
    ]
    return {
        **FRAME,
        "where": ["实操", "2号工位", "9月16日 星期五"],
        "data": {
            "judge": {"code": "03", "name": "许静"},
            "competition": COMPETITION.name,
            "open": True,
            "sheets": sheets,
        },
    }


def home_empty() -> Sample:
    """A judge without a sheet."""
    full = home()
    return {**full, "data": {**full["data"], "sheets": []}}


def _aspect(code: str, name: str, kind: str, top: str, **more: Any) -> Sample:
    return {
        "code": code,
        "name": name,
        "type": kind,
        "max": top,
        "factor": None,
        "criterion": "操作",
        "step": None,
        "scale": None,
        "points": None,
        "bands": [],
        "full_at": None,
        "zero_at": None,
        "better": "lower",
        "descriptors": None,
        "unit": None,
        "hint": None,
        **more,
    }


def sheet() -> Sample:
    """Page 2."""
    return _sheet({"bars": "2", "falls": "0", "spill": "0", "safety": "1", "smooth": "2"}, "begun")


def sheet_controls() -> Sample:
    """The controls that page 2 does not show: yes or no, and given outright."""
    return _sheet(
        {},
        "begun",
        [
            _aspect("belt", "是否合格", "measurement", "5"),
            _aspect("mark", "直接给分", "score", "20", step="0.5"),
            _aspect(
                "gap",
                "堆码偏差",
                "measurement",
                "10",
                unit="毫米",
                bands=[
                    {"within": "10", "marks": "10"},
                    {"within": "20", "marks": "7"},
                    {"within": "40", "marks": "4"},
                ],
            ),
        ],
    )


def _sheet(values: dict[str, str], state: str, aspects: list[Sample] | None = None) -> Sample:
    aspects = aspects or [
        _aspect("bars", "碰杆", "deduction", "20", points="2"),
        _aspect("falls", "倒杆", "deduction", "20", points="5"),
        _aspect("spill", "货物倾倒", "deduction", "20", points="10"),
        _aspect("safety", "安全操作", "deduction", "10", points="5"),
        _aspect(
            "smooth",
            "操作平稳",
            "judgement",
            "10",
            scale=3,
            descriptors=[
                "多次急停急转，货物晃动",
                "有急停，货物轻微晃动",
                "起步停车平稳，个别顿挫",
                "全程平稳，货物无晃动",
            ],
        ),
        _aspect(
            "gap",
            "堆码偏差",
            "measurement",
            "10",
            unit="毫米",
            hint="量两箱边缘，毫米，满分 10 分",
            bands=[
                {"within": "10", "marks": "10"},
                {"within": "20", "marks": "7"},
                {"within": "40", "marks": "4"},
            ],
        ),
        _aspect("time", "用时", "time", "10", full_at="480", zero_at="580"),
    ]
    data = {
        **_brief("K-27", state, "第3场", left=2, total="67.67"),
        "full": "100",
        "rounding": 2,
        "locked": False,
        "stands": False,
        "timed": True,
        "aspects": aspects,
        "values": values,
        "watch": [],
        "next": {"id": "K-02", "code": "K-02"},
    }
    return {
        **FRAME,
        "where": ["2号工位", "第3场", "实操"],
        "sheet": SheetLink(code="K-27"),
        "data": data,
        "urls": SheetUrls(home="#", sheet="#", field=None, withdraw=""),
    }
