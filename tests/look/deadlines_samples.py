"""Sample data of the page of deadlines and of who is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.organiser.deadlines.shapes import (
    DeadlineRow,
    FilledGrid,
    FilledLine,
    FilledMark,
    Gap,
    LateDepartmentRow,
    LatePage,
    LateUnitRow,
    Reminding,
    WorstPeriod,
)
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from compete.web.shapes import Chip
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

MONTHS = [f"{number}月" for number in range(1, 13)]


def _line(name: str, marks: str) -> FilledLine:
    kinds = {"齐": "full", "缺": "none", "—": "away", ".": "later"}
    return FilledLine(
        name=name,
        marks=[
            FilledMark(
                kind=kinds.get(text, "part"),
                text="" if text == "." else text,
                url=None if text in "—." else "#",
                current=name == "十三标" and place == 8,
            )
            for place, text in enumerate(marks.split())
        ],
    )


def filled_grid() -> FilledGrid:
    """Page 36d."""
    return FilledGrid(
        title="还差 5 格，4 家",
        sides=[
            View(label="考评", url="#", current=True),
            View(label="自评", url="#", current=False),
        ],
        groups=[
            View(label=name, url="#", current=name == "全部") for name in ("全部", "土建", "机电")
        ],
        columns=[View(label=name, url="#", current=name == "10月") for name in MONTHS],
        rows=[
            _line("十三标", "齐 齐 齐 齐 齐 齐 齐 齐 10 缺 . ."),
            _line("七标", "齐 齐 齐 齐 齐 齐 齐 齐 齐 8 . ."),
            _line("江北段路基施工三标项目经理部", "— — — — — — — 齐 齐 11 . ."),
            _line("一标", "齐 齐 齐 齐 齐 齐 齐 齐 齐 齐 . ."),
        ],
        more=35,
        more_url="#",
        gap=Gap(
            title="十三标 · 9月",
            what="差 2 项：节点完成、产值完成",
            who="工程部 陈平",
            then="缺的不当 0 分。填齐以前没有总分，不排名次，也不得红旗。",
            url="#",
        ),
        worst=[
            WorstPeriod(name="10月", count=4, share=100),
            WorstPeriod(name="9月", count=1, share=25),
        ],
    )


def late() -> dict[str, Any]:
    """Ten days after the end of October."""
    signed = Chip(text="签核了", kind="ok", icon="check-circle")
    overdue = Chip(text="迟了", kind="bad", icon="clock")
    page = LatePage(
        competition=COMPETITION,
        back_url="#",
        period="10月",
        grid=filled_grid(),
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
        reminding=Reminding(count=5, said="10月5日 16:20 催过，一天最多 2 次。", url="#"),
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
    grid = replace(filled_grid(), title="都齐了", rows=[], groups=[], more=0, gap=None, worst=[])
    nobody = {"grid": grid, "reminding": None}
    return late() | bare | none | nobody | {"closed": True, "departments_url": None}
