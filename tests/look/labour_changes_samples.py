"""Sample data of the page of changes to squares."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.labour_changes.shapes import ChangeRow, ChangesPage, Chosen
from compete.web.pages import fields_of
from compete.web.paging import Paging
from compete.web.shapes import Choice
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

Sample = dict[str, Any]
_ALL = [Choice(value="", label="全部"), Choice(value="x", label="江北段路基施工三标项目经理部")]


def _row(who: str, source: str, was: str, now: str, why: str = "") -> ChangeRow:
    return ChangeRow(
        when="10月9日 14:06",
        who=who,
        source=source,
        unit="江北段路基施工三标项目经理部",
        unit_url="#",
        period="9 月",
        indicator="隐患和违章",
        was=was,
        now=now,
        why=why,
    )


def _page(rows: list[ChangeRow]) -> Sample:
    page = ChangesPage(
        competition=COMPETITION,
        back_url="#",
        act="#",
        book_url="#",
        chosen=Chosen(unit="", period="", indicator="", department="", own=True),
        units=_ALL,
        periods=_ALL,
        indicators=_ALL,
        departments=_ALL,
        rows=rows,
        page=Paging(number=1, pages=3, total=120, previous_url=None, next_url="#"),
    )
    return fields_of(page) | {"site": SITE}


def changes() -> Sample:
    return _page(
        [
            _row("吴敏", "两个人更正", "2", "0", "8月17日事故调查结论出来了"),
            _row("周茹", "打分表", "96，目标 100", "92，目标 100", "验收单第 3 项没有监理签字" * 8),
            _row("陈平", "整表上传", "—", "“九十二”没写入"),
        ]
    )


def changes_empty() -> Sample:
    return _page([])
