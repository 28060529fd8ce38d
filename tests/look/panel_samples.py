"""Sample data of what judges and the chief do together: signing, ruling, deciding, withdrawing."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.web.judge.recused import ClosedSheet
from compete.web.organiser.decisions.shapes import DecisionForm, DecisionRow, DecisionUrls
from compete.web.organiser.file_version.shapes import FileVersionPage, MovedRow
from compete.web.organiser.judges.shapes import CardHolder, CardUrls
from compete.web.organiser.panel.shapes import (
    AspectRow,
    JudgeColumn,
    PanelPage,
    PanelUrls,
    RulingField,
)
from compete.web.organiser.recusals.shapes import (
    ClosedRow,
    RecusalForm,
    RecusalRow,
    RecusalUrls,
    ShortPanelRow,
)
from compete.web.organiser.shapes import Link
from compete.web.organiser.sheets.shapes import (
    FieldRecordCard,
    SheetHead,
    SheetRow,
    SheetUrls,
    SignatureCard,
)
from compete.web.organiser.ties.shapes import PlayoffRow, TieCard, TiesPage
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.judge_samples import FRAME
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
PATH = "M20 80L40 30L70 90L110 35L150 80L200 40L260 75"
WORDS = "云杉 渡口 铜铃 春麦"
DESK = {"site": SITE, "competition": COMPETITION}
OWNER = SimpleNamespace(name="许静")


def pin_new() -> Sample:
    """The first use of a card, after two different PINs."""
    return {
        "owner": OWNER,
        "new": True,
        "problem": "两次写的 PIN 不一样，再写一次",
        "contact": False,
        "by_link": False,
    }


def pin_asked() -> Sample:
    """A later use."""
    return {"owner": OWNER, "new": False, "problem": None, "contact": True}


def new_card() -> Sample:
    """A fresh card on the chief's screen."""
    return {
        **DESK,
        "judge": CardHolder(name="许静", role="裁判 03"),
        "code": Markup(qr_svg("https://example.cn/sign-in/x", "登录码")),
        "renewed": True,
        "urls": CardUrls(new="#", renew="#", back=Link(label="评分进度", url="#")),
    }


def sheet() -> Sample:
    """A signed sheet that was sent back once, with its field record."""
    signature = SignatureCard(
        who="许静",
        at="9月16日 09:58",
        words=WORDS,
        hash="5f" * 32,
        path=PATH,
        box="0 0 600 150",
        paper=False,
        typed=False,
        superseded="",
        faults=[],
    )
    return {
        **DESK,
        "sheet": SheetHead(
            code="K-33", state="signed", module="实操", judge="裁判 03 许静", reason=None
        ),
        "doubts": ["裁判 03 记的“用时”是 3:58，沈国梁 10:20 看过，没错"],
        "rows": [
            SheetRow(
                criterion="计错",
                name="碰杆",
                value="1 次",
                marks="18",
                ruling="",
                brought="",
                otherwise=["裁判长交来的文件里，2026年9月16日 09:40 是 2 次，没有算"],
            ),
            SheetRow(
                criterion="操作平稳",
                name="操作平稳",
                value="2",
                marks="6.666667…",
                ruling="C1裁定：录像回看",
                brought="",
                otherwise=[],
            ),
        ],
        "total": "91.00",
        "notes": ["第二圈停车时按了喇叭"],
        "signatures": [
            signature,
            replace(
                signature,
                superseded="9月16日 09:50 作废：碰杆 3 次，录像是 2 次",
                faults=["签名内容和评分记录不一致"],
            ),
        ],
        "record": FieldRecordCard(
            at="9月16日 09:40",
            started="09:12",
            ended="09:31",
            extra_time="11 分 20 秒",
            stops=["10:19 停：叉车液压漏油，补时 11 分 20 秒"],
            violations="",
            working_time=None,
            words=WORDS,
            path=PATH,
            box="0 0 600 190",
        ),
        "urls": SheetUrls(
            back=Link(label="评分进度", url="#"),
            print="#",
            panel=Link(label="同组对着看，裁定用时", url="#"),
        ),
    }


def _panel() -> PanelPage:
    judges = [
        JudgeColumn(code=code, name=name, state="submitted", url="#", total=total)
        for code, name, total in (
            ("05", "万敏", "90.00"),
            ("06", "陶然", "84.00"),
            ("07", "卞志强", "84.00"),
        )
    ]
    ladder = ("0 急停急转", "1 轻微晃动", "2 个别顿挫", "3 全程平稳")
    return PanelPage(
        competition=COMPETITION,
        code="K-22",
        module="实操",
        revealed=True,
        submitted=3,
        judges=judges,
        rows=[
            AspectRow(
                code="pole",
                name="碰杆",
                values=["1 次", "1 次", "1 次"],
                brought=["", "技术员 田春代交", ""],
                apart=None,
                doubt=None,
                ruling_stands=False,
                field=None,
            ),
            AspectRow(
                code="smooth",
                name="操作平稳",
                values=["3", "1", "1"],
                brought=["", "", ""],
                apart="3 位裁判评 3、1、1，差 2 档，上限 1 档",
                doubt=None,
                ruling_stands=False,
                field=RulingField(
                    hint="",
                    value="2",
                    options=[
                        Choice(value=str(rung), label=label) for rung, label in enumerate(ladder)
                    ],
                ),
            ),
        ],
        sums=None,
        time=None,
        rulings=[],
        rule_url="#",
        remarked=True,
        reason="",
        urls=PanelUrls(back=Link(label="评分进度", url="#")),
        appeals="#",
    )


def panel() -> Sample:
    """A panel too far apart, with the chief's ruling to be written."""
    return {"site": SITE, **fields_of(_panel()), "problem": "裁定要写理由"}


def panel_hidden() -> Sample:
    """Before all are in."""
    shown = _panel()
    rows = [
        replace(row, values=[""] * 3, brought=[""] * 3, apart=None, field=None)
        for row in shown.rows
    ]
    hidden = replace(shown, revealed=False, submitted=2, rows=rows, rule_url=None)
    return {"site": SITE, **fields_of(hidden), "problem": None}


def decisions() -> Sample:
    """One waits for its second signature, one counts."""
    decision = DecisionRow(
        id=1,
        who="B13 周学军",
        what="扣罚，扣 2 分",
        where="实操",
        state="proposed",
        word="等第二人确认",
        reason="带手机进场",
        evidence="监督 田春看到，录像 12 分 30 秒",
        photo="#",
        proposed="沈国梁 9月16日 10:20 提出",
        confirmed=None,
        ended=None,
        why_not=None,
        confirm_url="#",
        withdraw_url="#",
    )
    names = ("who", "kind", "place", "points", "seconds", "reason", "evidence")
    return {
        **DESK,
        "book_url": "#",
        "decisions": [
            decision,
            replace(
                decision,
                id=2,
                state="confirmed",
                word="已生效",
                confirmed="田春 9月16日 10:22 确认",
                confirm_url=None,
            ),
        ],
        "form": DecisionForm(
            values=dict.fromkeys(names, ""),
            kinds=[Choice(value="penalty", label="扣罚")],
            effects=["扣罚：扣分从模块成绩里减，最低到 0；罚时加到用时上。"],
            places=[Choice(value="final|practice", label="实操")],
            locked=[Link(label="理论", url="#"), Link(label="实操 第1场", url="#")],
            blind="盲评的赛项写加密号，或者写参赛号。",
            codes_url="#",
        ),
        "problem": "理论已经锁定，要改先由两个人解锁：裁判长或组委会申请，另一个人同意",
        "closed": None,
        "way": Link(label="去解锁", url="#"),
        "urls": DecisionUrls(back=Link(label="评分进度", url="#")),
    }


def ties() -> Sample:
    """Two are equal for one place; one tie-break waits, one is void."""
    playoff = PlayoffRow(
        id=1,
        what="加赛",
        where="预赛",
        order="B03 程国栋 > B07 严文海",
        reason="加做一件，先完成的在前",
        state="missing",
        word="等第二人确认",
        void=None,
        by="沈国梁 9月16日 10:20 提出",
        confirm_url="#",
        why_not=None,
        withdraw_url="#",
    )
    tie = TieCard(
        mark="a1",
        where="预赛第 8 名",
        open="还有 1 个名额，这 2 人同分，都没进",
        people=["B11 何永康", "B12 周学军"],
        event="E",
        stage="pre",
        typed={"place-0": "1", "place-1": "3"},
        problem="“B12 周学军”排第几要写 1 到 2",
    )
    page = TiesPage(
        competition=DESK["competition"],
        back=Link(label="成绩排名", url="#"),
        playoffs=[
            playoff,
            replace(
                playoff,
                id=2,
                state="approved",
                word="已生效",
                void="作废了，要撤回：“B07”和“B03”并不同分，名次已经分开",
                confirm_url=None,
            ),
        ],
        ties=[tie],
        others=[replace(tie, mark="b2", open=None, problem=None, typed={})],
        kinds=[Choice(value="extra", label="加赛"), Choice(value="lot", label="抽签")],
        propose_url="#",
        closed=None,
        way=None,
    )
    return {**DESK, **fields_of(page)}


def file_version() -> Sample:
    """A competition of the first version: what would move, and the act."""
    page = FileVersionPage(
        competition=DESK["competition"],
        back=Link(label="竞赛资料", url="#"),
        number=1,
        why_stays=None,
        refused=[],
        written=["“叉车司机”：名次不并列，还一样的写明按编号"],
        moved=[
            MovedRow(
                who="B11 何永康", where="叉车司机", what="晋升等级", was="三级/高级工", now="没有"
            )
        ],
        more=2,
        mark="m",
        url="#",
        problem="写明为什么换",
        reason="",
    )
    return {**DESK, **fields_of(page)}


def recusals() -> Sample:
    """Too few judges left for one, and who has withdrawn."""
    choices = [Choice(value="08", label="08 沈岳")]
    return {
        **DESK,
        "short": [
            ShortPanelRow(code="K-12", module="实操", left=1, least=2, url="#", judges=choices)
        ],
        "recusals": [
            RecusalRow(judge="03 许静", whom="江北港", count=2, reason="同单位", at="9月16日 08:20")
        ],
        "closed": [ClosedRow(id="x", code="K-12", module="实操", judge="03 许静", url="#")],
        "form": RecusalForm(judges=choices, units=[Choice(value="U1", label="江北港")], values={}),
        "problem": None,
        "urls": RecusalUrls(back=Link(label="评分进度", url="#"), book="#"),
    }


def field_record() -> Sample:
    """The field record with a mistake in it."""
    return {
        **FRAME,
        "sheet": {"code": "K-33", "url": "#"},
        "values": {
            "started": "09:12",
            "ended": "",
            "extra_minutes": "2",
            "violations": "没戴安全帽 1 次",
        },
        "signed": None,
        "stops": ["10:19 停：叉车液压漏油，补时 11 分 20 秒"],
        "problem": "结束时间要写成 09:05 这样",
        "drawing": "",
        "writing": True,
        "locked": False,
    }


def field_signed() -> Sample:
    """The field record once the contestant has signed."""
    facts = {"started": "09:12", "ended": "09:31", "extra_time": "2 分", "violations": ""}
    return {
        **field_record(),
        "signed": {**facts, "stops": [], "at": "09:40"},
        "problem": None,
        "writing": False,
    }


def recused() -> Sample:
    """The old address of a sheet from which its judge has withdrawn."""
    return {
        **FRAME,
        **fields_of(
            ClosedSheet(
                code="K-33",
                title="你回避了 K-33",
                who="组委会吴敏 9月16日 10:02 给你登记的",
                reason="和选手同单位，" * 9,
                home_url="#",
            )
        ),
    }


def withdraw() -> Sample:
    """A judge withdraws."""
    return {
        **FRAME,
        "sheet": {"code": "K-33", "url": "#"},
        "choices": [
            {"value": "entrant", "label": "只回避 K-33"},
            {"value": "U1", "label": "江北港的全部选手"},
        ],
        "chosen": "entrant",
        "reason": "",
        "problem": "回避要写理由",
    }
