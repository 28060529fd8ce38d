"""Personal data and until when they are kept, to be looked at."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.erasure.shapes import (
    AskedRow,
    ErasurePage,
    KeepingPage,
    KeptRow,
    MonthsForm,
)
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.pages import fields_of
from compete.web.paging import Paging
from compete.web.shapes import Chip
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
_LONG = "省交通运输系统港口与航道工程建设管理局职工技能竞赛" * 3


def keeping() -> Sample:
    """Two that are past, one that is not."""
    rows = [
        KeptRow(
            competition=Link(label=label, url="#"),
            finished="2022年9月28日",
            until="2024年9月28日",
            people="45 人",
            chip=chip,
        )
        for label, chip in (
            (COMPETITION.name, Chip(text="过了保存期", kind="warn", icon="clock")),
            (_LONG, Chip(text="过了保存期", kind="warn", icon="clock")),
            ("煤炭采样工竞赛", Chip(text="还在保存期", kind="")),
        )
    ]
    page = Paging(number=1, pages=1, total=3, previous_url=None, next_url=None)
    rule = "本系统默认保存 24 个月，每个竞赛可以另定。"
    return {
        "site": SITE,
        **fields_of(KeepingPage(rows=rows, page=page, past=2, rule=rule, book_url="#")),
    }


def erasure() -> Sample:
    """One that waits for the second person, one that was answered no."""
    shown = ErasurePage(
        competition=CompetitionLink(name=COMPETITION.name, url="#"),
        state_chip=Chip(text="过了保存期", kind="warn", icon="clock"),
        stands=["还留着 45 人的个人资料。", "2022年9月28日 结束，保存 24 个月，到 2024年9月28日。"],
        goes=["姓名，换成“选手”加参赛号", "证件号码、手机、照片、性别、岗位、年限和备注"],
        stays=["参赛号、单位、分数、名次和奖项，挂在化名下", "以前的备份里还有，要照运行说明处理"],
        warning="还有 3 张证书没有发，删了以后不能再发。",
        why_not=None,
        alone=True,
        ask_url="#",
        asked=[
            AskedRow(
                what="B21 林海涛",
                reason=_LONG,
                asked="吴敏，9月20日 10:02",
                chip=Chip(text="等第二个人同意", kind="warn", icon="clock"),
                ended=None,
                agree_url="#",
                agree_why_not=None,
                refuse_url="#",
                mine=False,
            ),
            AskedRow(
                what="全部选手",
                reason="保存期到了",
                asked="吴敏，9月20日 10:02",
                chip=Chip(text="没有删", kind=""),
                ended="李监督，9月21日 09:00：还有人要开证明",
                agree_url=None,
                agree_why_not="要另一个人来",
                refuse_url=None,
                mine=True,
            ),
        ],
        months=MonthsForm(
            url="#", typed="十二", hint="空着就按本系统的 24 个月", problem="要写 1 到 600 个月"
        ),
        problem="要写原因",
    )
    return {"site": SITE, **fields_of(shown)}
