"""Sample data of checking in, as the server gives it; the page's real script draws it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.check_in.list_json import ActData, ListData, PersonData
from compete.web.check_in.views import ClerkPage, ClerkUrls
from compete.web.organiser.arrivals.shapes import (
    ArrivalRow,
    ArrivalsPage,
    LiveArrivals,
    Note,
    StateCount,
)
from compete.web.organiser.shapes import View
from compete.web.pages import fields_of
from compete.web.site import Person
from tests.look.people import COMPETITION, SITE, page
from tests.look.portrait_samples import PICTURE

Sample = dict[str, Any]
LONG = "乌鲁木齐国际陆港区多式联运集装箱中心站第一装卸作业分公司工会委员会代表队"


def _person(code: str, name: str, station: str, *acts: ActData, **more: Any) -> PersonData:
    person: PersonData = {
        "id": code,
        "entrant": code,
        "name": name,
        "key": "",
        "unit": "洪泽湖港代表队",
        "event": "叉车司机",
        "papers": [
            {"name": name, "number": "3200**********0114", "tail": "0114", "photo": PICTURE}
        ],
        "badge": code,
        "stage": "final",
        "session": "第3场",
        "module": None,
        "day": "2022-09-16",
        "title": "第3场",
        "station": station,
        "opens": None,
        "closes": "2022-09-16T02:05:00+00:00",
        "starts": "2022-09-16T02:20:00+00:00",
        "outcome": None,
        "absent": False,
        "acts": list(acts),
    }
    return {**person, **more}  # type: ignore[typeddict-item]


def _passed(at: str) -> ActData:
    return {"uuid": at, "kind": "passed", "at": f"2022-09-16T{at}Z", "by": "丁一鸣", "note": None}


def _page(data: ListData) -> Sample:
    shown = ClerkPage(
        competition=COMPETITION.name,
        place="江北港实训场 B 区，东门进，先到检录处",
        today="9月16日",
        judge_id="k1.2",
        urls=ClerkUrls(list="#", acts="#", desk="#"),
    )
    return {
        **fields_of(shown),
        "site": replace(SITE, person=Person(name="丁一鸣", role="检录员", mark="1")),
        "data": data,
        "words": None,
    }


def clerk() -> Sample:
    """Page 14, while nobody stands there."""
    people = [
        _person("B32", "郑振宇", "3号工位", _passed("01:59:00")),
        _person("B25", "秦超", "1号工位", _passed("01:58:00")),
        _person("B21", "林海涛", "2号工位"),
        _person("B04", "钱" * 60, "4号工位", unit=LONG),
        _person("B44", "李浩", "4号工位", outcome="缺考", absent=True),
    ]
    return _page(
        {
            "now": "2022-09-16T02:01:00+00:00",
            "version": "1",
            "items": ["身份证原件", "安全帽", "反光背心"],
            "replaced": [],
            "people": people,
        }
    )


def clerk_empty() -> Sample:
    """Before anybody is registered."""
    return _page(
        {
            "now": "2022-09-16T02:01:00+00:00",
            "version": "1",
            "items": [],
            "replaced": [],
            "people": [],
        }
    )


def _row(number: str, name: str, state: str, word: str, icon: str, **more: Any) -> ArrivalRow:
    row: Sample = {
        "unit": "洪泽湖港代表队",
        "person_url": "#",
        "session": "第3场 9月16日 10:20",
        "station": "2号工位",
        "starts": "10:20",
        "time": "",
        "notes": [],
        "absent_url": None,
        "undo": None,
    }
    return ArrivalRow(number=number, name=name, state=state, word=word, icon=icon, **(row | more))


def _arrivals(rows: list[ArrivalRow], counts: list[tuple[str, str, str, int]]) -> Sample:
    views = [View(label=label, url="#", current=label == "第3场") for label in ("第2场", "第3场")]
    frame = ArrivalsPage(
        competition=COMPETITION,
        rounds=views,
        stations=[View(label="全部工位", url="#", current=True)],
        clerk_url="#",
        officials_url="#",
        floor_url="#",
        live_url="#",
        book_url="#",
    )
    live = LiveArrivals(
        counts=[
            StateCount(key=key, icon=icon, label=label, count=n, url="#", current=key == "all")
            for key, icon, label, n in counts
        ],
        rows=rows,
        page=page(total=len(rows)),
        recorded=bool(rows),
        updated="10:31",
        undo_url="#",
        one_session=True,
    )
    return {**fields_of(frame), **fields_of(live), "site": SITE}


def arrivals() -> Sample:
    """The desk's list."""
    return _arrivals(
        [
            _row(
                *("B04", "钱海峰", "late", "过了时间没检录", "clock"),
                notes=[
                    Note(text="10:05 停止检录", kind="warn"),
                    Note(text="10:01 没放行：证没带，他去拿了", kind="bad"),
                ],
                absent_url="#",
            ),
            _row("B21", "林" * 60, "expected", "没到时间", "dashed-circle", unit=LONG),
            _row(
                *("B32", "郑振宇", "present", "检录过", "check-circle"),
                time="09:59",
                notes=[Note(text="丁一鸣"), Note(text="没点：反光背心", kind="warn")],
                undo="record",
            ),
            _row("B44", "李浩", "absent", "缺考", "ban"),
        ],
        [
            ("all", "equals", "全部", 4),
            ("late", "clock", "过了时间没检录", 1),
            ("expected", "dashed-circle", "没到时间", 1),
            ("present", "check-circle", "检录过", 1),
            ("absent", "ban", "缺考或退出", 1),
        ],
    )


def arrivals_empty() -> Sample:
    """Before anybody is registered."""
    return _arrivals([], [("all", "equals", "全部", 0)])
