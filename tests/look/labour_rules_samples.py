"""Sample data of the page about a labour competition's rules."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.differing import ChangeLine, DifferenceGroup, DifferenceRow
from compete.web.organiser.labour_rules.shapes import (
    BookFault,
    IndicatorRow,
    LabourRulesPage,
    PeriodLine,
    RulesPreview,
)
from compete.web.organiser.months.shapes import ShiftRow
from compete.web.organiser.rule_changes.shapes import (
    MovedTable,
    RuleChangePage,
    RuleChangeUrls,
)
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

Sample = dict[str, Any]


def _row(
    heading: str, name: str, most: str, kind: str, example: str, department: str = "安全部"
) -> IndicatorRow:
    return IndicatorRow(
        heading=heading,
        name=name,
        most=most,
        kind=kind,
        example=example,
        department=department,
        own=name != "现场检查",
        asked="一季度检查、二季度检查" if name == "现场检查" else "",
    )


def _page(**keys: Any) -> Sample:
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "back_url": "#",
        "indicators": [
            _row("比安全", "隐患和违章", "10", "每处扣 1", "填 2，得 8.00"),
            _row(
                "比进度", "节点完成", "12", "按完成率，最多算 1 倍", "完成 90、目标 100，得 10.80"
            ),
            _row("季度检查", "现场检查", "100", "直接打分", "填 100，得 100.00", ""),
        ],
        "most": "100",
        "periods": [
            PeriodLine(name="全年", depth=0, weight=""),
            PeriodLine(name="一季度", depth=1, weight="20"),
            PeriodLine(name="1 月", depth=2, weight="1"),
        ],
        "facts": [("加分最多", "3"), ("流动红旗", "每组 1 面"), ("低于多少黄牌", "80")],
        "groups": [("土建", "46 家"), ("机电", "31 家")],
        "units": 77,
        "own_url": "#",
        "book_url": "#",
        "scheme_url": "#",
        "form_url": "#",
        "upload_url": "#",
        "by_two": None,
        "waiting": None,
        "changes": [],
        "version": "",
        "starts": [],
        "typed": {},
        "preview": None,
        "problem": None,
        "faults": [],
        "departments_url": "#",
        "units_url": "#",
        "limit": "20 MB",
    }
    return fields_of(LabourRulesPage(**{**given, **keys})) | {"site": SITE}


def rules() -> Sample:
    return _page(
        problem="表里有 2 处没读懂，什么都没有改",
        faults=[
            BookFault(place="D3", what="满分", why="“十分”不是数"),
            BookFault(place="E4", what="打分办法", why="填 直接打分、按处扣分 里的一种"),
        ],
    )


def rules_previewed() -> Sample:
    """A workbook that was read, before it is saved."""
    row = DifferenceRow(what="隐患和违章", part="满分", was="10", now="12")
    group = DifferenceGroup(title="指标", rows=[row])
    return _page(preview=RulesPreview(differences=[group], rules="{}"))


def _line(title: str, text: str, kind: str, icon: str) -> ChangeLine:
    return ChangeLine(
        title=title,
        url="#",
        state=Chip(text=text, kind=kind, icon=icon),
        said="吴敏 6月30日 16:20 提出：安全扣分太轻，各标段都反映",
    )


def rules_by_two() -> Sample:
    """Once there are values: what was changed, and the form that asks for more."""
    return _page(
        by_two="已经有数了，改规则要写理由、要第二个人同意",
        version="第 2 版规则",
        changes=[
            _line("改规则", "没同意", "bad", "ban"),
            _line("第 2 版规则", "已生效", "ok", "check-circle"),
        ],
        starts=[
            Choice(value="", label="选一个"),
            Choice(value="all", label="各期都照新规则，已经结账的也重算"),
            Choice(value="from:M07", label="从7 月起，以前的照原来的"),
        ],
        typed={"starts": "all", "reason": "安全扣分太轻"},
        problem="照这张表改不了，什么都没有改",
        faults=[
            BookFault(
                place="",
                what="",
                why="隐患和违章在1 月、2 月、3 月等 6 期已经填了 780 格"
                "（一分部、二分部、三分部、四分部 等 130 个），不能去掉：留着它，"
                "在“哪些期”里只写这几期；填错的，没结账的期里清空就行",
            )
        ],
    )


def rules_waiting() -> Sample:
    return _page(
        by_two="已经有数了，改规则要写理由、要第二个人同意",
        version="第 1 版规则",
        waiting=_line("改规则", "等第二个人同意", "warn", "clock"),
        upload_url=None,
        groups=[],
    )


def _change(**keys: Any) -> Sample:
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "title": "改规则",
        "chip_of": Chip(text="等第二个人同意", kind="warn", icon="clock"),
        "reason": "安全扣分太轻，各标段都反映；二季度起考核创新",
        "said": ["吴敏 6月30日 16:20 提出"],
        "holds": "各期都照新规则，已经结账的也重算",
        "touched": [
            "重新算分的数 780 个，130 家单位",
            "重新合计 9 期：2022 年、一季度、二季度、1 月、2 月、3 月、4 月、5 月、6 月",
            "其中已经结账的 7 期、公布过的 6 期；公布过的，得分变了就要再公布一版",
            "2 份签核作废，要重新签核",
        ],
        "differences": [
            DifferenceGroup(
                title="指标",
                rows=[
                    DifferenceRow(what="隐患和违章", part="满分", was="10", now="12"),
                    DifferenceRow(
                        what="隐患和违章", part="打分办法", was="每处扣 1", now="每处扣 3"
                    ),
                    DifferenceRow(
                        what="小改小革",
                        part="新加的",
                        was="",
                        now="比什么：比创新；满分：5；打分办法：直接打分；哪些期：7 月、8 月",
                    ),
                ],
            ),
            DifferenceGroup(
                title="规则", rows=[DifferenceRow(what="加分最多", part="", was="3", now="5")]
            ),
        ],
        "moved": None,
        "urls": RuleChangeUrls(back="#", agree="#", refuse="#", withdraw=None, standings="#"),
        "why_not": None,
        "problem": "写明为什么不同意",
        "typed": "",
    }
    return fields_of(RuleChangePage(**{**given, **keys})) | {"site": SITE}


def change() -> Sample:
    return _change()


def change_in_force() -> Sample:
    return _change(
        title="第 2 版规则",
        chip_of=Chip(text="已生效", kind="ok", icon="check-circle"),
        said=["吴敏 6月30日 16:20 提出", "周颖 7月1日 08:45 同意"],
        touched=[],
        problem=None,
        urls=RuleChangeUrls(back="#", agree=None, refuse=None, withdraw=None, standings="#"),
        moved=MovedTable(
            views=[
                View(label="2022 年", url="#", current=False),
                View(label="二季度", url="#", current=True),
                View(label="6 月", url="#", current=False),
            ],
            rows=[
                ShiftRow(
                    period="二季度",
                    unit="常泰大桥 A3 标",
                    totals=("94.00", "77.00"),
                    ranks=("2", "31"),
                    also=["失去流动红旗", "黄牌"],
                ),
                ShiftRow(
                    period="二季度",
                    unit="二标",
                    totals=("95.20", "95.10"),
                    ranks=("3", "1"),
                    also=["得流动红旗"],
                ),
                *(
                    ShiftRow(
                        period="二季度",
                        unit=f"机电{n}标",
                        totals=("90.00", "89.00"),
                        ranks=(str(n), str(n + 1)),
                        also=[],
                    )
                    for n in range(10, 45)
                ),
            ],
        ),
    )


def change_withdrawn() -> Sample:
    """Nobody's turn any more, and nothing moved."""
    return _change(
        chip_of=Chip(text="已撤回", kind="", icon="undo"),
        said=["吴敏 6月30日 16:20 提出", "吴敏 6月30日 16:31 撤回"],
        touched=[],
        problem=None,
        urls=RuleChangeUrls(back="#", agree=None, refuse=None, withdraw=None, standings="#"),
    )
