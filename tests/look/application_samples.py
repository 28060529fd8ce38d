"""Sample data of the desk's page of those who were handed in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.meanwhile import Whose
from compete.web.organiser.applications.shapes import (
    ApplicationRow,
    ApplicationsPage,
    ApplicationUrls,
    Filter,
    LastTaken,
    UnitQuestion,
    WaitingOffer,
    WindowForm,
)
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.people import COMPETITION, SITE, page

Sample = dict[str, Any]


def applications() -> Sample:
    """Those who wait, one of whom was ticked, after a return without a reason."""
    row = ApplicationRow(
        name="冯立群",
        unit="海州港",
        event="叉车司机",
        id_masked="3200**********0128",
        grade="三级/高级工",
        state="submitted",
        word="已提交",
        notes=["8月28日 16:02 交的"],
        tick_note="",
        unmet=["年龄要求：18–55 岁（到 2022-09-15），此人 61 岁"],
        warn=False,
        tick="a:2",
        ticked=True,
        url=None,
        picture=None,
    )
    shown = ApplicationsPage(
        competition=COMPETITION,
        filters=[
            Filter(word="已提交", icon="up-circle", count=2, url="#", current=True),
            Filter(word="退回", icon="return", count=1, url="#", current=False),
            Filter(word="全部", icon="equals", count=3, url="#", current=False),
        ],
        rows=[
            row,
            replace(row, name="吕䶮", unit="省港口集团", unmet=[], tick="b:2", ticked=False),
            replace(
                row,
                name="周小满",
                unit="江阴小港码头",
                notes=["8月28日 19:40 交的", "本人报的"],
                unmet=[],
                tick="d:1",
                ticked=False,
                asks_unit=UnitQuestion(
                    url="#",
                    version=1,
                    written="江阴小港码头",
                    choices=[
                        Choice(value="", label="加进单位名单：江阴小港码头"),
                        Choice(value="U01", label="海州港"),
                    ],
                ),
            ),
            replace(
                row,
                name="孟祥龙",
                state="returned",
                word="退回",
                notes=["照片不是白底。吴敏 8月29日 11:20", "代表队：海州一队"],
                unmet=[],
                warn=True,
                tick=None,
            ),
        ],
        everybody=3,
        waiting=2,
        units=[Choice(value="U1", label="海州港")],
        unit="",
        several_events=True,
        page=page(),
        window=WindowForm(
            opens="2026-08-01T08:00",
            closes="2026-09-01T17:00",
            quota="五",
            errors={"quota": "名额写整数"},
            was="{}",
            theirs="{}",
            whose={"quota": Whose(said="吴敏 8月3日 09:12 改成“8”", mine="m", theirs="t")},
        ),
        reason="",
        unmet=True,
        exempted_for="",
        conditions_url="#",
        offer=WaitingOffer(text="空出名额了，下一位候补：海州港 黄志强", who=["c:3"]),
        undoes=False,
        last=LastTaken(text="9月1日 10:02 吴敏收下：周一凡、孙志远等 12 人", who=["d:3"]),
        problem="退回要写原因，单位看得到",
        urls=ApplicationUrls(
            accept="#",
            back="#",
            undo="#",
            window="#",
            units="#",
            self_entry="#",
            self="#",
            book="#",
            tick_all="#",
        ),
    )
    return {"site": SITE, **fields_of(shown)}
