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
    Cell,
    CeremonyLine,
    CeremonyPage,
    CeremonyUrls,
    DrawsPage,
    DrawsUrls,
    Ending,
    Foot,
    HashText,
    Head,
    LayoutForm,
    OpeningForm,
    PaperForm,
    PaperLine,
    PartyCard,
    PlaceRow,
    Row,
    SealForm,
    ShareLine,
    Standing,
    StepLine,
    SwapForm,
    TimetableView,
    UnitRow,
    WayCard,
)
from compete.web.organiser.draws.view_model import ACTS, layer_choices
from compete.web.organiser.shapes import CompetitionLink, View
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


SESSIONS = [("第1场", "08:40–09:20"), ("第2场", "09:30–10:10"), ("第3场", "10:20–11:00")]


def timetable(*, drawn: bool) -> TimetableView:
    """Three sessions at twelve stations."""
    return TimetableView(
        corner="场次",
        heads=[Head(label=f"{station}号") for station in range(1, 13)],
        rows=[
            Row(
                head=Head(label=session, note=time),
                cells=[_cell(row * 12 + at, drawn=drawn) for at in range(12)],
            )
            for row, (session, time) in enumerate(SESSIONS)
        ],
    )


def _cell(at: int, *, drawn: bool) -> Cell:
    if at > 33:
        return Cell(kind="closed", text="检修", note="不用", place=f"p{at}")
    if not drawn:
        return Cell(kind="free", text=str(at + 1), place=f"p{at}")
    return Cell(
        kind="moved" if at == 9 else "named",
        text=NAMES[at % 10],
        note=UNITS[at % 6] + ("，调" if at == 9 else ""),
        person=f"B{at + 1:02}",
        found=at == 14,
    )


def draws(way: str = "computer") -> Sample:
    """Before the list is sealed, with a form in which something is wrong."""
    shown = DrawsPage(
        competition=COMPETITION,
        known="还没抽签",
        status=Chip(text="还没抽", kind="warn", icon="dashed-circle"),
        module="FORK|final|drive",
        tabs=[
            View(label="理论座位", url="#", current=False),
            View(label="工位", url="#", current=True),
        ],
        ways=[
            WayCard(
                key=key, icon=icon, title=title, who=who, proof=proof, url="#", chosen=key == way
            )
            for key, icon, title, who, proof in (
                ("computer", "dice", "电脑随机抽", "一个人按一下，10 秒", "谁都能复算"),
                ("sealed", "envelope", "当众封签", "几方各放一个签", "没人能单独左右结果"),
                ("paper", "note", "纸上抽过了", "把抽签单贴进来", "监督核对一遍才生效"),
            )
        ],
        way=way,
        standing=None,
        too_late="",
        heading="34 人放进 34 个位置",
        rule="同单位不在同一工位连着上",
        timetable=timetable(drawn=False),
        views=[],
        people=[],
        find="",
        open_layout=True,
        layout=LayoutForm(
            stations="1号工位\n2号工位",
            sessions="上午",
            per_session="很多",
            errors={
                "sessions": "第 1 行“上午”看不懂。要写成：第1场，2026-09-16 08:40，6，10",
                "per_session": "写 1 或更大的整数，不限就空着",
            },
        ),
        layers=layer_choices(),
        paper=PaperForm(
            lines="B01 第1场 1号", errors={"lines": "还有 33 个参赛号没有写：B02、B03 等 33 个"}
        )
        if way == "paper"
        else None,
        swap=None,
        why="",
        why_error="",
        problem="",
        warned=(
            "第1场 10:00–10:40和理论 09:00–10:30同时，12 人两边都要去；"
            "4 人躲不开：加场次或改时间，不改的封存时写理由。",
        ),
        closed_why="检修",
        closed_most=20,
        foot=Foot(title="先封存名单", text="封存以后不改。", label="封存名单", form="draw"),
        ceremonies=[],
        papers=[],
        urls=DrawsUrls(
            prepare="#",
            paper="#",
            layout="#",
            close="#",
            undo="#",
            swap="#",
            book="#",
            print=None,
        ),
    )
    return {"site": SITE, **fields_of(shown)}


def draws_paper() -> Sample:
    """A draw on paper is entered."""
    return draws("paper")


def draws_done() -> Sample:
    """Everybody stands somewhere, and somebody wants the draw to count no more."""
    return draws() | {
        "known": "9月16日抽的",
        "status": Chip(text="抽好了", kind="ok", icon="check-circle"),
        "ways": [],
        "layout": None,
        "standing": Standing(
            icon="dice",
            title="电脑随机抽，第 2 次抽签，9月16日 15:02",
            words="青石 渡口 白鹭 灯塔",
            note="按要求调过 2 人",
            url="#",
            ending=Ending(
                url="#", two=True, asked="吴敏 要作废：漏了一人", agree_url="#", keep_url="#"
            ),
        ),
        "heading": "34 人有位置",
        "timetable": timetable(drawn=True),
        "views": [
            View(label="场次 × 工位", url="#", current=True),
            View(label="按单位", url="#", current=False),
        ],
        "find": "林",
        "swap": SwapForm(first="B01", error="挪工位要写原因"),
        "ceremonies": [
            CeremonyLine(
                name="FORK-2022 实操抽签",
                number=2,
                module="实操",
                when="9月16日 08:21",
                state=Chip(text="抽好了", kind="ok"),
                url="#",
            )
        ],
        "papers": [
            PaperLine(
                module="理论",
                day="2022年9月15日",
                supervisor="田春",
                people=46,
                signed="S01 田春，2022年9月15日 09:40",
            )
        ],
        "foot": Foot(title="位置都定了", label="下一步：裁判分工", url="#"),
    }


def draws_empty() -> Sample:
    """Before anything was laid out."""
    return draws() | {
        "timetable": None,
        "layout": LayoutForm(),
        "foot": Foot(title="先排场次和工位"),
    }


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
        void_why="",
        void_error="",
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
        ending=Ending(url="#", two=drawn, error="请写理由") if phase == "opening" else None,
        by_computer=False,
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
