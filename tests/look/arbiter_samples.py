"""Sample data of the arbiters' desk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.domain.explanation.telling import Part, telling_parts
from compete.web.organiser.appeals.shapes import (
    AppealDetail,
    AppealRow,
    AppealsPage,
    ClauseRow,
    DecideForm,
    DecisionLine,
    EvidenceItem,
    FieldFact,
    InstantLink,
    LikeCard,
    LikeRow,
    MarkRow,
    MovedCard,
    MovedCell,
    MovedItem,
    MovedRow,
    MovedSide,
    RulesForm,
)
from compete.web.organiser.shapes import Link
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from compete.web.site import Person
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
_ARBITER = replace(
    SITE, urls={"appeals": "#"}, search_url=None, person=Person(name="高原", role="仲裁", mark="1")
)
_MATTER = "第 2、第 3 次是杆座松了自己倒的，叉车没碰到。3 号工位当时风大，旁边的裁判也说过杆座松。"


def _row(title: str, who: str, what: str, chip: Chip, *, current: bool = False) -> AppealRow:
    return AppealRow(title=title, who=who, what=what, chip=chip, url="#", current=current)


def _item_of(at: str, **said: Any) -> EvidenceItem:
    keys: Sample = {
        "words": "",
        "who": None,
        "photo_url": None,
        "pdf_url": None,
        "film_url": None,
        "instants": [],
    }
    return EvidenceItem(at=at, **keys | said)


_DETAIL = AppealDetail(
    title="申诉 02",
    who="郑大伟 B11",
    what="实操 · 碰杆次数 · 判错漏判",
    filed="14:34 收到，在时间内（16:00 截止）",
    by="选手本人提出",
    matter=_MATTER,
    second_why=None,
    evidence=[
        _item_of("14:40", words="旁边的裁判当时说杆座松了。"),
        _item_of("14:41", pdf_url="#"),
        _item_of(
            "14:52",
            words="0:19 第 1 次\n0:50 第 2 次，杆座先倒\n1:07 第 3 次",
            who="组委会 吴敏",
            film_url="#",
            instants=[
                InstantLink(seconds=19, at="0:19", words="第 1 次"),
                InstantLink(seconds=50, at="0:50", words="第 2 次，杆座先倒"),
                InstantLink(seconds=67, at="1:07", words="第 3 次"),
            ],
        ),
    ],
    add_url=None,
    add_words="20 MB",
    add_typed="",
    judges=["05 万敏", "06 陶然", "07 卞志强"],
    marks=[
        MarkRow(
            name="碰杆次数", values=["3 次", "3 次", "3 次"], notes=["06 杆座松"], concerned=True
        )
    ],
    others=[MarkRow(name="堆码偏差", values=["8 毫米"] * 3, notes=[], concerned=False)],
    photos=[],
    facts=[FieldFact(label="违规和故障", value="09:50 换杆座")],
    penalties=[],
    clauses=[
        ClauseRow(
            label="第 8 条",
            parts=telling_parts(
                "叉车任何部位碰到标杆，每次扣 2 分。器材自身原因倒下的不计。", _MATTER
            ),
        ),
        ClauseRow(
            label="第 20 条", parts=[Part("分档的评分点不受理申诉，其余的可以申诉", lit=False)]
        ),
    ],
    like=LikeCard(
        rows=[
            LikeRow(
                title="申诉 04",
                where="2097年全省港口叉车司机职业技能竞赛",
                url="#",
                likeness="同一项",
                what="实操 · 碰杆次数 · 设备故障",
                asked="标杆被风吹倒，录像上叉车没碰到。",
                said="改判，改成 0 次",
                reason="录像 10:12:40 叉车离标杆还有一掌宽，当时阵风 6 级。器材自身原因不计。" * 3,
                at="2097年9月12日 15:02",
            ),
            LikeRow(
                title="申诉 01",
                where=None,
                url="#",
                likeness="同一模块",
                what="实操 · 堆码偏差 · 判错漏判",
                asked="杆座松，第二次量的时候箱子已经被碰过，量出来的偏差不是我放的位置，要求按第一次量的算。"
                * 3,
                said="维持",
                reason="录像看不清。",
                at="13:20",
            ),
        ],
        more="另有 2 件没有列出。",
    ),
    decisions=[
        DecisionLine(
            title="仲裁组",
            said="改判，改成 1 次",
            reason="录像 09:48:02 叉车没碰到标杆，现场记录 09:50 换了杆座。",
            who="方晓 提的，等另一位同意",
            stands=False,
            id=1,
            agree_url="#",
            why_not=None,
        )
    ],
    form=DecideForm(
        url="#",
        seen="0",
        outcomes=[
            Choice(value=value, label=label)
            for value, label in (
                ("kept", "维持"),
                ("changed", "改判"),
                ("redone", "重做这一项"),
                ("dismissed", "不受理"),
            )
        ],
        asks_value=True,
        yes_no=False,
        now="3 次",
        values={},
        alone=False,
    ),
    why_not=None,
    aside=["马骏 回避：和选手同一单位"],
    deadline="16:34",
    moved=MovedCard(
        locked="定下来以前看不到：仲裁只看事情本身",
        ask_url=None,
        note="",
        count=None,
        rows=[],
        sides=[],
    ),
    print_url="#",
    rule_url=None,
    carry_url=None,
    carry_hint=None,
    carry_locked=None,
    carry_way=None,
    carried=None,
)
_DESK = AppealsPage(
    competition=COMPETITION,
    rows=[
        _row(
            "申诉 02",
            "郑大伟 B11",
            "实操 · 碰杆次数",
            Chip(text="38 分钟", kind="bad", icon="clock"),
            current=True,
        ),
        _row(
            "申诉 03",
            "林海涛 B21",
            "理论",
            Chip(text="1 小时", kind="warn", icon="clock"),
        ),
        _row("申诉 01", "冯建军 B08", "实操", Chip(text="已撤回", kind="", icon="ban")),
    ],
    chosen=_DETAIL,
    book_url="#",
    chips=[
        Chip(text="2 件要答复，最早 16:34 前", kind="bad", icon="clock"),
        Chip(text="证书暂不发", kind="", icon="lock"),
    ],
    lacking=None,
    arbiters_url=None,
    until="现在 15:56。申诉时间是 2 小时，过了时间系统不收，写明收到的时刻。",
    rules=None,
    problem=None,
)


def arbiters() -> Sample:
    """An arbiter's page."""
    return {"site": _ARBITER, **fields_of(_DESK)}


def organisers() -> Sample:
    """An organiser's: nothing to decide, the rules to set."""
    rules = RulesForm(
        url="#",
        since="either",
        answer_hours="2",
        second_hours="2",
        arbiters="2",
        file_minutes="10",
        clause="规则第 20 条",
        barred=["judgement"],
        types=[Choice(value="judgement", label="分档")],
        error="小时、分钟和人数写整数",
        why="",
        asks_why=True,
        asked=None,
    )
    waits = replace(
        _DETAIL,
        add_url="#",
        moved=MovedCard(
            locked=None,
            ask_url=None,
            note="5 行和公布的不一样",
            count="换名次的 5 人，换奖项或等级的 2 人",
            rows=[
                MovedRow(
                    name="郑大伟",
                    code="B11",
                    cells=[
                        MovedCell(was="91.20", now="94.40"),
                        MovedCell(was="9", now="5"),
                        MovedCell(was="二等奖", now="一等奖"),
                        MovedCell(was="—", now="—"),
                    ],
                )
            ],
            sides=[
                MovedSide(
                    label="团体",
                    note=None,
                    items=[
                        MovedItem(
                            name="海州港",
                            cells=[
                                MovedCell(was="185.80", now="189.00"),
                                MovedCell(was="第 11", now="第 10"),
                            ],
                        ),
                        MovedItem(name="东塘港", cells=[MovedCell(was="第 10", now="第 11")]),
                    ],
                ),
                MovedSide(label="等级", note="等级都不变", items=[]),
            ],
        ),
        rule_url="#",
        form=None,
        why_not="这一步由仲裁组定",
        carry_hint="办好写一句",
        carry_locked="这个模块锁着，要两个人打开：裁判长或组委会申请，另一个人同意。",
        carry_way=Link(label="去解锁", url="#"),
        carry_url="#",
        like=LikeCard(rows=[], more=None),
    )
    page = replace(_DESK, chosen=waits, rules=rules, lacking="还没有总仲裁", arbiters_url="#")
    return {"site": SITE, **fields_of(page)}


def none_yet() -> Sample:
    """Nobody has appealed."""
    return {"site": _ARBITER, **fields_of(replace(_DESK, rows=[], chosen=None, chips=[]))}
