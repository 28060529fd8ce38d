"""Sample data of the pages about a labour competition's periods."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.differing import ChangeLine
from compete.web.organiser.months.shapes import (
    AfterForm,
    CorrectionCard,
    CorrectionForm,
    FlagKeepForm,
    FlagRow,
    LackRow,
    LookCard,
    MonthsPage,
    MonthsUrls,
    PeriodPage,
    PeriodRow,
    ShiftRow,
    TalkRow,
    VersionRow,
)
from compete.web.organiser.shapes import CompetitionLink
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from tests.look.people import SITE

Sample = dict[str, Any]
COMPETITION = CompetitionLink(name="2022年交通强省重点工程劳动竞赛（六比六赛）", url="#")
OPEN = Chip(text="暂定", kind="", icon="half-circle")
CLOSED = Chip(text="已结账", kind="accent", icon="lock")
PUBLISHED = Chip(text="已公布", kind="ok", icon="check-circle")
CORRECTED = Chip(text="更正过，还没公布", kind="warn", icon="pencil")


def _period(name: str, depth: int, chip: Chip, said: str = "", *, then: bool = False) -> PeriodRow:
    return PeriodRow(
        name=name, url="#", depth=depth, chip=chip, said=said, next=then, bulletin_url="#"
    )


def _correction(**keys: Any) -> CorrectionCard:
    given = {
        "id": 4,
        "title": "三标 8 月 隐患和违章 改为 0",
        "chip": Chip(text="等第二个人同意", kind="warn", icon="clock"),
        "reason": "8月17日事故调查结论出来了",
        "said": "吴敏 10月13日 09:12 提出",
        "shifts": [
            ShiftRow(
                period="8 月",
                unit="三标",
                totals=("94.00", "77.00"),
                ranks=("2", "31"),
                also=["一票否决", "失去流动红旗"],
            ),
            ShiftRow(
                period="三季度",
                unit="二标",
                totals=("95.20", "95.20"),
                ranks=("2", "1"),
                also=["得流动红旗"],
            ),
        ],
        "more": 28,
        "agree_url": "#",
        "why_not": None,
        "drop_url": "#",
    }
    return CorrectionCard(**{**given, **keys})


def periods() -> Sample:
    page = MonthsPage(
        competition=COMPETITION,
        periods=[
            _period("2022 年", 0, OPEN),
            _period("三季度", 1, CLOSED, "10月12日 08:40 吴敏 结账"),
            _period("7 月", 2, PUBLISHED, "8月6日 16:20 吴敏 结账"),
            _period("8 月", 2, CORRECTED, "9月6日 10:02 吴敏 结账，缺 3 个数"),
            _period("9 月", 2, CLOSED, "10月8日 09:30 吴敏 结账"),
            _period("四季度", 1, OPEN),
            _period("10 月", 2, OPEN, then=True),
        ],
        rules=ChangeLine(
            title="改规则",
            url="#",
            state=Chip(text="等第二个人同意", kind="warn", icon="clock"),
            said="吴敏 9月30日 16:20 提出：安全扣分太轻",
        ),
        waiting=["三季度", "8 月", "9 月"],
        asked=[_correction()],
        versions=[
            VersionRow(
                label="第 8 版",
                words="海棠 石桥 青鸟 麦穗",
                said="9月6日 10:30：六标 7 月节点完成补报",
                url="#",
            )
        ],
        keep=FlagKeepForm(
            url="#",
            after="3",
            of="Q1",
            sorts=[Choice(value="Q1", label="一季度到四季度，4 期")],
            said="一季度到四季度，连续 3 期得旗的可以永久保留",
            reason="",
        ),
        urls=MonthsUrls(publish="#", public="#", late="#", changes="#", book="#", back="#"),
    )
    return fields_of(page) | {"site": SITE}


def _page(**keys: Any) -> Sample:
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "back_url": "#",
        "name": "10 月",
        "chip_of": OPEN,
        "closed": None,
        "is_open": True,
        "blockers": [],
        "missing": [],
        "away": [],
        "count": 0,
        "wants_reason": False,
        "close_url": "#",
        "reason": "",
        "problem": None,
        "form": None,
        "corrections": [],
        "bulletin_url": "#",
        "standings_url": "#",
        "look": None,
        "after": None,
    }
    return fields_of(PeriodPage(**{**given, **keys})) | {"site": SITE}


def open_month() -> Sample:
    return _page(
        missing=[
            LackRow(what="10 月 节点完成", units="六标、十一标、路三标 等 12 个", count=12),
            LackRow(what="10 月 一次验收", units="六标", count=1),
        ],
        away=[LackRow(what="10 月", units="机五标", count=1)],
        count=13,
        wants_reason=True,
        problem="还缺 13 个数，写明为什么照样结账",
    )


def corrected() -> Sample:
    done = Chip(text="已更正", kind="ok", icon="check-circle")
    said = "吴敏 10月9日 09:12 提出，周颖 10月9日 11:30 同意"
    choices = [Choice(value="x", label="节点完成")]
    flag = FlagRow(
        code="a",
        name="二标",
        note="土建",
        given="2022-10-15",
        back="",
        kept="2022-10-20",
        stays="连续第 3 季，10月20日起永久保留",
    )
    return _page(
        name="8 月",
        after=AfterForm(
            url="#",
            flags=[flag],
            talks=[
                TalkRow(
                    code="b",
                    name="机二标",
                    why="黄牌 75.13",
                    at="2022-10-18T14:00",
                    place="省交通厅 302 会议室",
                    by="2022-10-31",
                    who="安全部周茹",
                )
            ],
            helpers=["安全部周茹", "工程部"],
            problem="二标：先写授旗的日期；交回、永久保留都不能比授旗早",
        ),
        chip_of=CORRECTED,
        closed="9月6日 10:02 吴敏 结账，缺 3 个数：机五标停工，资料下月补",
        is_open=False,
        close_url=None,
        look=LookCard(url="#", chips=[Chip(text="一致 240", kind="ok", icon="check-circle")]),
        corrections=[
            _correction(agree_url=None, why_not="要另一个人来。现在能办的：周颖"),
            _correction(id=3, chip=done, said=said, agree_url=None, drop_url=None),
        ],
        form=CorrectionForm(
            url="#",
            kinds=[Choice(value="value", label="改一个数")],
            units=[Choice(value="a", label="三标")],
            indicators=choices,
            problem="分数写成数字，最多 6 位小数",
            typed={"points": "多", "reason": "验收单补齐了"},
        ),
    )
