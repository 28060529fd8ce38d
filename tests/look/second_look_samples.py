"""Sample data of the pages about the second look at a closed period."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.labour.shapes import EvidenceRow
from compete.web.organiser.second_look.shapes import (
    FindingForm,
    FoundCard,
    LookedPage,
    LookPage,
    LookProof,
    LookRow,
    LookRulesForm,
)
from compete.web.pages import fields_of
from compete.web.paging import Paging
from compete.web.shapes import Chip, Choice
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

Sample = dict[str, Any]
AGREES = Chip(text="一致", kind="ok", icon="check-circle")
DIFFERS = Chip(text="不一致", kind="bad", icon="warn")
RULES = LookRulesForm(url="#", share="5", least="10", first=True)


def _row(place: int, unit: str, indicator: str, value: str, chip: Chip, who: str = "") -> LookRow:
    return LookRow(
        place=place,
        unit=unit,
        indicator=indicator,
        value=value,
        files=place % 3,
        chip=chip,
        who=who,
        url="#",
    )


def _page(**keys: Any) -> Sample:
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "back_url": "#",
        "name": "8 月",
        "rules": RULES,
        "draw_url": None,
        "why_not": None,
        "said": "",
        "problem": None,
        "proof": None,
        "counts": [],
        "rows": [],
        "page": None,
        "next_url": None,
    }
    return fields_of(LookPage(**{**given, **keys})) | {"site": SITE}


def drawn() -> Sample:
    return _page(
        proof=LookProof(
            when="郭强 9月7日 09:12 抽",
            said="九月七日 三十二度",
            seed="4be0a1f5c0d3b9fd9a3f8e7a65d2c41be0a1f5c0d3b9fd9a3f8e7a65d2c41b77",
            pool="5,187 格",
            drawn="260 格（5%，至少 10 格）",
            url="#",
        ),
        counts=[
            Chip(text="一致 240", kind="ok", icon="check-circle"),
            Chip(text="不一致 2", kind="bad", icon="warn"),
            Chip(text="还没核 18", kind="", icon="clock"),
        ],
        rows=[
            _row(1, "江北段路基施工三标项目经理部", "隐患和违章", "2", AGREES, "郭强"),
            _row(2, "机五标", "节点完成", "96，目标 100", DIFFERS, "郭强"),
            _row(3, "六标", "一次验收", "98.5", Chip(text="还没核", kind="")),
        ],
        page=Paging(number=1, pages=6, total=260, previous_url=None, next_url="#"),
        next_url="#",
    )


def not_drawn() -> Sample:
    return _page(why_not="结了账再抽：没结账的还会变", problem="这一期已经抽过了", draw_url="#")


def _square(**keys: Any) -> Sample:
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "back_url": "#",
        "back": "8 月二次抽查",
        "place": "第 2 格，共 260 格",
        "unit": "机五标",
        "indicator": "节点完成",
        "heading": "进度",
        "facts": [("现在的数", "96，目标 100"), ("满分", "20"), ("谁填的", "陈平 9月2日 14:06")],
        "evidence": [],
        "found": None,
        "form": None,
        "why_not": None,
        "next_url": "#",
    }
    return fields_of(LookedPage(**{**given, **keys})) | {"site": SITE}


def square() -> Sample:
    return _square(
        evidence=[
            EvidenceRow(
                period="8 月",
                indicator="节点完成",
                text="附月报第 4 页",
                file="8月节点验收单.pdf",
                url="#",
                by="陈平",
                own=False,
                when="9月2日 14:08",
                gone="",
            )
        ],
        found=FoundCard(
            chip=DIFFERS,
            text="当时是 96，证据里是 92",
            reason="验收单第 3 项没有监理签字",
            said="郭强 9月7日 10:20 核",
            correction=Chip(text="不更正了", kind=""),
            correction_url="#",
        ),
        form=FindingForm(
            url="#",
            results=[
                Choice(value="agrees", label="一致"),
                Choice(value="differs", label="不一致"),
                Choice(value="unproven", label="没有证据"),
            ],
            target=True,
            again=True,
            typed={"result": "differs", "found": "九十二"},
            problem="“九十二”不是数",
        ),
    )


def bare_square() -> Sample:
    return _square(why_not="这一格是你填的，或者是你签核的，要另一个人来核")
