"""From the standings each month and inspection is one press away, within the same group."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask

from compete.domain.bundle import Labour, Period, write_bundle
from compete.models import Account, Competition
from compete.web.organiser.labour.view_model import MOST_LEAVES, leaves_beside
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.support.signing_in import signed_in


def test_months_stand_under_the_period_that_is_shown(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙",
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 100)],
        values=[value(unit, month, "安全", 90) for unit in "甲乙" for month in ("一月", "二月")],
        groups={"甲": "土建", "乙": "机电"},
    )
    load(json.loads(write_bundle(bundle)))
    desk = signed_in(app, organiser)
    page = desk.get("/desk/L/labour?group=土建").text
    months = page.split('aria-label="看哪个月、哪次检查"')[1].split("</nav>")[0]
    assert months.count("<a ") == 2
    assert "aria-current" not in months
    link = months.split('href="')[2].split('"')[0].replace("&amp;", "&")
    page = desk.get(link).text
    assert "二月排名" in page
    months = page.split('aria-label="看哪个月、哪次检查"')[1].split("</nav>")[0]
    assert months.count('aria-current="page"') == 1
    groups = page.split('aria-label="看哪一组"')[1].split("</nav>")[0]
    assert 'aria-current="page">土建' in groups
    # A group that there is not is none to look at: the first one.
    assert "aria-current" in desk.get("/desk/L/labour?group=没有").text.split("看哪一组")[1]


@pytest.mark.parametrize("weeks", [3, MOST_LEAVES])
def test_where_they_are_many_those_of_the_next_whole_stand_there_alone(weeks: int) -> None:
    periods = [Period(code="Y", name="年")]
    for half in ("H1", "H2"):
        periods.append(Period(code=half, name=half, part_of="Y"))
        periods += [Period(code=f"{half}-{n}", name=f"{n}", part_of=half) for n in range(weeks)]
    periods.append(Period(code="Y-I", name="检查", part_of="Y"))
    labour = Labour(periods=tuple(periods), indicators=())
    own = [f"H1-{n}" for n in range(weeks)]
    assert leaves_beside(labour, "H1") == own
    assert leaves_beside(labour, "H1-1") == own
    others = [f"H2-{n}" for n in range(weeks)]
    every = [*own, *others, "Y-I"] if 2 * weeks + 1 <= MOST_LEAVES else ["Y-I"]
    assert leaves_beside(labour, "Y") == every
    assert leaves_beside(labour, "Y-I") == every
    bare = Labour(periods=(Period(code="Y", name="年"),), indicators=())
    assert leaves_beside(bare, "Y") == []
