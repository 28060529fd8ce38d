"""Sample data of the pages that make a competition."""

from __future__ import (
    annotations,
)

from dataclasses import (
    replace,
)
from datetime import (
    date,
)
from typing import (
    Any,
)

from flask import (
    Flask,
)

from compete.web.organiser.confirming.shapes import (
    Fact,
)
from compete.web.organiser.events.shapes import (
    EventRow,
    EventsPage,
)
from compete.web.organiser.new_competition.forms import (
    EditionForm,
    NameForm,
    SchemeBookForm,
)
from compete.web.organiser.new_competition.shapes import (
    AskedAgain,
    Carried,
    FileCount,
    FilePage,
    FileProblem,
    NewPage,
    NewUrls,
    Source,
    StartingPoint,
)
from compete.web.organiser.putting_away.view_model import (
    PutAwayPage,
)
from compete.web.organiser.shapes import Link
from compete.web.organiser.units.shapes import (
    NamePage,
    OldPaper,
    UnitRow,
    UnitsPage,
)
from compete.web.pages import (
    fields_of,
)
from compete.web.paging import Paging
from compete.web.shapes import Choice
from tests.look.people import (
    COMPETITION,
    SITE,
)

Sample = dict[str, Any]
_SITE = replace(SITE, search_url=None, urls={"competitions": "#"})
_LONG = "全省交通运输行业第十二届职业技能竞赛暨全国大赛江苏选拔赛港口起重装卸机械操作工叉车司机决赛"
_URLS = NewUrls(act="#", back="#")
_PROBLEM = FileProblem(
    place="第 1 个赛项 › 第 1 个赛段 › 第 2 个模块 › 满分",
    path="events[0].stages[0].modules[1].full",
    what="满分是 100，应当等于各评分点满分乘系数之和：95",
)


def new_edition() -> Sample:
    """From last year, with a code that is taken."""
    with Flask(__name__).test_request_context():
        form = EditionForm(formdata=None, meta={"csrf": False})
    form.of.choices = [("FORK-2022", COMPETITION.name), ("LONG", _LONG)]
    form.of.data = "FORK-2022"
    form.level.choices = [("", "照原来的"), ("municipal", "市级")]
    form.name.data, form.code.data = "2023年全省港口叉车司机职业技能竞赛", "FORK-2023"
    form.starts.data, form.year.data = date(2023, 9, 14), 2023
    form.code.errors = ["已经有编号为“FORK-2023”的竞赛，换一个"]
    return {"site": _SITE, "form": form, **fields_of(_new("edition"))}


def edition_again() -> Sample:
    """An edition whose name and year do not fit; asked once more."""
    sample = new_edition()
    again = AskedAgain(
        doubts=["名称里写的是 2022 年，年度是 2026", "届数没有变，还是第 12 届"],
        sure="x",
        name=f"2026年{_LONG}",
        year=2026,
    )
    return sample | {"again": again, "doubts": ["两届隔了 4 年，届数只加了一，是第 13 届"]}


def new_file() -> Sample:
    """A file with something wrong in it."""
    page = replace(_new("file"), file_problems=[_PROBLEM], sources=[])
    return {"site": _SITE, "form": None, **fields_of(page)}


def file_look() -> Sample:
    """What a file would bring."""
    with Flask(__name__).test_request_context():
        form = NameForm(formdata=None, meta={"csrf": False})
    form.name.data, form.code.data = COMPETITION.name, "FORK-2023"
    shown = FilePage(
        filename="叉车2023.json",
        head=["技能竞赛", "省级二类", "2023年9月14日"],
        counts=[
            FileCount(what="赛项", count=1, detail="叉车司机（理论 20% 实操 80%）"),
            FileCount(what="单位", count=12, detail="甲港、乙港、丙港、丁港 等"),
            FileCount(what="选手", count=46, detail=_LONG),
            FileCount(what="分数", count=0, detail=""),
        ],
        warnings=[_PROBLEM],
        problem=None,
        discard_url="#",
        urls=_URLS,
    )
    return {"site": _SITE, "form": form, **fields_of(shown)}


def scheme_look() -> Sample:
    """What a marking scheme would begin, with a row that was guessed."""
    with Flask(__name__).test_request_context():
        form = SchemeBookForm(formdata=None, meta={"csrf": False})
        form.level.choices = [("enterprise", "企业级"), ("provincial-1", "省级一类")]
    form.name.data, form.code.data = COMPETITION.name, "C-2027"
    form.event.data, form.module.data = _LONG[:40], "实操"
    shown = FilePage(
        filename="港口起重装卸机械操作工（叉车司机）实操评分标准（定稿）.xlsx",
        head=["技能竞赛", "四列的表（项目、考核要点、配分、评分标准）"],
        counts=[
            FileCount(what="赛项", count=1, detail="一个赛段，奖项照常用的设"),
            FileCount(what="模块", count=1, detail="满分 100，权重 100"),
            FileCount(what="评分点", count=46, detail=_LONG),
        ],
        warnings=[
            FileProblem(
                place="“实操”页第 12 行",
                path="",
                what="没认出怎么给分，先当直接给分，评分标准给裁判看",
            )
        ],
        problem=None,
        discard_url="#",
        urls=_URLS,
    )
    return {"site": _SITE, "form": form, **fields_of(shown)}


def _new(start: str) -> NewPage:
    said = [
        ("edition", "从去年", "整套规则都带来，日期往后推", "最省事，2 届可选", "return"),
        ("template", "从模板", "常用的 5 套：规则现成，人空着", "照着改", "copy"),
        (
            "file",
            "从文件",
            "竞赛文件、劳动竞赛的规则表（Excel）、评分标准（Excel）",
            "写入前先给你看",
            "file",
        ),
        ("blank", "空白", "赛项、规则自己填，随时能停", "约 10 分钟", "plus"),
    ]
    return NewPage(
        starts=[
            StartingPoint(
                key=key,
                title=title,
                text=text,
                note=note,
                icon=icon,
                url="#",
                current=key == start,
            )
            for key, title, text, note, icon in said
        ],
        start=start,
        sources=[
            Source(value="FORK-2022", title=COMPETITION.name, detail="2022年9月15日，46 人"),
            Source(value="LONG", title=_LONG, detail="2021年9月10日，39 人", fill_url="#"),
        ],
        carried=[
            Carried(what="赛项和职业", detail="叉车司机", comes=True, count=1),
            Carried(what="模块和配分", detail="2 个模块、9 个评分点", comes=True, count=11),
            Carried(what="裁判组规则", detail="每名选手 1 到 3 名裁判", comes=True),
            Carried(what="奖项", detail=f"一等奖、二等奖、三等奖、{_LONG} 等", comes=True, count=9),
            Carried(what="晋升规则", detail="没有", comes=False),
            Carried(what="选手和代表队", detail="今年重新报", comes=False),
        ],
        brings=21,
        problem=None,
        file_problems=[],
        limit="20 MB",
        limit_bytes=20_000_000,
        urls=_URLS,
    )


def events() -> Sample:
    """The events of a draft, one of them with weights that do not add up."""
    row = EventRow(
        name="叉车司机",
        occupation="起重装卸机械操作工 6-30-05-01 叉车司机",
        hints=["6-30-05-01 是 1999 年版的编码，后来改成 6-30-05-99"],
        modules="理论 20%、实操 80%",
        weight="",
        entrants=46,
        blind=True,
        url="#",
        remove_url="#",
    )
    odd = replace(row, name=_LONG, occupation="", weight="95", entrants=0, blind=False)
    page = EventsPage(
        competition=COMPETITION,
        events=[row, odd],
        likes=[Choice(value="", label="理论 20%、实操 80%，每样一行")],
        typed="叉车司机",
        like="",
        problem="已经有叫“叉车司机”的赛项",
        add_url="#",
        scheme_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def unit_name() -> Sample:
    """Certificates and a version that bear a unit's former name."""
    paper = OldPaper(number="第0012号", title="一等奖", holder="赵启明", said="甲港老公司", url="#")
    page = NamePage(
        competition=COMPETITION,
        back=Link(label="单位名单", url="#"),
        name=_LONG,
        papers=[paper, replace(paper, title="单项 三等奖", holder=_LONG, said=_LONG)],
        more=12,
        badges=14,
        version=1,
        published_name="甲港老公司",
        publish_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def units() -> Sample:
    """Units, one of which was given another's name."""
    row = UnitRow(
        code="U01",
        name="甲港",
        typed="甲港",
        problem=None,
        entrants=5,
        group="土建",
        people_url="#",
        rename_url="#",
        bears="已发的证书 3 张、公布的第 1 版上是现在的名称，改名以后一样一样换",
        old_url="#",
        remove_url=None,
        link="打开过",
        link_url="#",
    )
    odd = replace(row, code="U02", name=_LONG, entrants=0, remove_url="#")
    page = UnitsPage(
        competition=COMPETITION,
        units=[row, replace(odd, typed="甲港", problem="已经有叫“甲港”的单位")],
        page=Paging(number=2, pages=27, total=2604, previous_url="#", next_url="#"),
        count=2604,
        q="港",
        search_url="#",
        typed="",
        problem=None,
        add_url="#",
        rows_url="#",
        closed="",
        upload_url="#",
        applications_url="#",
        waiting=3,
        links_url="#",
        text_url="#",
        book_url="#",
        longest=200,
    )
    return {"site": SITE, **fields_of(page)}


def labour_units() -> Sample:
    """Units of a labour competition, which are ranked in groups."""
    groups = [Choice(value=name, label=name) for name in ("土建", "机电")]
    return units() | {"of_labour": True, "groups": groups, "group": "机电", "upload_url": None}


def put_away() -> Sample:
    """A competition to be put away, with another name typed."""
    page = PutAwayPage(
        competition=COMPETITION,
        why_not=None,
        facts=[Fact(what="什么都不删", detail="46 名选手、规则、变更记录和核对词都原样留着。")],
        typed="别的",
        problem="写的和竞赛名称不一样",
        act_url="#",
        back_url="#",
    )
    return {"site": SITE, **fields_of(page)}
