"""Sample data of the pages of draws."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.draws.hall_shapes import (
    HallBoard,
    HallPlace,
    HallScreen,
    HallShare,
    HallTurn,
)
from compete.web.organiser.draws.shapes import (
    CeremonyLine,
    CeremonyPage,
    CeremonyUrls,
    DrawsPage,
    DrawsUrls,
    HashText,
    OpeningForm,
    PaperForm,
    PaperLine,
    PartyCard,
    PlaceRow,
    PrepareForm,
    SealForm,
    ShareLine,
    StepLine,
    UnitRow,
)
from compete.web.organiser.draws.view_model import ACTS, layer_choices
from compete.web.organiser.shapes import CompetitionLink
from compete.web.pages import fields_of
from compete.web.public.draws import EndedDraw, PublishedDraw
from compete.web.shapes import Chip, Choice
from tests.look.people import SITE

Sample = dict[str, Any]


def draw_page() -> Sample:
    """Checking a draw and sealing a share: the same for everybody."""
    return {
        "words": None,
        "ended": EndedDraw(number=2, url="#"),
        "published": [PublishedDraw(name="叉车实操抽签", note="港口叉车 9月16日", url="#")],
    }


COMPETITION = CompetitionLink(name="2022年全省港口叉车司机职业技能竞赛", url="#")
SEAL = "f71c5796b068f10eb2a50dff1bcd5e62bbeb3e78da5da6a8112117280b975d39"
SHARES = [("组委会", "江北潮平 125"), ("领队代表", ""), ("裁判长", "742906"), ("公证员", "秋分前")]


def draws() -> Sample:
    """The list, with a form in which something is wrong."""
    shown = DrawsPage(
        competition=COMPETITION,
        known="9月16日抽了 45 人，还有 1 人没抽；1 人还没有工位",
        ceremonies=[
            CeremonyLine(
                name="FORK-2022 实操抽签",
                number=2,
                module="实操",
                when="9月16日 08:21",
                state=Chip(text="抽好了", kind="ok"),
                url="#",
            )
        ],
        papers=[
            PaperLine(
                module="理论",
                day="2022年9月15日",
                supervisor="田春",
                people=46,
                signed="S01 田春，2022年9月15日 09:40",
            )
        ],
        modules=[Choice(value="FORK|final|drive", label="实操")],
        to_draw=[Choice(value="FORK|final|drive", label="实操")],
        layers=layer_choices(),
        prepare=PrepareForm(
            module="FORK|final|drive",
            name="FORK-2022 实操抽签",
            layer="station",
            stations="1号工位\n2号工位",
            sessions="上午",
            check_in="20",
            apart=True,
            per_session="",
            errors={"sessions": "第 1 行“上午”看不懂。要写成：第1场，2026-09-16 08:40，6，10"},
        ),
        paper=PaperForm(module="FORK|final|drive", drawn_on="", supervisor=""),
        urls=DrawsUrls(prepare="#", paper="#", book="#"),
    )
    return {"site": SITE, **fields_of(shown)}


def draws_empty() -> Sample:
    """Before anything was drawn."""
    return draws() | {"known": "还没抽签", "ceremonies": [], "papers": []}


def ceremony(phase: str = "opening") -> Sample:
    """A ceremony: in preparation, its shares being opened, or drawn."""
    drawn = phase == "drawn"
    shown = CeremonyPage(
        competition=COMPETITION,
        name="FORK-2022 实操抽签",
        number=2,
        module="实操",
        phase=phase,
        label=Chip(text="正在拆签", kind="warn"),
        people=46,
        places=48,
        rule="同单位不在同一工位连着上",
        before="上一次：公证员没来（吴敏）",
        next_text="当众拆签：谁拆，就扫他手机上的拆签码。时间到了，公布拆签值。",
        too_late="“实操”的评分表已经按工位发给裁判了，不能再抽" if drawn else "",
        list_is_old=phase == "preparing",
        lacking="名单变了，先重新取一次名单" if phase == "preparing" else "",
        steps=[
            StepLine(name=name, time="08:00" if at < 2 else "", state=state)
            for at, (name, state) in enumerate(
                [
                    ("名单封存", "done"),
                    ("各方封签", "done"),
                    ("当众拆签", "now"),
                    ("算出种子", "later"),
                    ("名字落位", "later"),
                ]
            )
        ],
        hashes=[HashText(label="封存值", words="书卷 砚台 邮票 柱子", hex=SEAL)],
        shares=[
            ShareLine(
                name=name,
                spare=name == "公证员",
                seal=SEAL,
                words="青松 江桥 白鹭 石榴",
                share=share,
                opened=bool(share),
                note="08:16 拆的，和封签对上了" if share else "08:17 交的和封签对不上，算没拆",
            )
            for name, share in SHARES
        ],
        closed=[Choice(value="领队代表", label="领队代表")],
        seal=SealForm(name="", seal="", spare=False),
        opening=OpeningForm(
            name="领队代表", share="三江水暖", key="00ff", error="“领队代表”的签和封签对不上。"
        ),
        why="",
        why_error="",
        units=[UnitRow(number=1, code="U05", name="洪泽湖港", people=4)] if drawn else [],
        rows=[
            PlaceRow(
                position=1,
                place="1号工位",
                session="第1场",
                time="08:40",
                code="B21",
                name="林海涛",
                unit="洪泽湖港",
                moved=True,
            )
        ]
        if drawn
        else [],
        moved=2,
        unmet=["1号工位 第1场第 2 个"],
        ended="",
        party=PartyCard(name="领队代表", problem="“领队代表”已经交过封签；要换，先拿掉原来那一个"),
        urls=CeremonyUrls(
            back="#",
            again="#",
            act=dict.fromkeys(ACTS, "#"),
            seal_page="https://compete.example/draw/seal?ceremony=FORK",
            hall="#",
            file="#",
            check="#" if drawn else None,
            book="#" if drawn else None,
        ),
    )
    return {"site": SITE, **fields_of(shown)}


def ceremony_preparing() -> Sample:
    """Seals are taken in."""
    return ceremony("preparing")


def ceremony_drawn() -> Sample:
    """Everybody has a place."""
    return ceremony("drawn")


NAMES = ("苏敏", "孔永强", "李浩", "孙芳", "陶敏", "钱桂兰", "韩桂兰", "欧阳晓东", "吕龑", "陈契")
UNITS = ("通江客货港", "内河集装箱港", "海州港", "沿江石化港", "洪泽湖港", "省港口集团")
TURNS = [("第1场", "08:40", 6), ("第2场", "09:30", 3), ("第3场", "10:20", 3)]


def draw_hall(phase: str = "drawn") -> Sample:
    """The big screen: 46 places at four stations."""
    drawn = phase == "drawn"
    turns = [
        HallTurn(session=name if turn == 1 else "", time=time if turn == 1 else "", number=turn)
        for name, time, most in TURNS
        for turn in range(1, most + 1)
    ]
    stations = [f"{number}号工位" for number in range(1, 5)]
    places = [
        HallPlace(
            code=f"{at % 4 + 1}-{at // 4 + 1}",
            column=at % 4 + 1,
            row=at // 4 + 1,
            station=stations[at % 4],
            where=f"第1场第 {at // 4 + 1} 个",
            time="08:40",
            person=f"B{at + 1:02}" if drawn else "",
            name=NAMES[at % 10] if drawn else "",
            unit=UNITS[at % 6] if drawn else "",
            moved=drawn and at in (5, 6, 28, 29),
        )
        for at in range(46)
    ]
    shown = ceremony(phase)
    screen = HallScreen(
        key="draw-look",
        competition=COMPETITION.name,
        title="实操",
        note="46 人、12 个单位、4 个工位。种子由各方的签合成，谁也不能单独定",
        day="9月16日",
        seconds=30060,
        phase=phase,
        steps=shown["steps"],
        hashes=[
            HashText(label=label, words="锦鸡 甜瓜 棉布 红糖", hex=SEAL)
            for label in ("封存值", "拆签值", "种子")
        ],
        shares=[
            HallShare(
                name=name,
                spare=name == "公证员",
                words="青松 江桥 白鹭 石榴",
                share=share or None,
                time="08:16" if share else "",
                refused=not share,
                missed=drawn and not share,
            )
            for name, share in SHARES
        ],
        boards=[HallBoard(stations=stations, turns=turns, places=places, columns=len(stations))],
        rule="同单位不在同一工位连着上",
        adjusted="已调 4 人：钱桂兰、韩桂兰、吕龑、陈契。没有做不到的" if drawn else "",
        ended="",
        check_url="https://compete.example/draw/check?file=/draw/FORK-2022/1.json"
        if drawn
        else None,
        data_url="#",
    )
    return {"screen": screen}


def draw_hall_opening() -> Sample:
    """The big screen while shares are opened."""
    return draw_hall("opening")
