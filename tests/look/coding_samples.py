"""Blind codes, their keepers and their opening, to be looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.services.sheets.coding_layers import CodedPerson
from compete.web.organiser.coding.shapes import (
    BlindEvent,
    ClosedEvent,
    CodedCompetition,
    CodingPage,
    CodingUrls,
    UnblindingPage,
)
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
_LONG = "叉车司机（中国（上海）自由贸易试验区）理论知识和操作技能" * 2
_KEPT = ["第 1 层：K01 丁一鸣", "第 2 层：K02 姜明", "第 3 层：K03 古丽巴哈尔·买买提"]


def coding() -> Sample:
    """Two blind events before marking: one kept in three layers, one by nobody yet."""
    event = BlindEvent(
        code="A",
        name="叉车司机",
        people="46 人",
        drawn=46,
        kept=_KEPT,
        opened=False,
        print_url=None,
        chosen=["K01", "K02", "K03"],
        anew=True,
    )
    page = CodingPage(
        competition=CodedCompetition(name=COMPETITION.name),
        events=[event, replace(event, code="B", name=_LONG, kept=[], chosen=["", "", ""])],
        shown=None,
        knows=False,
        coders=[
            Choice(value="", label="不设"),
            *(Choice(value=line[6:9], label=line[6:]) for line in _KEPT),
        ],
        problem="一个加密裁判只能保管一层",
        urls=CodingUrls(show="#", keepers="#", anew="#", unblinding="#"),
    )
    return {"site": SITE, **fields_of(page)}


def coding_shown() -> Sample:
    """What the keeper of the second layer knows."""
    page = CodingPage(
        competition=CodedCompetition(name=COMPETITION.name),
        events=[],
        shown=None,
        knows=True,
        coders=[],
        problem=None,
        urls=CodingUrls(show="#", keepers=None, anew=None, unblinding=None),
    )
    event = replace(coding()["events"][0], print_url="#")
    shown = [CodedPerson(event.name, 2, f"M-{n:02}", f"L-{90 - n}") for n in range(1, 8)]
    return {"site": SITE, **fields_of(replace(page, events=[event], shown=shown))}


def unblinding() -> Sample:
    """One is asked for, one is not yet to be opened, one is open and shown."""
    asked = ClosedEvent(
        name="叉车司机",
        kept=_KEPT,
        chip=Chip(text="等第二个人同意", kind="warn", icon="clock"),
        said=["沈国梁 9月16日 16:20 提出解密"],
        ask_url=None,
        agree_url="#",
        drop_url="#",
    )
    waits = replace(
        asked,
        name=_LONG,
        chip=Chip(text="封存", kind="", icon="lock"),
        said=["还有 3 张评分表没签名，不能解密"],
        agree_url=None,
        drop_url=None,
    )
    done = replace(waits, chip=Chip(text="已解密", kind="ok", icon="unlock"), said=asked.said)
    shown = [
        CodedPerson("叉车司机", 0, f"N-{n:02}", f"B{n:03}", name, unit, ("M-17", "L-42"))
        for n, (name, unit) in enumerate((("周学军", "江北港"), ("欧阳" * 12, _LONG)), 1)
    ]
    page = UnblindingPage(
        competition=COMPETITION, events=[asked, waits, done], shown=shown, show_url="#"
    )
    return {"site": SITE, **fields_of(page)}
