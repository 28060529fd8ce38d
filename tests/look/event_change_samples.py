"""Sample data of the pages about an event's rules changed once judging has begun."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.differing import ChangeLine, DifferenceGroup, DifferenceRow
from compete.web.organiser.event_changes.shapes import (
    BesidesRow,
    EventChangePage,
    MovedRow,
    MovedTable,
    SeatLine,
)
from compete.web.organiser.events.shapes import ProposalForm
from compete.web.organiser.shapes import Link
from compete.web.pages import fields_of
from compete.web.shapes import Chip
from tests.look.desk_samples import COMPETITION, SITE, Sample
from tests.look.rules_samples import rules

_LONG = "中国铁建重工集团（长沙）股份有限公司盾构机操作与维保一班"
_LINE = ChangeLine(
    title="叉车司机 第 2 版规则",
    url="#",
    state=Chip(text="已生效", kind="ok", icon="check-circle"),
    said="吴敏 6月30日 16:20 提出：技术文件写的是各占一半",
)


def proposing() -> Sample:
    """The form once judging has begun; nobody is the supervisor."""
    form = ProposalForm(
        reason="技术文件写的是各占一半",
        lacking=["这个竞赛没有能登录的监督：在“裁判”的人员里加上，再给登录卡"],
        people_url="#",
    )
    return rules() | {"proposes": form, "changes": [_LINE], "problem": None, "others": []}


def _seat(title: str, key: str, **keys: Any) -> SeatLine:
    given: dict[str, Any] = {
        "chip_of": Chip(text="还没表态", kind="warn", icon="clock"),
        "said": "等监督。现在能办的：卞志强",
        "act_url": None,
    }
    return SeatLine(title=title, key=key, **{**given, **keys})


def _page(**keys: Any) -> Sample:
    row = DifferenceRow(what="操作平稳", part="配分", was="6", now="8")
    long = DifferenceRow(
        what=_LONG, part="各档", was="急停急转；轻微晃动；全程平稳", now="急停；晃动；平稳"
    )
    prize = DifferenceRow(what="优秀奖", part="新加的", was="", now="几个：3；给谁：个人")
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "event": Link(label="叉车司机", url="#"),
        "title": "叉车司机 改规则",
        "below": "裁判长和监督都同意才生效；生效以前都照原来的规则算。",
        "chip_of": Chip(text="等监督同意", kind="warn", icon="clock"),
        "reason": "技术文件写的是各占一半",
        "said": ["吴敏 6月30日 16:20 提出"],
        "asked": True,
        "touched": [
            "36 张评分表的得分重新算",
            "12 名评过的选手，总成绩和名次重新算",
            "重新定：奖项、拟晋升",
            "9 张签过名的评分表得分会变，签名作废，要裁判重新签",
        ],
        "misfits": [],
        "differences": [
            DifferenceGroup(title="实操", rows=[row, long]),
            DifferenceGroup(title="奖项", rows=[prize]),
        ],
        "moved": None,
        "seats": [
            _seat("裁判长", "chief", said="", act_url="#"),
            _seat("监督", "supervisor"),
        ],
        "people_url": None,
        "withdraw_url": None,
        "standings_url": "#",
        "others": [_LINE],
        "problem": None,
        "typed": "",
        "typed_in": "",
    }
    return fields_of(EventChangePage(**{**given, **keys})) | {"site": SITE}


def waiting() -> Sample:
    """The chief judge looks at it."""
    return _page(problem="写明为什么不同意")


def stuck() -> Sample:
    """Who asked looks at it: a module was locked since, and nobody is the supervisor."""
    return _page(
        misfits=["“实操”锁着：评分点、满分、裁判怎么合分都不能改，先由两个人解锁"],
        seats=[
            _seat(
                "裁判长",
                "chief",
                chip_of=Chip(text="同意了", kind="ok", icon="check-circle"),
                said="沈国梁 6月30日 17:02 同意",
            ),
            _seat(
                "监督",
                "supervisor",
                chip_of=Chip(text="没有人", kind="bad", icon="warn"),
                said="这个竞赛没有能登录的监督：在“裁判”的人员里加上，再给登录卡",
            ),
        ],
        people_url="#",
        withdraw_url="#",
    )


def in_force() -> Sample:
    """Both agreed: who moved."""
    agreed = Chip(text="同意了", kind="ok", icon="check-circle")
    return _page(
        title="叉车司机 第 2 版规则",
        chip_of=Chip(text="已生效", kind="ok", icon="check-circle"),
        said=["吴敏 6月30日 16:20 提出", "6月30日 17:40 生效"],
        asked=False,
        touched=[],
        seats=[
            _seat("裁判长", "chief", chip_of=agreed, said="沈国梁 6月30日 17:02 同意"),
            _seat("监督", "supervisor", chip_of=agreed, said="卞志强 6月30日 17:40 同意"),
        ],
        moved=MovedTable(
            rows=[
                MovedRow(
                    stage="决赛",
                    number="FORK-07",
                    name="孙志远",
                    unit=_LONG,
                    ranks=("6", "3"),
                    totals=("84.10", "86.55"),
                ),
                MovedRow(
                    stage="决赛",
                    number="FORK-12",
                    name="买买提·吐尔逊江",
                    unit="甲港",
                    ranks=("2", "2"),
                    totals=("90.00", "89.40"),
                ),
            ],
            several=False,
            more=4,
            besides=[
                BesidesRow(what="奖项", name="孙志远", under="FORK-07", was="二等奖", now="一等奖"),
                BesidesRow(what="团体", name=_LONG, under="T2", was="第 1，210", now="第 2，206"),
            ],
            more_besides=0,
            hidden=None,
        ),
        others=[],
    )
