"""The pool of experts, to be looked at."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.experts.shapes import (
    ExpertForm,
    ExpertPage,
    ExpertRow,
    ExpertsPage,
    ExpertsUrls,
)
from compete.web.organiser.headed_rows import PlannedRow
from compete.web.organiser.shapes import Link, View
from compete.web.pages import fields_of
from compete.web.paging import Paging
from compete.web.shapes import Choice
from tests.look.people import SITE
from tests.look.rows_preview import looked_at

Sample = dict[str, Any]
_LONG = "阿卜杜热依木·" * 8 + "阿卜杜"
_FORM = ExpertForm(
    values={"name": _LONG, "days": "明天"},
    faults={"days": "日期看不懂，写成 2026-09-15至2026-09-18、2026-10-01 这样，最多 20 段"},
    kinds=[Choice(value="考评员", label="考评员")],
    levels=[Choice(value="", label="没有"), Choice(value="省级", label="省级")],
    url="#",
)


def _row(name: str, *, taken: bool = False, away: bool = False) -> ExpertRow:
    return ExpertRow(
        name=name,
        url="#",
        kind="考评员",
        unit=_LONG,
        qualification="省级，叉车司机，KP-2023-00412",
        valid="2026-01-31",
        expired=away,
        days="2026-09-15至2026-09-18、2026-10-01",
        note="",
        away="9月16日、17日来不了" if away else "",
        take_url=None if taken else "#",
        taken=taken,
    )


def pool() -> Sample:
    """For a competition that looks for judges; the form was refused once."""
    page = ExpertsPage(
        rows=[_row("罗平", taken=True), _row(_LONG, away=True)],
        page=Paging(number=1, pages=2, total=61, previous_url=None, next_url="#"),
        query="罗",
        kind="",
        kinds=[Choice(value="", label="全部类别")],
        sort="name",
        sorts=[
            View(label="姓名", url="#", current=True),
            View(label="单位", url="#", current=False),
        ],
        asking=Link(label="2022年全省港口叉车司机职业技能竞赛", url="#"),
        asking_code="F",
        form=_FORM,
        problem="有 1 处要改",
        urls=ExpertsUrls(search="#", upload="#", workbook="#", people="#"),
    )
    return {"site": SITE, **fields_of(page)}


def single() -> Sample:
    """One row, with its form."""
    page = ExpertPage(
        name=_LONG, form=_FORM, facts=[("类别", "考评员")], problem=None, end_url="#", back_url="#"
    )
    return {"site": SITE, **fields_of(page)}


def uploaded() -> Sample:
    """A workbook with a row that cannot be written."""
    texts = ("罗平", "考评员", _LONG, "", "省级", "", "", "", "")
    return looked_at(
        ["姓名", "类别", "单位", "职业", "级别", "证书编号", "有效期至", "能来的日期", "说明"],
        PlannedRow(number="2", state="added", texts=texts, told=[]),
        PlannedRow(number="3", state="refused", texts=texts, told=["类别：写考评员"]),
        same=0,
    )
