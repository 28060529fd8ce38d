"""Sample data of a month's squares."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.labour_matrix.shapes import (
    ChosenCell,
    MatrixCell,
    MatrixColumn,
    MatrixHeading,
    MatrixPage,
    MatrixRow,
)
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from compete.web.shapes import Chip
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

Sample = dict[str, Any]
_NAMES = (
    *("事故预防 10", "隐患整改 10", "教育培训 5", "应急演练 5", "首件合格 12", "抽检合格 8"),
    *("节点完成 12", "产值完成 8", "场容场貌 8", "扬尘控制 7", "工法成果 8", "台账齐全 7"),
)
_HEADINGS = (("安全", "30", 4), ("质量", "20", 2), ("进度", "20", 2), ("文明", "15", 2))


def _views(*labels: str) -> list[View]:
    return [View(label=label, url="#", current=not place) for place, label in enumerate(labels)]


def _row(unit: str, figures: str, total: str | None, rank: int | None) -> MatrixRow:
    kinds = {"*": "low", "缺": "lacking", "—": "away"}
    return MatrixRow(
        name=unit,
        url="#",
        cells=[
            MatrixCell(
                key=f"{unit}:{place}",
                text=text.rstrip("*"),
                kind=kinds.get(text[-1], ""),
                story="自评 9.5；安全部 周茹 9月30日 16:20；临边防护缺 2 处，到期没改",
            )
            for place, text in enumerate(figures.split())
        ],
        total=total,
        rank=rank,
    )


def month() -> Sample:
    """Page 36c."""
    page = MatrixPage(
        competition=COMPETITION,
        back=View(label="9月排名", url="#", current=False),
        period="9月",
        signed=Chip(text="4 个部门都签核了", kind="ok", icon="check-circle"),
        periods=_views("9月", "8月"),
        groups=_views("土建组 46 家", "路面组 34 家"),
        kinds=_views("考评分", "自评分", "差多少", "得分率"),
        orders=_views("按名次", "按单位"),
        low=70,
        headings=[
            *(MatrixHeading(name=name, full=full, columns=n) for name, full, n in _HEADINGS),
            MatrixHeading(name="创新", full="8", columns=1),
            MatrixHeading(name="廉洁", full="7", columns=1),
        ],
        columns=[
            MatrixColumn(code=str(place), name=name.split()[0], full=name.split()[1], median="8.4")
            for place, name in enumerate(_NAMES)
        ],
        rows=[
            _row("一标", "9.6 9.8 4.9 5.0 11.7 8.0 10.4 7.5 8.0 6.7 8.0 6.1", "95.70", 1),
            _row("六标", "9.6 8.5 4.6 4.8 11.2 7.5 11.4 7.4 7.4 5.7 7.0 6.4", "91.50", 4),
            _row("七标", "8.6 8.6 3.1* 3.1* 9.5 6.7 7.7* 6.6 6.7 5.9 5.7 6.0", "80.60", 41),
            _row("十三标", "8.2 8.9 4.4 4.4 10.4 7.1 缺 缺 6.4 5.9 7.1 6.1", None, None),
            _row("江北段路基施工三标项目经理部", "— " * 12, None, None),
        ],
        median="85.50",
        chosen=ChosenCell(
            key="六标:1",
            title="六标 · 隐患整改",
            text="8.5 / 10",
            story="自评 9.5；安全部 周茹 9月30日 16:20；临边防护缺 2 处，到期没改",
            url="#",
        ),
        asked=[("period", "M09")],
        changes_url="#",
        book_url="#",
        print_url="#",
    )
    return fields_of(page) | {"site": SITE}


def month_of_nobody() -> Sample:
    return month() | {"rows": [], "headings": [], "chosen": None, "signed": None}
