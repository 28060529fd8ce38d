"""The table of grade ladders, to be looked at."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.headed_rows import PlannedRow
from compete.web.organiser.ladders.shapes import (
    LadderForm,
    LadderPage,
    LadderRow,
    LaddersPage,
    RungLine,
    ShownRung,
)
from compete.web.organiser.shapes import Link, View
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.people import SITE
from tests.look.rows_preview import looked_at

Sample = dict[str, Any]
_LONG = "江苏省江都水利工程管理处泵站运行员" * 3
_EIGHT = "学徒工 → 初级工 → 中级工 → 高级工 → 技师 → 高级技师 → 特级技师 → 首席技师"


def table() -> Sample:
    """For an administrator."""
    page = LaddersPage(
        rows=[
            LadderRow(
                name="新八级工", url="#", whose="国家", rungs=_EIGHT, note="人社部发〔2022〕14号"
            ),
            LadderRow(name=_LONG, url="#", whose=_LONG, rungs="甲 → 乙", note=""),
        ],
        views=[
            View(label="使用中", url="#", current=True),
            View(label="已停用", url="#", current=False),
        ],
        new_url="#",
        upload_url="#",
        workbook_url="#",
        occupations_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def single() -> Sample:
    """One row, with its form that was refused once."""
    lines = [
        RungLine(
            number=n,
            order=str(n),
            code=f"L{n}" if name else "",
            rung=name,
            face=f"{name}/一级" if n == 2 else "",
            grade=str(6 - n) if name else "",
        )
        for n, name in enumerate(("一级运行员", "二级运行员", "", "", ""), 1)
    ]
    page = LadderPage(
        name=_LONG,
        closed=False,
        form=LadderForm(
            name=_LONG,
            whose="没有的厂",
            note="",
            rungs=lines,
            grades=[Choice(value="", label="没有"), Choice(value="5", label="五级/初级工")],
            organisations=["江苏水源"],
            faults={
                "whose": "组织里没有“没有的厂”，先在“组织”里加，或者空着（国家的）",
                "rungs": "第 2 行：要从低到高写，等级数字越往下越小，各写一次",
            },
            url="#",
        ),
        whose="国家",
        note="",
        shown=[],
        events=[Link(label=f"{_LONG} · 泵站运行", url="#")],
        problem="有 2 处要改",
        may_change=True,
        close_url="#",
        reopen_url=None,
        back_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def closed() -> Sample:
    """One that is closed, for an administrator."""
    page = LadderPage(
        name="运行员等级",
        closed=True,
        form=None,
        whose="江苏水源",
        note="苏水源〔2023〕7号",
        shown=[
            ShownRung(code="L5", rung="一级运行员", face="—", grade="五级/初级工"),
            ShownRung(code="R1", rung="首席运行员", face="首席", grade="—"),
        ],
        events=[],
        problem=None,
        may_change=True,
        close_url=None,
        reopen_url="#",
        back_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def uploaded() -> Sample:
    """A workbook with a ladder that cannot be written."""
    why = "归谁：组织里没有“没有的厂”，先在“组织”里加，或者空着（国家的）"
    wrong, known = [_LONG, "没有的厂", "甲 → 乙"], ["新八级工", "国家", _EIGHT]
    return looked_at(
        ["名称", "归谁", "从低到高"],
        PlannedRow(number="9", state="refused", texts=wrong, told=[why]),
        PlannedRow(number="2", state="changed", texts=known, told=["说明：原来是 —"]),
        PlannedRow(number="4", state="added", texts=["甲", "国家", "甲"], told=[]),
        whole=True,
    )
