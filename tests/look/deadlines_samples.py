"""Sample data of the page of deadlines and of who is missing."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.deadlines.shapes import (
    DeadlineRow,
    LateDepartmentRow,
    LatePage,
    LateUnitRow,
)
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from compete.web.shapes import Chip
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

MONTHS = [f"{number}月" for number in range(1, 13)]


def late() -> dict[str, Any]:
    """Ten days after the end of October."""
    signed = Chip(text="签核了", kind="ok", icon="check-circle")
    overdue = Chip(text="迟了", kind="bad", icon="clock")
    page = LatePage(
        competition=COMPETITION,
        back_url="#",
        period="10月",
        views=[View(label=name, url="#", current=name == "10月") for name in MONTHS],
        sign="11月5日 17:00",
        own="11月3日 17:00",
        departments=[
            LateDepartmentRow(
                name="安全部",
                recorder="周茹",
                lacking="缺 6，没写入 2",
                chip=overdue,
                signed="",
            ),
            LateDepartmentRow(
                name="工程管理与质量监督部",
                recorder="陈平",
                lacking="",
                chip=signed,
                signed="陈平 11月4日 09:12",
            ),
            LateDepartmentRow(
                name="纪检", recorder=None, lacking="缺 130", chip=overdue, signed=""
            ),
        ],
        units=[
            LateUnitRow(name="十三标项目经理部", group="土建组", contact=None, lacking="4 项缺 4"),
            LateUnitRow(name="九标", group="机电组", contact="谢长林", lacking="4 项缺 1"),
        ],
        nobody=130,
        closed=False,
        reminders="安全部 周茹：10月的分，缺 6，没写入 2，"
        "11月5日 17:00 已经截止，请马上填好并签核。\n"
        "九标 谢长林：10月的自评，4 项缺 1，11月3日 17:00 已经截止，请马上填好。",
        book_url="#",
        departments_url="#",
        deadlines=[
            DeadlineRow(code=name, name=name, own="2026-11-03T17:00", sign="2026-11-05T17:00")
            for name in MONTHS
        ],
        months="1",
        save_url="#",
        problem="10月：自评的截止要早于签核的截止",
    )
    return fields_of(page) | {"site": SITE}


def closed() -> dict[str, Any]:
    """Nothing set, nobody to remind; looked at by who sets nothing."""
    bare: dict[str, Any] = {"departments": [], "units": [], "nobody": 0, "reminders": ""}
    none: dict[str, Any] = {"sign": None, "own": None, "save_url": None, "problem": None}
    return late() | bare | none | {"closed": True, "departments_url": None}
