"""Picture 6: months into quarters into a year, and where the flag goes."""

from __future__ import annotations

from compete.domain.bundle.results import LabourRow
from drawing.canvas import (
    ACCENT,
    BAD,
    BAD_SOFT,
    FLAG,
    INK2,
    INK3,
    LINE,
    RULE,
    SOFT,
    SOFT_LINE,
    Canvas,
)
from drawing.cases import Case, case

GROUP, QUARTER = "土建", "Q3"


def draw() -> str:
    """One section's totals up the tree; below, the first of its group in the quarter."""
    labour = case("key-projects-labour")
    canvas = Canvas(920, 560, "劳动竞赛：月度到季度到年度")
    canvas.head(
        "劳动竞赛：月度到季度到年度",
        "Months make a quarter, quarters make the year; the red flag passes over a veto",
    )
    winner = next(row for row in _rows(labour, QUARTER) if row.flag)
    _tree(canvas, labour, winner.unit)
    _flag(canvas, labour)
    return canvas.svg()


def _rows(labour: Case, period: str) -> list[LabourRow]:
    found = labour.results.labour
    assert found is not None
    standings = next(one.standings for one in found.periods if one.code == period)
    return [row for row in standings if row.group == GROUP]


def _total(labour: Case, period: str, unit: str) -> str:
    return next(row.total or "—" for row in _rows(labour, period) if row.unit == unit)


def _tree(canvas: Canvas, labour: Case, unit: str) -> None:
    canvas.card(32, 92, 856, 236)
    canvas.text(56, 124, f"{labour.unit(unit)}", 16, bold=True)
    canvas.text(130, 124, "每一层先四舍五入到 2 位，再往上算", 13, fill=INK2)
    months = ("M07", "M08", "M09")
    for place, month in enumerate(months):
        y = 142 + place * 38
        _node(canvas, 56, y, f"{int(month[1:])} 月", _total(labour, month, unit))
        canvas.line(216, y + 15, 250, 195, color=RULE, thick=1.5)
    _node(canvas, 250, 180, "月度考核 70%", _total(labour, "Q3-M", unit))
    _node(canvas, 250, 264, "季度检查 30%", _total(labour, "Q3-I", unit))
    canvas.line(440, 195, 476, 228, color=RULE, thick=1.5)
    canvas.line(440, 279, 476, 234, color=RULE, thick=1.5)
    _node(canvas, 476, 216, "三季度 25%", _total(labour, "Q3", unit), strong=True)
    for place, quarter in enumerate(("Q1", "Q2", "Q4")):
        y = (128, 170, 284)[place]
        weight = {"Q1": 20, "Q2": 25, "Q4": 30}[quarter]
        name = {"Q1": "一季度", "Q2": "二季度", "Q4": "四季度"}[quarter]
        _node(canvas, 476, y, f"{name} {weight}%", _total(labour, quarter, unit))
    for y in (143, 185, 231, 299):
        canvas.line(666, y, 700, 222, color=RULE, thick=1.5)
    _node(canvas, 700, 207, "全年", _total(labour, "Y2022", unit), strong=True)


def _node(
    canvas: Canvas, x: float, y: float, name: str, total: str, *, strong: bool = False
) -> None:
    wide = 160 if x in (56, 700) else 190
    canvas.box(
        x, y, wide, 30, fill=SOFT if strong else "#FFFFFF", edge=SOFT_LINE if strong else LINE
    )
    canvas.text(x + 12, y + 20, name, 13, fill=INK2)
    canvas.text(
        x + wide - 12,
        y + 20,
        total,
        14,
        fill=ACCENT if strong else "#172125",
        bold=True,
        anchor="end",
    )


def _flag(canvas: Canvas, labour: Case) -> None:
    canvas.card(32, 344, 856, 188)
    canvas.text(56, 376, f"三季度 {GROUP}组，流动红旗 1 面，90 分以上", 15, bold=True)
    canvas.text(420, 376, "one flag for the group, 90 or more", 13, fill=INK3)
    canvas.line(52, 390, 868, 390, color=RULE)
    for place, row in enumerate(_rows(labour, QUARTER)[:3]):
        y = 418 + place * 40
        if row.vetoed:
            canvas.box(44, y - 24, 832, 36, fill=BAD_SOFT)
        canvas.rank(70, y - 5, row.rank or 0)
        canvas.text(98, y, labour.unit(row.unit), 15, bold=True)
        canvas.text(320, y, row.total or "", 16, bold=True, anchor="end")
        if row.vetoed:
            canvas.check(372, y - 4, good=False)
            canvas.text(396, y, "8 月一票否决：名次照排，红旗不给", 14, fill=BAD, bold=True)
        elif row.flag:
            canvas.path(f"M374 {y + 4}v-20h16l-4 5l4 5h-16", color=FLAG, fill=FLAG)
            canvas.text(402, y, "得流动红旗", 14, fill=FLAG, bold=True)
        if row.flag:
            canvas.text(500, y, "没被否决的里面名次最前，够 90 分", 14, fill=INK2)
