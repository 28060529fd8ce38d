"""Sample data of the floor: a hall of four stations in the middle of a session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from compete.models import utc_now
from compete.web.organiser.arrivals.shapes import StateCount
from compete.web.organiser.floor.shapes import (
    EndOfSession,
    FloorCard,
    FloorColumn,
    FloorPage,
    LiveFloor,
    MovedRow,
    StopPage,
    StopRow,
    Taken,
    TimesPage,
    ToSee,
)
from compete.web.organiser.shapes import Link, View
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
LONG = "乌鲁木齐国际陆港区多式联运集装箱中心站第一装卸作业分公司工会委员会代表队"
_WORDS = {
    "at": ("在工位", "half-circle"),
    "next": ("候考", "clock"),
    "present": ("已检录", "check-circle"),
    "missing": ("没检录", "dashed-circle"),
    "done": ("已完成", "check"),
    "out": ("缺考", "ban"),
}


def _card(code: str, name: str, state: str, planned: str, **more: Any) -> FloorCard:
    word, icon = _WORDS[state]
    plain: dict[str, Any] = {
        **{"unit": "洪泽湖港", "person_url": "#", "station": "2号工位", "warn": False},
        **{"likely": "", "since": "", "full": "", "note": "", "note_bad": False},
        **{"stopped": "", "given": "", "stop_url": None},
    }
    return FloorCard(
        code=code, name=name, state=state, word=word, icon=icon, planned=planned, **(plain | more)
    )


def _column(number: int, *cards: FloorCard, chip: str = "准点", **more: Any) -> FloorColumn:
    kind = "warn" if chip.startswith("晚") else "ok"
    plain: dict[str, Any] = {"more": 0, "more_at": 0, "done": 9, "all": 12}
    return FloorColumn(
        title=f"{number}号工位",
        under="实操",
        chip=chip,
        chip_kind=kind,
        at=[card for card in cards if card.state == "at"],
        coming=[card for card in cards if card.state != "at"],
        marks=[*["done"] * 9, "at", "next", "missing"],
        **(plain | more),
    )


def _since(seconds: int) -> str:
    return (utc_now() - timedelta(seconds=seconds)).isoformat()


def _columns() -> list[FloorColumn]:
    late = _card(
        "B04", "钱海峰", "missing", "10:46", warn=True, note="10:41 停止检录", note_bad=True
    )
    long = _card(
        "B36", "努尔艾合麦提·阿卜杜热合曼·麦麦提敏", "next", "10:20", likely="10:32", unit=LONG
    )
    return [
        _column(
            1,
            _card(
                *("B25", "秦超", "at", "10:20"),
                **{"since": _since(378), "full": "480", "given": "补时 40 秒", "stop_url": "#"},
            ),
            _card("B36", "姜少华", "next", "10:34", note="09:58 检录"),
            _card("B18", "魏洁", "present", "10:46", note="10:02 检录"),
        ),
        _column(
            2,
            _card(
                *("B21", "林海涛", "at", "10:20"),
                **{"since": _since(520), "full": "480", "stop_url": "#"},
                stopped="停了 11 分 20 秒：叉车液压漏油",
            ),
            late,
        ),
        _column(
            3,
            _card("B20", "金洁", "at", "10:20", note="10:28 后没消息", note_bad=True),
            long,
            chip="晚 12 分",
            more=3,
        ),
        _column(4, chip="", done=11, all=11),
    ]


def _live(**more: Any) -> LiveFloor:
    numbers = {"missing": 1, "present": 2, "next": 3, "at": 4, "done": 35, "out": 1}
    whole = StateCount(key="all", icon="equals", label="全部", count=46, url="#", current=True)
    plain: dict[str, Any] = {
        "counts": [
            whole,
            *(
                StateCount(
                    key=key,
                    icon=_WORDS[key][1],
                    label=_WORDS[key][0],
                    count=n,
                    url="#",
                    current=False,
                )
                for key, n in numbers.items()
            ),
        ],
        **{"columns": _columns(), "as_rows": False, "chosen": None, "beyond": 0},
        "to_see": [
            ToSee(
                title="钱海峰 没检录",
                where="2号工位",
                text="10:05 停止检录，过了 26 分钟。江南港",
                icon="dashed-circle",
                acts=[Link(label="记缺考", url="#"), Link(label="去检录", url="#")],
            ),
            ToSee(
                title="林海涛 的设备停了",
                where="2号工位",
                text="10:19 停：叉车液压漏油",
                icon="diamond-alert",
                acts=[Link(label="补时，或者换到最后一批", url="#")],
            ),
            ToSee(
                title="3号工位晚 12 分钟",
                where="后面 4 人",
                text="照现在算：郑振宇 10:36、严海峰 10:50",
                icon="clock",
                acts=[Link(label="改后面的时间", url="#")],
            ),
        ],
        "waited": "最早的等了 26 分钟",
        "beyond_to_see": 0,
        "ends": [EndOfSession(name="第3场", planned="11:00", likely="11:12", late=True)],
        **{"recorded": True, "blind": False, "updated": "10:31"},
        "taken": Taken(text="10:30 吴敏：2 人推迟 12 分钟（叉车液压漏油）", seq=7, url="#"),
    }
    return LiveFloor(**(plain | more))


def _page(live: LiveFloor) -> Sample:
    frame = FloorPage(
        competition=COMPETITION,
        days=[View(label=day, url="#", current=day == "9月16日") for day in ("9月15日", "9月16日")],
        list_url="#",
        times_url="#",
        book_url="#",
        live_url="#",
    )
    return {**fields_of(frame), **fields_of(live), "site": SITE}


def floor() -> Sample:
    """Four stations."""
    return _page(_live())


def floor_many() -> Sample:
    """More stations than stand side by side, without check-in, and one event blind."""
    return _page(_live(columns=_columns() * 3, as_rows=True, recorded=False, blind=True))


def floor_empty() -> Sample:
    """A competition without times."""
    return _page(_live(columns=[], to_see=[], ends=[], taken=None, recorded=False))


def times() -> Sample:
    """A batch that is looked at, and a name of thirty characters."""
    rows = [
        MovedRow(
            code="B32",
            name="郑振宇",
            unit="江北港",
            place="第3场 3号工位",
            before="10:20",
            after="10:32",
        ),
        MovedRow(
            code="B42",
            name="林" * 30,
            unit=LONG,
            place="第3场 3号工位",
            before="10:34",
            after="10:46",
        ),
    ]
    choices = [Choice(value="", label="全部工位"), Choice(value="3号工位", label="3号工位")]
    page = TimesPage(
        competition=COMPETITION,
        back_url="#",
        self_url="#",
        day="2022-09-16",
        day_words="9月16日",
        blind=True,
        events=[],
        stations=choices,
        sessions=[Choice(value="", label="全部场次"), Choice(value="第3场", label="第3场")],
        event="",
        station="3号工位",
        session="",
        since="10:20",
        minutes="12",
        reason="",
        rows=rows,
        more=0,
        count=2,
        seen="x",
        why_not="",
        problem="为什么改时间，要写上",
        minutes_problem="",
    )
    return {**fields_of(page), "site": SITE}


def stop() -> Sample:
    """Equipment that stopped a second time, before anything is given for it."""
    rows = [
        StopRow(
            number=1,
            text="10:02 停：指示灯不亮",
            said="补时 40 秒",
            by="10:04 吴敏",
            can_undo=True,
        ),
        StopRow(
            number=2,
            text="10:19 停：叉车液压漏油" + "，换备用车" * 8,
            said="还没定怎么补",
            by="10:20 吴敏",
            can_undo=True,
        ),
    ]
    return {**fields_of(_stop(rows, 2)), "site": SITE}


def stop_new() -> Sample:
    """The first stop of somebody in a blind event, written down without a reason."""
    return {**fields_of(_stop([], None)), "site": SITE}


def _stop(rows: list[StopRow], open_: int | None) -> StopPage:
    return StopPage(
        competition=COMPETITION,
        back_url="#",
        self_url="#",
        place="final/drive",
        who="金洁 B20",
        where=["3号工位", "实操", LONG],
        blind=not rows,
        stops=rows,
        open=open_,
        length="11:20",
        last_at="11:40" if open_ else "",
        at="10:19",
        reason="",
        act="give" if open_ else "note",
        problem="补时写成 11:20 这样，最多 10 小时" if open_ else "什么设备停了、怎么停的，要写上",
        why_not="",
    )
