"""Sample data of the checklist of a set-up."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.details.sessions import PlanPage, SessionRow
from compete.web.organiser.differing import DifferenceGroup, DifferenceRow
from compete.web.organiser.overview.shapes import Missing
from compete.web.organiser.set_up.shapes import (
    ItemCard,
    KeepForm,
    PartLine,
    PlacesForm,
    SetUpPage,
    SetUpUrls,
    TypedPlaces,
)
from compete.web.organiser.shapes import LastAct, Link
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from tests.look.people import COMPETITION, SITE

_UNSEEN = Chip(text="去年的，没看过", kind="warn", icon="dashed-circle")


def _part(number: int, name: str, note: str, chip: Chip, icon: str) -> PartLine:
    return PartLine(
        number=number, name=name, note=note, chip=chip, icon=icon, url="#", current=number == 3
    )


def _missing(icon: str, what: str, detail: str, label: str) -> Missing:
    return Missing(icon=icon, what=what, detail=detail, who="", label=label, url="#", blocker=False)


def sessions() -> dict[str, Any]:
    """Two sessions, of which one is on another day and was typed wrongly, and one without time."""

    def row(name: str, when: str, at: str = "", problem: str = "") -> SessionRow:
        return SessionRow(
            module="起重装卸机械操作工实际操作",
            name=name,
            when=when,
            outside=bool(problem),
            mark=name,
            at=at,
            problem=problem,
        )

    page = PlanPage(
        competition=COMPETITION,
        rows=[
            row("第1场", "2022年9月16日 08:40，最后一轮 09:20", "2022-09-16T08:40"),
            row("第2场", "2022年9月20日 09:30", "2022-09-20T09:30", "周明 那时在别处"),
            row("", "没有时间"),
        ],
        why_not="",
        last=LastAct(
            said="11月26日 02:48 吴敏：第1场（实操）从 2022-09-15 08:40 移到 2022-09-16 08:40",
            why_not="",
            mark="9",
            undo_url="#",
        ),
        act_url="#",
        details_url="#",
        draws_url="#",
        times_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def set_up() -> dict[str, Any]:
    """An edition of which one part was changed and one not looked at."""
    done, lacks = Chip(text="齐了", kind="ok"), Chip(text="差 1 样", kind="warn")
    facts = [("权重", "理论知识 20%、实操 80%"), ("实操", "满分 100，7 个评分点")]
    keep = KeepForm(part="modules", event="E1", seen="a", label="照旧", hint="")
    back = KeepForm(
        part="modules",
        event="E2",
        seen="b",
        label="改回照旧",
        hint="把这一部分换成“2022年全省港口叉车司机职业技能竞赛”那样，现在写的就没了",
    )
    row = DifferenceRow(what="实操", part="权重", was="70%", now="80%")
    links = [Link(label="改", url="#")]
    return {
        "site": SITE,
        **fields_of(
            SetUpPage(
                competition=COMPETITION,
                standing=Chip(text="草稿，报名没开放", kind="", icon="pencil"),
                came_from="从“2022年全省港口叉车司机职业技能竞赛”来：照旧 5 项，改了 1 项",
                parts=[
                    _part(1, "基本信息", "省级二类", done, "check-circle"),
                    _part(2, "赛项和职业", "“岸桥司机”没选职业", lacks, "warn"),
                    _part(3, "模块和配分", "理论 20%、实操 80%", _UNSEEN, "dashed-circle"),
                    _part(4, "裁判组规则", "每名选手 3 名裁判", done, "check-circle"),
                    _part(5, "设的奖项", "前 10%", done, "check-circle"),
                    _part(6, "晋升办法", "照旧", done, "check-circle"),
                    _part(7, "报名要求", "没写报名截止", lacks, "warn"),
                    _part(8, "日程", "", Chip(text="还没有", kind=""), "dashed-circle"),
                ],
                title="3 模块和配分",
                cards=[
                    ItemCard(
                        title="叉车司机",
                        chip=_UNSEEN,
                        facts=facts,
                        links=links,
                        keep=keep,
                        differences=[],
                        places=PlacesForm(
                            typed=TypedPlaces(
                                event="E1", of_unit="三", most="36", problem="名额写整数"
                            ),
                            comes_to="全部 12 个单位，最多 36 个",
                            seen="0",
                            url="#",
                        ),
                    ),
                    ItemCard(
                        title="岸桥司机",
                        chip=Chip(text="改过了", kind="info", icon="pencil"),
                        facts=[],
                        links=links,
                        keep=back,
                        differences=[DifferenceGroup(title="决赛", rows=[row])],
                    ),
                ],
                no_cards="还没有赛项，先加一个",
                left=3,
                missing=[
                    _missing(
                        "file", "“岸桥司机”没选职业", "有晋升规则，发等级证书要有职业", "去补"
                    ),
                    _missing("clock", "没写报名截止", "到那时单位和个人就报不了", "去补"),
                    _missing("dashed-circle", "“叉车司机”模块和配分是去年的", "", "去看"),
                ],
                opened="",
                told="开放以后，拿到报名链接的单位就能报，现在有 12 个单位。没人报以前能收回。",
                compared=[("照旧", 5), ("没看过", 1), ("改了", 1), ("新加", 0)],
                compared_with="2022年全省港口叉车司机职业技能竞赛",
                editions=[Choice(value="FORK-2022", label="2022年全省港口叉车司机职业技能竞赛")],
                edition="FORK-2022",
                urls=SetUpUrls(
                    keep="#", edition="#", open=None, shut=None, applications="#", enter=None
                ),
            )
        ),
    }
