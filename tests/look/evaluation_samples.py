"""Sample data of an evaluation's pages at the desk."""

from __future__ import annotations

from typing import Any

from compete.services.competitions.rules_draft import TermsDraft
from compete.web.organiser.events.shapes import TermsCard
from compete.web.organiser.review.shapes import ReviewPage, ReviewRow, ReviewUrls, Road
from compete.web.organiser.shapes import Link, View
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from tests.look.people import COMPETITION, SITE, page
from tests.look.rules_samples import rules

Sample = dict[str, Any]
_GRADES = [Choice(value="4", label="四级/中级工"), Choice(value="3", label="三级/高级工")]


def rules_of_level() -> Sample:
    """The rules of a level, its conditions not confirmed and changed since."""
    terms = TermsCard(
        draft=TermsDraft(grade="4", cite="4.2.1", carry_months="24", conditions="n"),
        grades=_GRADES,
        conditions=[Choice(value="n", label="国家 2023 版"), Choice(value="", label="不看条件")],
        lines=["五级满 3 年", "从业满 5 年", "技工学校、中职毕业"],
        unconfirmed=True,
        differs=True,
        usual_day="2026-12-10",
    )
    return rules() | {"terms": terms, "example": None}


def review() -> Sample:
    """Those of whom something is to be decided: short of time, and nothing known."""
    road = Road(
        name="五级满 3 年",
        chip=Chip(text="2027-03-01 满", kind="bad", icon="clock"),
        near=True,
        conditions=[
            (True, "现等级 五级，要五级以上"),
            (False, "五级证书 2024-03-01，满 3 年是 2027-03-01"),
        ],
    )
    unknown = Road(
        name="技工学校、中职毕业",
        chip=Chip(text="要补资料", kind="warn", icon="warn"),
        near=False,
        conditions=[(False, "没写学历")],
    )
    row = ReviewRow(
        name="欧阳雪梅",
        unit="沙河灌区管理处",
        level="四级/中级工",
        grade="五级/初级工",
        since="2024-03-01 发",
        conclusion=Chip(text="还差 10 个月，2027-03-01 满", kind="bad", icon="warn"),
        resit=Chip(text="第 2 次", kind="", icon=None),
        roads=[road, unknown],
        url="#",
        acts=[Link(label="更正", url="#"), Link(label="这批不考", url="#")],
    )
    shown = ReviewPage(
        competition=COMPETITION,
        total=147,
        views=[
            View(label="要来定 1", url="#", current=True),
            View(label="符合 146", url="#", current=False),
        ],
        levels=[Choice(value="", label="全部等级"), *_GRADES],
        level="",
        show="open",
        rows=[row],
        page=page(total=1),
        fit=146,
        open=1,
        waiting=3,
        urls=ReviewUrls(self="#", applications="#", cards="#"),
    )
    return {"site": SITE, **fields_of(shown)}
