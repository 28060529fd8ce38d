"""Sample data of the pages of appeals: on a phone, a unit's list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.appealing.shapes import AddedLine, AppealCard, AppealPage, ItemGroup, ItemRow, Step
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from compete.web.site import Person
from compete.web.unit.shapes import AppealLine, AppealsOfUnit, AppealWho
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
_UNIT = replace(
    SITE,
    urls={"own_unit": "#"},
    search_url=None,
    person=Person(name="顾燕", role="单位联系人", mark="1"),
)
_WAITS = Chip(text="等仲裁组", kind="warn", icon="clock")


def _item(key: str, name: str, note: str | None = None, *, shut: bool = False) -> ItemRow:
    return ItemRow(
        key=key,
        name=name,
        note=note,
        shut=shut,
        until="2099-09-16T16:00:00+08:00",
        until_words="16:00",
    )


_PAGE = AppealPage(
    heading="提出申诉",
    subheading="林海涛 · B21 · 洪泽湖港",
    now="2099-09-16T15:18:00+08:00",
    closed=None,
    reasons=[],
    groups=[
        ItemGroup(whole=_item("f/t", "理论", "59.50 分"), parts=[], open=False),
        ItemGroup(
            whole=_item("f/m", "实操", "84.20 分"),
            parts=[
                _item("f/m/1", "碰杆次数"),
                _item("f/m/2", "操作平稳", "裁判评判的分，规则第 20 条不受理", shut=True),
            ],
            open=True,
        ),
    ],
    kinds=[
        Choice(value=value, label=label)
        for value, label in (
            ("judged", "判错漏判"),
            ("tally", "登分错"),
            ("equipment", "设备故障"),
            ("timing", "时间不对"),
            ("other", "别的"),
        )
    ],
    cards=[],
    values={},
    uuid="0",
    filed="",
    problem=None,
    acting=None,
    asks_number=True,
    unknown_number=False,
    whole_number=False,
    by_unit=False,
    contact="组委会 0518-85851234",
    file_url="#",
    back_url="#",
    shortest=5,
    longest=2000,
    most_photos=6,
    most_bytes=20_000_000,
    most_words="20 MB",
    blind=True,
    file_minutes=10,
)
_CARD = AppealCard(
    id="a",
    title="申诉 03",
    what="理论 · 判错漏判",
    chip=_WAITS,
    matter="第 47 题我涂的是 B，答题卡存根能看到涂满了，成绩单上是没作答。",
    steps=[
        Step(at="15:18", title="收到", text="", done=True),
        Step(at="", title="仲裁组在看", text="", done=False),
        Step(at="17:18", title="最迟这时答复", text="这一页会写结果和理由", done=False),
    ],
    decision=None,
    reason=None,
    added=[AddedLine(at="15:18", text="照片")],
    meanwhile=True,
    received="15:18:42",
    in_time="服务器收到的时间，比截止早 41 分 18 秒",
    files_until="照片、录像可以跟到 15:28，仲裁组到时才定。",
    add_url="#",
    withdraw_url="#",
    accept_url=None,
    go_on_url=None,
    go_on_until=None,
)


def lodging() -> Sample:
    """Something to appeal against."""
    return fields_of(_PAGE)


def received() -> Sample:
    """It came in; nothing else can be filed any more."""
    return fields_of(
        replace(_PAGE, cards=[_CARD], closed="申诉时间到 16:00 为止，现在是 16:03，没有收")
    )


def decided() -> Sample:
    """Decided, and may go on."""
    card = replace(
        _CARD,
        chip=Chip(text="仲裁定了", kind="ok", icon="check"),
        decision="改判，改成 1 次：碰杆按 1 次计",
        reason="录像 09:48:02、09:48:19 叉车没碰到标杆。",
        received=None,
        add_url=None,
        withdraw_url=None,
        accept_url="#",
        go_on_url="#",
        go_on_until="17:10",
    )
    return fields_of(replace(_PAGE, cards=[card], problem="写清楚哪里不对"))


def of_unit() -> Sample:
    """A unit's list."""
    line = AppealLine(
        title="申诉 03",
        who="林海涛 B21",
        what="理论 · 判错漏判",
        at="15:18",
        chip=_WAITS,
        outcome=None,
        by="本单位提的",
        open=True,
        url="#",
    )
    people = [AppealWho(name="林海涛", code="B21", event="叉车司机", url="#")]
    page = AppealsOfUnit(
        competition=COMPETITION.name, unit="洪泽湖港", rows=[line], people=people, back_url="#"
    )
    return {"site": _UNIT, **fields_of(page)}
