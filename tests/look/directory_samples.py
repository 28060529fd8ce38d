"""People and organisations of the installation, to be looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.organiser.organisations.shapes import (
    ConnectedUnit,
    MergedOrganisation,
    OrganisationForm,
    OrganisationPage,
    OrganisationRow,
    TreePage,
    UnitRow,
    UnitsPage,
)
from compete.web.organiser.people.shapes import (
    ApartRow,
    MergedRow,
    PairRow,
    PartRow,
    PeoplePage,
    PersonPage,
    PersonRow,
    SamePage,
)
from compete.web.organiser.shapes import Link
from compete.web.pages import fields_of
from compete.web.paging import Paging
from compete.web.shapes import Choice
from tests.look.people import SITE

Sample = dict[str, Any]

_LONG = "省交通运输系统港口与航道工程建设管理局第三工程处第十二项目部联合工会委员会"
_CODE = "91320000MA1XXXXX0X"
_PLACES = [
    Choice(value="1", label="省总工会"),
    Choice(value="2", label="\N{IDEOGRAPHIC SPACE}省港口集团"),
]
_COMPETITION = Link(label="2023 年全省港口职业技能竞赛", url="#")


def _row(name: str, depth: int, units: int = 0, code: str | None = None) -> OrganisationRow:
    return OrganisationRow(name=name, url="#", credit_code=code, steps=range(depth), units=units)


def _page(total: int) -> Paging:
    return Paging(number=1, pages=1, total=total, previous_url=None, next_url=None)


_ROWS = [
    _row("省总工会", 0),
    _row("省港口集团", 1, 3, _CODE),
    _row("洪泽湖港", 2, 12, _CODE),
    _row("装卸一班", 3),
    _row(_LONG, 2, 1),
    _row("江北市总工会", 1),
]


def tree() -> Sample:
    """A tree four levels deep, and a code that is wrong."""
    page = TreePage(
        rows=_ROWS,
        total=6,
        query="",
        page=_page(6),
        form=OrganisationForm(
            name="江北港", credit_code="91", code_problem="统一社会信用代码要 18 位，现在是 2 位"
        ),
        places=[Choice(value="", label="最上面"), *_PLACES],
        add_url="#",
        search_url="#",
        book_url="#",
        units_url="#",
        people_url="#",
        waiting=12,
        longest=200,
    )
    return {"site": SITE, **fields_of(page)}


def organisation() -> Sample:
    """One with units, something merged into it, and a move that is refused."""
    page = OrganisationPage(
        name="省港口集团",
        credit_code=_CODE,
        path=[Link(label="省总工会", url="#")],
        rows=[_row("洪泽湖港", 0, 12, _CODE), _row("装卸一班", 1), _row(_LONG, 0, 1)],
        more=0,
        units=[
            ConnectedUnit(
                name="省港口集团公司",
                code="U01",
                competition=_COMPETITION,
                disconnect_url="#",
                certificates=3,
                name_url="#",
            ),
            ConnectedUnit(
                name=_LONG,
                code="U02",
                competition=_COMPETITION,
                disconnect_url="#",
                certificates=0,
                name_url=None,
            ),
        ],
        merged=[
            MergedOrganisation(
                name="省港口（集团）公司", credit_code=None, at="11-21 15:40", part_url="#"
            )
        ],
        records=[("11-21 15:40", "吴敏 把 省港口（集团）公司 合并到 省港口集团")],
        form=OrganisationForm(name="省港口集团", credit_code=_CODE),
        places=_PLACES,
        problems={"move": "“洪泽湖港”在“省港口集团”下面，不能反过来放"},
        change_url="#",
        move_url="#",
        merge_url="#",
        tree_url="#",
        longest=200,
    )
    return {"site": SITE, **fields_of(page)}


def units() -> Sample:
    """Units to connect: one sure, one by its name, one that is new."""
    known = Choice(value="2", label="省总工会 › 省港口集团")
    new = Choice(value="new", label="新建“省港口集团”")
    row = UnitRow(
        number=1,
        name="省港口集团",
        credit_code=_CODE,
        competition=_COMPETITION,
        choices=[known, new],
        chosen="2",
        sure=True,
        hint="信用代码相同",
    )
    named = UnitRow(
        number=2,
        name=_LONG,
        credit_code=None,
        competition=_COMPETITION,
        choices=[known, new],
        chosen="2",
        sure=False,
        hint="名称相同",
    )
    page = UnitsPage(
        rows=[row, named],
        page=_page(2),
        problem="先勾选要连的单位",
        connect_url="#",
        tree_url="#",
    )
    return {"site": SITE, **fields_of(page)}


_PERSON = PersonRow(
    name="林海涛",
    url="#",
    number="3200**********0114",
    birth="1984-07",
    unit="洪泽湖港",
    parts=["2023 年全省港口职业技能竞赛 · 选手 B21，叉车司机", "2022 年 · 选手 A07，叉车司机"],
)
_UNKNOWN = PersonRow(
    name="林海涛", url="#", number=None, birth="1984-07", unit=_LONG, parts=["2021 年 · 裁判 J04"]
)


def people() -> Sample:
    """Two people, and pairs that wait for a word."""
    page = PeoplePage(
        rows=[_PERSON, _UNKNOWN],
        page=_page(2),
        query="林",
        same_url="#",
        book_url="#",
        search_url="#",
        experts_url="#",
        keeping_url="#",
        organisations_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def person() -> Sample:
    """A person of several competitions, with a merger and somebody they are not."""
    page = PersonPage(
        name="林海涛",
        number="3200**********0114",
        birth="1984-07",
        unit="洪泽湖港",
        parts=[
            PartRow(
                competition=_COMPETITION,
                what="选手 B21，叉车司机",
                name="林海涛",
                unit="洪泽湖港",
                url="#",
            ),
            PartRow(competition=_COMPETITION, what="裁判 J04", name="林海涛", unit=_LONG, url=None),
        ],
        merged=[MergedRow(name="林海涛", number=None, at="11-21 15:40", part_url="#")],
        others=[ApartRow(name="林海涛", url="#", again_url="#")],
        records=[("11-21 15:40", "吴敏 定了 林海涛 和 林海涛 是同一个人，合并了，依据：本人来电")],
        people_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def same() -> Sample:
    """Two pairs, of which one has two numbers, and a refusal."""
    pair = PairRow(
        first=_PERSON,
        second=_UNKNOWN,
        shared=["姓名相同", "出生日期相同"],
        merge_url="#",
        apart_url="#",
    )
    numbers = replace(
        pair,
        shared=["姓名读音相同，字不同", "证件号码不同", "号码后四位相同", "单位相同"],
        merge_url=None,
    )
    page = SamePage(
        pairs=[pair, numbers],
        page=_page(2),
        problem="两份记录在同一个赛项里各有一个位置，是两个人",
        people_url="#",
    )
    return {"site": SITE, **fields_of(page)}
