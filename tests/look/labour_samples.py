"""Sample data of a labour competition's standings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from compete.web.drawing.trends import Series, spark, trend
from compete.web.organiser.labour.shapes import (
    BeginningStep,
    EvidenceRow,
    FlagCard,
    FlagHolder,
    HeatCell,
    HeatHeading,
    HeatRow,
    HeatTable,
    LabourColumn,
    LabourHead,
    LabourUrls,
    LeaderCard,
    LeaderRow,
    LostLine,
    Move,
    Mover,
    MoverCard,
    PeriodName,
    RowResult,
    StepBlock,
    StepLine,
    TieCard,
    TieRow,
    TrendCard,
    UnitPage,
    UnitRow,
    WhyCard,
    WhyLine,
)
from compete.web.organiser.shapes import Link, View
from compete.web.pages import fields_of
from compete.web.public.labour import Edition, LabourUnitPage
from compete.web.public.labour_wall import WallBanner, WallGroup, WallPage, WallRow
from compete.web.public.results_shapes import Chip as StateChip
from compete.web.public.results_shapes import StoredHash
from compete.web.shapes import Chip
from tests.look.deadlines_samples import filled_grid
from tests.look.people import SITE

Sample = dict[str, Any]

LINES = {
    "二标": "89 90.2 91 91.5 92.4 92.8 93 94.5 95.0",
    "一标": "94 93 93.4 92.2 93 93.8 94.2 93.5 95.0",
    "三标": "93.8 94.2 93.6 94.4 94 94.5 95 77 94.0",
    "五标": "90 90.5 91.2 91 91.8 92 92.6 92.9 93.3",
    "六标": "88.5 89 90 90.6 91 91.5 92 92.5 92.8",
}
MEDIAN = "84 84.5 85 85.2 85.6 86 86.2 86 86.4"


def _values(text: str) -> list[Decimal | None]:
    return [Decimal(part) for part in text.split()]


def _row(rank: int | None, name: str, figures: str) -> UnitRow:
    month, check, extra, total = figures.split()
    return UnitRow(
        rank=rank,
        name=name,
        url="#",
        flag=False,
        move=Move(text="不变", kind="same"),
        spark=spark(_values(LINES.get(name, MEDIAN))),
        spark_odd=name == "三标",
        values={"month": month, "check": check, "extra": extra},
        total=total,
        result=None,
        missing=[],
    )


def _rows() -> list[UnitRow]:
    return [
        replace(
            _row(1, "二标", "94.17 93.50 +1.23 95.20"),
            flag=True,
            move=Move(text="升 3", kind="up"),
            result=RowResult(text="流动红旗", kind="flag"),
        ),
        replace(
            _row(2, "一标", "94.00 93.00 +1.50 95.20"),
            move=Move(text="降 1", kind="down"),
            result=RowResult(text="同分，看安全", kind=""),
        ),
        _row(3, "五标", "92.93 90.20 +1.00 93.11"),
        replace(
            _row(5, "三标", "88.67 90.00 +2.00 91.07"),
            move=Move(text="降 3", kind="down"),
            result=RowResult(text="一票否决", kind="bad"),
        ),
        replace(
            _row(None, "七标", "88.67 90.00 0 0"),
            total=None,
            missing=["隐患整改率"],
            values={"month": "90.27", "check": None, "extra": "0"},
        ),
    ]


WHY = WhyCard(
    title="二标为什么升了 3 名",
    note="比第二季度 +2.31",
    lines=[
        WhyLine(text="月均 94.17，原 92.55，占 70%", value="+1.13", kind="ok"),
        WhyLine(text="检查 93.50，原 93.67，占 30%", value="−0.05", kind="bad"),
    ],
)


def _views(current: str, *labels: str) -> list[View]:
    return [View(label=label, url="#", current=label == current) for label in labels]


def _leaders(name: str, flag: str | None, *rows: str) -> LeaderCard:
    parted = [row.split() for row in rows]
    return LeaderCard(
        name=name,
        url="#",
        current=name.startswith("土建"),
        flag=flag or "红旗空缺",
        given=flag is not None,
        line=90,
        rows=[
            LeaderRow(rank=n, name=unit, url="#", total=total, share=float(total), vetoed=False)
            for n, (unit, total) in enumerate(parted, 1)
        ],
    )


def _heat(rank: int, name: str, shares: str, total: str) -> HeatRow:
    numbers = [int(share) for share in shares.split()]
    levels = [sum(share >= least for least in (70, 80, 90, 95)) for share in numbers]
    return HeatRow(
        rank=rank,
        name=name,
        url="#",
        cells=[
            HeatCell(share=share, level=level, low=share < 70, url="#")
            for share, level in zip(numbers, levels, strict=True)
        ],
        total=total,
        share=float(total),
        vetoed=False,
        warned=min(numbers) < 60,
    )


def _mover(name: str, kind: str, text: str, cause: str) -> Mover:
    return Mover(name=name, url="#", move=Move(text=text, kind=kind), cause=cause)


def standings() -> Sample:
    """Page 9b."""
    series = [Series(name, _values(text)) for name, text in LINES.items()]
    shape = trend(
        [f"{month}月" for month in range(1, 10)],
        [*series, Series("中位数", _values(MEDIAN), "median")],
        ("红旗线 90", Decimal(90)),
    )
    assert shape is not None
    return {
        "site": replace(SITE, urls={"competitions": "#", "labour": "#"}, search_url=None),
        "competition": LabourHead(
            name="2022年交通强省重点工程劳动竞赛（六比六赛）",
            url="#",
            notes=["土建组 46 家", "参赛 9,862 人"],
        ),
        "period": PeriodName(
            name="第三季度",
            chip=Chip(text="更正过，还没公布", kind="warn", icon="pencil"),
            stale="改过，还没公布：公布页和通报上还是第 1 版的。",
        ),
        "page": None,
        "hash": None,
        "waits": [],
        "beginning": [],
        "lacking": Link(label="2 家没填齐，没有名次：七标、八标", url="#"),
        "filled": None,
        "running": "按已结账的和填齐的期次算；九月还在填，没算进来",
        "lifted": ["二标 一月的一票否决取消了，不再算；取消的理由：复查后不是责任事故"],
        "urls": LabourUrls(print="#", months="#", departments="#", rules="#", units="#"),
        "periods": _views("三季度", "全年", "一季度", "二季度", "三季度", "7 月", "8 月", "9 月"),
        "groups": _views("土建", "土建", "路面", "监理", "机电"),
        "leaders": [
            _leaders("土建 46 家", "二标", "二标 95.20", "一标 95.10", "五标 93.11"),
            _leaders("路面 34 家", "路三标", "路三标 94.05", "路一标 91.80", "路六标 90.22"),
            _leaders("监理 22 家", "监二办", "监二办 93.60", "监五办 92.44", "监一办 88.90"),
            _leaders("机电 28 家", None, "机一标 86.53", "机四标 85.92", "机三标 84.10"),
        ],
        "heat": HeatTable(
            group="土建",
            headings=[
                HeatHeading(name=name, full=full)
                for name, full in (
                    *(("比安全", "30"), ("比质量", "20"), ("比进度", "20")),
                    *(("比文明", "15"), ("比创新", "8"), ("比廉洁", "7")),
                )
            ],
            line=90,
            first=[
                _heat(1, "二标", "93 91 97 90 96 94", "95.20"),
                _heat(2, "一标", "90 95 89 94 90 90", "95.10"),
                _heat(3, "三标", "62 83 91 81 84 89", "85.31"),
            ],
            middle=40,
            last=[_heat(46, "十二标", "83 84 78 58 74 81", "78.92")],
        ),
        "movers": [
            MoverCard(
                title="升得最多",
                note="比二季度",
                rows=[_mover("十标", "up", "升 9", "隐患整改 7.1 → 9.4，安全部")],
            ),
            MoverCard(
                title="降得最多",
                note="比二季度",
                rows=[_mover("三标", "down", "降 7", "一票否决；安全 19 → 0，安全部")],
            ),
        ],
        "trend": TrendCard(
            title="九个月走势",
            note="月度得分，前五名",
            side="灰线是全组中位数",
            shape=shape,
        ),
        "columns": [
            LabourColumn(key="month", label="月均 70%"),
            LabourColumn(key="check", label="检查 30%"),
            LabourColumn(key="extra", label="加减分"),
        ],
        "rows": _rows(),
        "flags": [
            FlagCard(
                group="土建组流动红旗 · 第三季度",
                name="二标",
                text="95.20，高于红旗线 90",
                history=[
                    FlagHolder(period="一季度", name="一标", now=False),
                    FlagHolder(period="二季度", name="一标", now=False),
                    FlagHolder(period="三季度", name="二标", now=True),
                    FlagHolder(period="四季度", name="待定", now=False),
                ],
                notes=[
                    "机电组：第 1 名机一标 86.53，不到 90，红旗空缺。机二标 75.13，低于 80，黄牌。"
                ],
            )
        ],
        "tie": TieCard(
            title="同分怎么排：二标、一标都是 95.20",
            names=["绿化养护二标", "一标", "三标", "四标"],
            rows=[
                TieRow(key="季度得分", values=["95.20"] * 4, decided=False),
                TieRow(key="安全月均", values=["19.50", "19.20", "19.10", "19.00"], decided=True),
            ],
        ),
    }


def standings_empty() -> Sample:
    """A period without values."""
    begun = BeginningStep(what="参赛单位和分组", detail="12 家单位，分 2 组", done=True, url="#")
    waits = BeginningStep(
        what="打分部门和链接", detail="3 个部门，还没发链接的有 3 个", done=False, url="#"
    )
    empty: Sample = {"rows": [], "trend": None, "flags": [], "tie": None}
    empty |= {"leaders": [], "heat": None, "movers": [], "lacking": None, "filled": filled_grid()}
    return {**standings(), **empty, "beginning": [begun, waits]}


def unit() -> Sample:
    """One unit in one period."""
    shared = standings()
    page = UnitPage(
        competition=shared["competition"],
        name="六标项目部",
        period=shared["period"],
        views=shared["periods"],
        place=4,
        of="土建组 46 家里",
        total="92.65",
        move=Move(text="升 2", kind="up"),
        result=RowResult(text="黄牌", kind="warn"),
        people="参赛 214 人",
        missing=["隐患整改率"],
        lifted=["二标 一月的一票否决取消了，不再算；取消的理由：复查后不是责任事故"],
        to_flag="离流动红旗还差 2.55 分",
        trend=shared["trend"],
        why=WHY,
        lost_under=None,
        lost=[
            LostLine(
                name="隐患整改率",
                heading="比安全",
                got="17.5",
                most="21",
                lost="3.5",
                share=83,
                why=["9 月：临边防护缺 2 处，到期没改"],
            )
        ],
        more_lost=[
            LostLine(name="资料齐全", heading="比管理", got="6.6", most="7", lost="0.4", share=94)
        ],
        steps=StepBlock(
            title="第三季度：第 4 名，总分 92.65",
            lines=[
                StepLine(text="总分 92.65 = (92.43 × 70 + 91.50 × 30) ÷ 100", depth=0),
                StepLine(text="并列：没有同分的", depth=4),
            ],
            inner=[
                StepBlock(
                    title="7 月：第 4 名，总分 92.00",
                    lines=[StepLine(text="隐患整改率：9.6 分", depth=0)],
                    inner=[],
                )
            ],
        ),
        back_url="#",
    )
    said = EvidenceRow(
        period="9月",
        indicator="隐患整改率",
        text="临边防护缺 2 处，限期 10月20日",
        file="",
        url=None,
        by="周茹",
        own=False,
        when="10月8日 10:20",
        gone="",
    )
    photo = replace(said, text="", file="现场.jpg", url="#", by="谢长林", own=True)
    gone = replace(photo, url=None, gone="传到别家了")
    return {
        "site": shared["site"],
        **fields_of(page),
        "running": None,
        "evidence": [said, photo, gone],
    }


def public_unit() -> Sample:
    """The same as anyone sees it, with an indicator's name as long as they come."""
    shown = {key: said for key, said in unit().items() if key != "evidence"}
    long = "隐患整改率" * 12
    lines = [WhyLine(text=f"{long} 14.67，原 12.67", value="+2.00", kind="ok")]
    edition = Edition(
        chips=[StateChip(text="第 1 版", kind="ok", icon=None)],
        note=None,
        superseded=None,
        corrected=None,
        bends=[],
        versions=[],
        hash=StoredHash(words="海棠 石桥 青鸟 麦穗", when="10月12日 16:20 存档", record=None),
    )
    page = LabourUnitPage(
        heading="重点工程劳动竞赛", subheading="三季度", edition=edition, wall_url="#", proof="#"
    )
    why = replace(shown["why"], lines=lines)
    return {**shown, **fields_of(page), "name": long, "why": why}


def unit_empty() -> Sample:
    """A unit without a total: nothing to compare, nothing to be had."""
    bare: Sample = {
        "place": None,
        "of": None,
        "total": None,
        "move": None,
        "to_flag": None,
        "lifted": [],
    }
    return {
        **unit(),
        **bare,
        "trend": None,
        "why": None,
        "lost": [],
        "missing": ["隐患整改率"],
        "running": None,
        "evidence": [],
    }


def wall() -> Sample:
    """Page 21c: the site office of the unit in the fourth place."""
    shared = standings()
    rows = [
        WallRow(unit=row, own=place == 3, barred=False, values=["93.0", "94.5", "95.0"])
        for place, row in enumerate([*_rows(), *_rows()])
    ]
    page = WallPage(
        heading="六标项目部 9月看板",
        note="交通强省重点工程劳动竞赛，土建组 46 家",
        mark="1:Q3",
        banner=WallBanner(
            kind="ok",
            icon="shield-check",
            title="第 4 名",
            text="升 2，离流动红旗还差 2.55 分",
        ),
        columns=["7月", "8月", "9月"],
        total="三季度",
        groups=[WallGroup(title="土建组", rows=rows)],
        flags=[FlagCard(group="土建组", name="二标", text="95.20，10月15日授旗")],
        why=WHY,
        lost=unit()["lost"],
        warned=[],
        edition="第 1 版，10月12日 09:00 公布",
        back_url="#",
    )
    return {"site": shared["site"], **fields_of(page)}


def wall_of_all() -> Sample:
    """Two groups by turns, and who is warned."""
    groups = [WallGroup(title=name, rows=wall()["groups"][0].rows[:3]) for name in ("土建", "机电")]
    none: dict[str, Any] = {"banner": None, "why": None, "lost": [], "columns": []}
    flags = [FlagCard(group=name, name=None, text="还没有总分") for name in ("土建", "机电")]
    warned = [("三标", "一票否决"), ("七标项目经理部", "黄牌")]
    return wall() | none | {"groups": groups, "flags": flags, "warned": warned}
