"""Sample data of the page about accidents that units reported."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.accidents.shapes import AccidentCard, AccidentsPage
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from tests.look.labour_form_samples import LONG
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

Sample = dict[str, Any]
WAITS = Chip(text="待核", kind="warn", icon="clock")


def _card(number: int, **keys: Any) -> AccidentCard:
    given: dict[str, Any] = {
        "title": "一标 2026-02-11，2 月",
        "chip": WAITS,
        "text": "塔吊卸料时钢管滑落，砸中围挡，没有人受伤。",
        "said": ["赵敏 2 月 11 日 16:20 报的"],
        "file_name": "现场照片.jpg",
        "file_url": "#",
        "asked_url": None,
        "confirm_url": None,
        "refuse_url": None,
        "agree_url": None,
        "drop_url": None,
        "why_not": None,
    }
    return AccidentCard(id=number, **{**given, **keys})


def _page(**keys: Any) -> Sample:
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "back_url": "#",
        "book_url": "#",
        "kinds": [
            Choice(value="veto", label="一票否决"),
            Choice(value="adjustment", label="扣分"),
        ],
        "waiting": [],
        "settled": [],
        "typed_in": None,
        "typed": {},
        "problem": None,
    }
    return fields_of(AccidentsPage(**{**given, **keys})) | {"site": SITE}


def accidents() -> Sample:
    asked = "吴敏 2 月 12 日 09:00 提出一票否决：查实是违章吊装"
    refusing = "吴敏 2 月 12 日 09:10 提出不算：和 2 月 3 日的是同一起"
    return _page(
        waiting=[
            _card(4, confirm_url="#", refuse_url="#"),
            _card(3, said=["赵敏 2 月 10 日 08:01 报的", asked], asked_url="#", file_url=None),
            _card(
                2,
                title=f"{LONG} 2026-02-05，2 月",
                said=["李强 2 月 5 日 18:40 报的", refusing],
                agree_url="#",
                drop_url="#",
            ),
        ],
        settled=[
            _card(
                1,
                chip=Chip(text="核实了", kind="bad", icon="warn"),
                said=["赵敏 2 月 3 日 11:30 报的", asked, "周颖 2 月 12 日 10:00 同意"],
            )
        ],
    )


def refused() -> Sample:
    return _page(
        waiting=[_card(4, confirm_url="#", refuse_url="#")],
        typed_in=4,
        typed={"kind": "adjustment", "points": "多", "reason": "轻伤一人"},
        problem="分数写成数字，最多 6 位小数",
    )


def none() -> Sample:
    return _page()
