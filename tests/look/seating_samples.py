"""Panels, to be looked at: one picked judge, every answer a station can give, a proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.organiser.confirming.shapes import Fact
from compete.web.organiser.headed_rows import PlannedRow
from compete.web.organiser.judges.correcting import CorrectingPage
from compete.web.organiser.judges.replacing import ReplacingPage
from compete.web.organiser.seating.settling import PanelsCard, SeatRow, SettlingPage
from compete.web.organiser.seating.shapes import (
    BenchJudge,
    ExaminersForm,
    MoveRow,
    NumberField,
    PickedJudge,
    RuleField,
    SeatedJudge,
    SeatingPage,
    SeatingUrls,
    SettledCard,
    ShortRow,
    StationCard,
    SuggestionCard,
    Swap,
    TieRow,
    Verdict,
)
from compete.web.organiser.shapes import CompetitionLink, View
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.people import SITE
from tests.look.rows_preview import looked_at

Sample = dict[str, Any]
EXPIRED = "比赛那天证书已过期（2026-10-01 到期）"
_LONG = "阿卜杜热依木·" * 8 + "阿卜杜"


def _seated(
    code: str,
    name: str,
    unit: str,
    trouble: str = "",
    hard: bool = False,
    swap: Swap | None = None,
) -> SeatedJudge:
    return SeatedJudge(
        code=code,
        name=name,
        unit=unit,
        warned=EXPIRED if code == "02" else "",
        load="12 人",
        trouble=trouble,
        hard=hard,
        explained="2018 年以后没有来往，裁判长知道" if trouble and not hard else "",
        hold_url="#",
        bad="1 3",
        warn="2",
        swap=swap,
    )


def _bench(code: str, name: str, kind: str, note: str, picked: bool = False) -> BenchJudge:
    return BenchJudge(
        code=code,
        name=name,
        unit="海州港",
        warned=EXPIRED if code == "14" else "",
        note=note,
        kind=kind,
        picked=picked,
        hold_url="#",
        bad="1",
        warn="2",
    )


def _station(number: int, name: str, verdict: Verdict | None, *seated: SeatedJudge) -> StationCard:
    return StationCard(
        number=number,
        value=name,
        name=name,
        people="12 人，每人 3 张",
        seated=seated,
        empty=3 - len(seated),
        verdict=verdict,
    )


def _page(**changed: Any) -> Sample:
    three = (
        _seated("01", "顾文", "港口职院"),
        _seated("02", "钱立新", "省特检院", "和 郑大伟 同单位", hard=True),
        _seated("12", "田野", "行业协会", "带过 孙娟，到 2018 年"),
    )
    verdicts = (
        Verdict(kind="bad", text="不能放", why="和 郑大伟 同单位"),
        Verdict(kind="warn", text="能放，要说明", why="带过 孙娟，到 2018 年"),
        Verdict(kind="full", text="坐满了"),
        Verdict(kind="ok", text="能放"),
    )
    swaps = (
        Swap(kind="ok", text="换下"),
        Swap(kind="bad", text="不能换", why="许静 和 李浩 同单位"),
        Swap(kind="warn", text="换下", why=f"{_LONG} 带过 孙娟，到 2018 年"),
    )
    page = SeatingPage(
        competition=CompetitionLink(name="2022年全省港口叉车司机职业技能竞赛", url="#"),
        modules=[
            View(label="理论", url="#", current=False),
            View(label="实操", url="#", current=True),
        ],
        module="F|final|m",
        title="实操",
        seats="12 席，坐了 10 席",
        hard=1,
        explained=1,
        bare=1,
        picked=PickedJudge(
            code="03",
            name="许静",
            unit="海州港",
            warned=EXPIRED,
            away_from=None,
            key="03",
            cancel_url="#",
        ),
        bench=[
            _bench("03", "许静", "warn", "2 个工位能去", picked=True),
            _bench("08", _LONG, "ok", "哪里都能去"),
            _bench("14", "何川", "bad", "哪里都不能放：和 李晓东 同单位"),
        ],
        stations=[
            _station(1, "1号", verdicts[0], *three[:2]),
            _station(2, "2号", verdicts[1], *three[:1]),
            _station(
                3,
                "3号",
                verdicts[2],
                *(replace(each, swap=swap) for each, swap in zip(three, swaps, strict=True)),
            ),
            _station(4, "4号", verdicts[3], _seated("07", _LONG, _LONG)),
        ],
        suggestion=None,
        ties=[
            TieRow(
                judge="03 许静",
                who="B07 孙娟",
                kind="师徒",
                year="到 2018 年",
                note="在二车间带过一年",
                end_url="#",
            ),
            TieRow(judge=f"08 {_LONG}", who=_LONG, kind="所在单位", year="", note="", end_url="#"),
        ],
        ties_total=2,
        tied="",
        faults=[],
        rules=[RuleField(name="unit", label="同单位", chosen="hard")],
        weights=[Choice(value="hard", label="不能放"), Choice(value="soft", label="能放，要说明")],
        years="3",
        asks_reason=False,
        reason="",
        problem=None,
        settling=SettledCard(
            chip="",
            kind="",
            icon="",
            lacks=["还差 2 席", "必须回避 1 处"],
            refused="沈国梁 没有同意：4 号没有国家级裁判",
            changed=[],
            told="定下来要裁判长 沈国梁 点头，定下来以后换人要写理由。",
            seen="x",
            settled=False,
            ask_url=None,
            drop_url=None,
        ),
        short=["“实操”差 1 名考评员：22 人要 5 名，排了 4 名", f"“{_LONG}”排了 2 名考评员"],
        examiners=ExaminersForm(
            url="#",
            fields=[
                NumberField(name="theory_per", label="理论：一名考评员最多管几名考生", value="15")
            ],
            reason="",
            failed=True,
        ),
        undo_step=7,
        undo_what="吴敏 10:05 改的",
        urls=SeatingUrls(
            place="#",
            away="#",
            swap="#",
            use="#",
            suggest="#",
            suggest_all="#",
            undo="#",
            rules="#",
            ties="#",
            bring="#",
            judges="#",
            paper="#",
            workbook="#",
        ),
    )
    return {"site": SITE, **fields_of(page), **changed}


def picked() -> Sample:
    """A judge is being put somewhere."""
    return _page()


def suggested() -> Sample:
    """A proposal beside the panels, and a line that could not be read."""
    card = SuggestionCard(
        moves=[
            MoveRow(
                key="03|2号",
                text="03 许静 到 2号",
                why="4 个工位里只有这里没有必须回避的选手",
                explain="带过 孙娟，到 2018 年",
            ),
            MoveRow(key="08|4号", text=f"08 {_LONG} 离开 4号", why="必须回避", explain=""),
        ],
        short=[ShortRow(title="4号缺 1 席", why="裁判不够，再请 1 人")],
        facts=[
            ("必须回避", "0 处", "ok"),
            ("要说明的", "1 处", "warn"),
            ("每人评几个", "11 到 12 个", ""),
        ],
        best="现在的分工就是最好的，不用动。",
        told="0.3 秒算完",
        seats=["03|2号"],
        seen="x",
        explained=True,
        first="loads",
        other="level",
    )
    return _page(
        picked=None,
        suggestion=card,
        faults=["第 4 行：没有裁判“J99”"],
        tied="J99，孙娟，师徒",
        problem="有 1 行要改，一行都没有记",
    )


def settled() -> Sample:
    """Panels that are settled and changed since."""
    card = SettledCard(
        chip="11月23日 10:05 定下来了",
        kind="ok",
        icon="lock",
        lacks=[],
        refused="",
        changed=[
            ("11月23日 11:20 吴敏 安排裁判 实操：03 许静，换下 08 沈岳", "沈岳突发疾病"),
            (f"11月23日 10:40 吴敏 去掉裁判 实操：{_LONG}", _LONG),
        ],
        told="定下来要裁判长 沈国梁 点头，定下来以后换人要写理由。",
        seen="x",
        settled=True,
        ask_url=None,
        drop_url=None,
    )
    return _page(picked=None, settling=card, asks_reason=True)


def to_settle() -> Sample:
    """What waits for the chief judge, and what somebody else has to agree to."""
    rows = [
        SeatRow(station="1号", judge="01 顾文", unit="港口职院，高级技师"),
        SeatRow(station="1号", judge=f"02 {_LONG}", unit=_LONG),
    ]
    waiting = PanelsCard(
        key="F|final|m",
        title="实操",
        asked="吴敏 11月23日 09:40 提的",
        seats=rows,
        facts="必须回避 0 处，说明过的 1 处",
        seen="x",
        why_not="",
        lacks="",
    )
    page = SettlingPage(
        competition=CompetitionLink(name="2022年全省港口叉车司机职业技能竞赛", url="#"),
        cards=[
            waiting,
            replace(waiting, title=_LONG, why_not="要另一个人来"),
            replace(waiting, title="答辩", lacks="提的时候还没有这 1 处必须回避，退回重排"),
        ],
        settled=[("理论", "11月22日 16:00")],
        problem="不同意要写理由",
        agree_url="#",
        refuse_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def replacing() -> Sample:
    """One judge is replaced by another, refused once."""
    page = ReplacingPage(
        competition=CompetitionLink(name="2022年全省港口叉车司机职业技能竞赛", url="#"),
        name=_LONG,
        facts=[
            Fact(what="3 张没签的评分表跟着走", detail="其中 1 张已经写了：原来写的留在记录里"),
            Fact(what="2 张签过的不动", detail=f"还是 {_LONG} 评的"),
        ],
        choices=[Choice(value="", label="名单里没有的人，写在下面")],
        chosen="",
        typed="",
        reason="",
        problem="换裁判要写理由",
        act_url="#",
        back_url="#",
    )
    return {"site": SITE, **fields_of(page)}


def brought() -> Sample:
    """A workbook of officials with a row that cannot be written."""
    page = looked_at(
        ["姓名", "职责", "单位"],
        PlannedRow(
            number="3",
            state="refused",
            texts=("", "门卫", _LONG),
            told=["姓名：姓名要写", "职责：写裁判"],
            fields={0: "cell:3:name", 1: "cell:3:role"},
        ),
        PlannedRow(
            number="2",
            state="added",
            texts=("罗平", "裁判", _LONG),
            told=[f"“{_LONG}”不是参赛单位，不用按单位回避"],
        ),
    )
    return page


def correcting() -> Sample:
    """An official's name and unit put right, refused once."""
    page = CorrectingPage(
        stays="",
        drop_url="#",
        competition=CompetitionLink(name="2022年全省港口叉车司机职业技能竞赛", url="#"),
        title=f"J03 {_LONG}",
        name=_LONG,
        unit="U1",
        units=[Choice(value="", label="不是参赛单位的"), Choice(value="U1", label=_LONG)],
        other="",
        longest=200,
        reason="",
        asks_reason=True,
        problem="评分开始以后更正要写理由",
        act_url="#",
        back_url="#",
    )
    return {"site": SITE, **fields_of(page)}
