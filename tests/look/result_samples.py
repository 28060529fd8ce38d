"""Sample data of standings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.organiser.shapes import Figure, Link
from compete.web.organiser.standings.shapes import (
    Column,
    ComparedRow,
    Comparison,
    ExplainedRow,
    HashWords,
    PageAct,
    StandingRow,
    StandingsHead,
    StandingsTable,
    TeamRow,
    Teams,
    Term,
    Unranked,
)
from compete.web.pages import fields_of
from compete.web.shapes import Chip
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]


def _row(
    rank: int, number: str, name: str, unit: str, marks: str, award: str, grade: str
) -> StandingRow:
    theory, practice, time, total = marks.split()
    low = theory == "59.50"
    return StandingRow(
        id=number,
        rank=rank,
        number=number,
        name=name,
        unit=unit,
        award=award,
        grade=None if low else grade,
        grade_refused="理论不足 60" if low else None,
        values={
            "theory": Figure(text=theory, bad=low),
            "practice": Figure(text=practice),
            "time": Figure(text=time),
        },
        total=total,
        explained_url="#",
    )


HOW = ExplainedRow(
    title="怎么算出来的：周一凡 94.20，第 5 名",
    clause="规则 2022-03 第 12 条",
    sums=[
        Term(label="理论", text="91.00 × 20% =", value="18.20"),
        Term(label="实操", text="95.00 × 80% =", value="76.00"),
        Term(label="扣罚", text=None, value="0"),
        Term(label="合计", text=None, value="94.20"),
    ],
    compare=Comparison(
        names=["周一凡", "孙志远"],
        rows=[
            ComparedRow(
                key="总成绩",
                values=["94.20", "94.20"],
                result="相同，比下一项",
                decided=False,
            ),
            ComparedRow(
                key="实操成绩",
                values=["95.00", "94.00"],
                result="周一凡高 1.00，排在前",
                decided=True,
            ),
        ],
    ),
)


def standings() -> Sample:
    """Page 6."""
    first, second = "一等奖", "二等奖"
    fifth = _row(5, "B14", "周一凡", "运河港", "91.00 95.00 8:01 94.20", first, "三级/高级工")
    head = StandingsHead(
        competition=COMPETITION,
        chips=[
            Chip(text="公示中，还有 3 个工作日", kind="warn", icon="clock"),
            Chip(text="第 1 版", kind=""),
        ],
        hash=HashWords(
            words="青松 江桥 白鹭 石榴",
            digest="8c1f 04d2 … 77ae",
            when="9月16日 14:00 存档",
        ),
        acts=[
            PageAct(label="导出 Excel", url="#", icon="download"),
            PageAct(label="公示文件", url="#", icon="print"),
            PageAct(label="成绩汇总表", url="#", icon="print"),
            PageAct(label="9月21日期满后终审", url="#", blocked=True),
        ],
        message_text=None,
    )
    table = StandingsTable(
        stage="决赛",
        views=[],
        page=None,
        search=None,
        self_url="#",
        grade_head="拟晋升",
        columns=[
            Column(key="theory", label="理论"),
            Column(key="practice", label="实操"),
            Column(key="time", label="用时", soft=True),
        ],
        rows=[
            _row(1, "B01", "赵启明", "省港口集团", "92.00 100.00 7:32 98.40", first, "二级/技师"),
            _row(2, "B02", "吕䂮", "省港口集团", "90.00 98.00 7:50 96.40", first, "二级/技师"),
            _row(3, "B03", "程国栋", "省港口集团", "88.00 97.00 8:06 95.20", first, "二级/技师"),
            _row(4, "B10", "李晓东", "海州港", "89.00 96.00 8:20 94.60", first, "三级/高级工"),
            replace(fifth, open=True, explained=HOW),
            _row(6, "B07", "孙志远", "江北港", "95.00 94.00 8:31 94.20", second, "三级/高级工"),
            _row(7, "B04", "钱海峰", "江南港", "85.00 94.00 8:15 92.20", second, "三级/高级工"),
            _row(10, "B21", "林海涛", "洪泽湖港", "59.50 98.00 7:44 90.30", second, "三级/高级工"),
        ],
        unranked=[Unranked(name="李浩", unit="海州港", why="缺考")],
        more_unranked=0,
        teams=_teams(),
    )
    return {"site": SITE, **fields_of(head), **fields_of(table)}


def _teams() -> Teams:
    return Teams(
        title="团体",
        note="3 名队员总成绩相加，缺考计 0",
        rows=[
            TeamRow(rank=1, name="省港口集团", sum="98.40＋96.40＋95.20", total="290.00"),
            TeamRow(
                rank=2,
                name="江北港",
                sum="94.20＋90.00＋86.80",
                total="271.00",
                notes=["与江南港同分，最好名次 6 比 7"],
            ),
            TeamRow(rank=3, name="江南港", sum="92.20＋91.60＋87.20", total="271.00"),
            TeamRow(
                rank=None,
                name="运河港",
                sum="94.20＋88.60",
                total="182.80",
                notes=["只有 2 人，不排名"],
            ),
        ],
        more=Link(label="看第 5 到 10 名", url="#"),
    )


def standings_wide() -> Sample:
    """As many columns as an event of two parts and four machines has."""
    more = [Column(key=f"m{n}", label=f"{n * 10} 吨旋转吊清障车", soft=True) for n in range(1, 4)]
    page = standings()
    return {**page, "columns": [*page["columns"], Column(key="f", label="体能测试"), *more]}


def standings_empty() -> Sample:
    """Page 6 before the first mark."""
    return {
        **standings(),
        "rows": [],
        "teams": None,
        "hash": None,
        "unranked": [],
        "chips": [],
        "acts": [],
    }
