"""Sample data of paper sheets that are typed in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.organiser.paper.shapes import PaperForm, PaperReading, PaperRow, ReadRow
from compete.web.organiser.recheck.shapes import CompetitionHead, EntryField
from compete.web.organiser.shapes import Link
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
DESK = {"site": SITE, "competition": COMPETITION}


def paper_sheet() -> Sample:
    """A paper sheet on which the two recorders differ."""
    pole = EntryField(
        name="v-pole",
        label="碰杆",
        value="1",
        choices=[],
        unit="次",
        wanted="扣分次数，整数",
        note="",
        error=None,
    )
    form = PaperForm(
        competition=CompetitionHead(name=COMPETITION.name, url="#"),
        code="K-33",
        module="实操",
        judge="03 许静",
        fields=[
            pole,
            replace(
                pole,
                name="v-tipped",
                label="货物倾倒",
                value="2",
                error="和另一位录的不一样，照着纸再看一眼",
            ),
            replace(
                pole,
                name="v-belt",
                label="系安全带",
                unit="",
                wanted="",
                choices=[Choice(value="1", label="是"), Choice(value="0", label="否")],
            ),
        ],
        signed=True,
        signature_differs=True,
        faults=0,
        differs=2,
        waits=False,
        shut=False,
        barred=None,
        url="#",
        back_url="#",
    )
    return {"site": SITE, **fields_of(form), "problem": None}


def paper() -> Sample:
    """The list of paper sheets, as the chief sees it."""
    row = PaperRow(
        code="K-33",
        module="实操",
        judge="03 许静",
        key="returned",
        word="两个人录的不一样",
        url="#",
    )
    return {
        **DESK,
        "recheck_url": "#",
        "wanted": "K-99",
        "found": [],
        "begun": [row],
        "differing": [row],
        "lists": [Link(label="理论知识", url="#")],
        "prints": [Link(label="实操", url="#")],
        "no_prints": "没有没交的评分表，不用打印空白表：理论知识",
    }


def paper_settle() -> Sample:
    """Both readings side by side, for the chief."""
    return {
        **DESK,
        "code": "K-33",
        "module": "实操",
        "judge": "03 许静",
        "readers": ["田春", "季红"],
        "files": [True, False],
        "sent": True,
        "rows": [
            ReadRow(
                code=code,
                name=name,
                differs=differs,
                readings=[PaperReading(entry=1, value="1"), PaperReading(entry=2, value="2")],
                tablet="1" if differs else "",
            )
            for code, name, differs in (("pole", "碰杆", False), ("tipped", "货物倾倒", True))
        ],
        "signed": [True, False],
        "settle_url": "#",
        "reason": "",
        "problem": "每个不一样的都要选一个",
        "back_url": "#",
    }
