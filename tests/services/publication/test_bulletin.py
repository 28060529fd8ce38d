"""A bulletin asks to fill in what is missing, and nothing of those that took no part."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from flask import Flask
from flask_babel import gettext

from compete.domain.bundle import write_bundle
from compete.models import Account, Competition
from compete.services.labour import close_period
from compete.services.publication import print_bulletin
from compete.web.language import COOKIE
from tests.documents.reading import beyond_the_page, pages
from tests.domain.labour.build import indicator, labour_bundle, one_month, quarter, value


def test_who_took_no_part_has_nothing_to_fill_in(
    app: Flask, load: Callable[..., Competition]
) -> None:
    values = [
        value(unit, month, code, 40)
        for unit in "甲乙丙"
        for month in ("一月", "二月")
        for code in ("安全", "质量")
        if (unit, month) != ("乙", "一月") and (unit, month, code) != ("丙", "二月", "质量")
    ]
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 50), indicator("质量", 50)],
        values=values,
    )
    competition = load(json.loads(write_bundle(bundle)))

    def printed(period: str) -> str:
        return "".join(pages(print_bulletin(competition, period)))

    january, february, quarterly = (printed(period) for period in ("一月", "二月", "Q"))
    assert "补填" not in january
    assert "2家参赛" in january
    assert "1家没有参加：乙" in january
    assert "没有参加" in january.split("附：")[1]
    assert "补填二月的质量：丙" in february
    assert "1家还没填齐，没有总分" in february
    assert "补填二月的质量：丙" in quarterly
    assert "乙" not in quarterly.split("要做的")[1].split("附：")[0]
    # Words are longer in English: the mark behind the figures lies on the page all the same.
    with app.test_request_context(headers={"Cookie": f"{COOKIE}=en"}):
        english = print_bulletin(competition, "Q", gettext)
    assert "Provisional" in "".join(pages(english))
    assert beyond_the_page(english) == []


def test_whoever_has_no_value_yet_may_come_until_the_month_is_closed(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月"),
        indicators=[indicator("安全", 100)],
        values=[value(unit, "一月", "安全", 90) for unit in "甲乙"],
    )
    competition = load(json.loads(write_bundle(bundle)))
    still_open = "".join(pages(print_bulletin(competition, "一月")))
    assert "3家参赛；1家还没有数" in still_open
    assert "没有参加" not in still_open
    close_period(competition, "一月", "", organiser)
    closed = "".join(pages(print_bulletin(competition, "一月")))
    assert "2家参赛；1家没有参加：丙" in closed
    assert "还没有数" not in closed


def first_places(competition: Competition) -> str:
    """The row of the one group in the table of the first three and the last."""
    text = "".join(pages(print_bulletin(competition, "M")))
    (row,) = re.findall(r"最后一名(.*?)名次是组内的", text)
    return str(row)


def test_a_shared_place_is_no_second_place(app: Flask, load: Callable[..., Competition]) -> None:
    scores = dict(zip("甲乙丙丁戊己", (80, 80, 70, 60, 50, 50), strict=True))
    competition = load(json.loads(write_bundle(one_month(scores))))
    assert first_places(competition) == "全部单位6家乙、甲80.00—丙70.00己、戊50.00"
    alike = json.loads(write_bundle(one_month(dict.fromkeys("甲乙丙丁戊己", 80))))
    alike["competition"]["code"] = "L2"
    assert first_places(load(alike)) == "全部单位6家丁、丙、乙等6个80.00———"


def test_it_says_what_parted_equal_totals_in_both_languages(
    app: Flask, load: Callable[..., Competition]
) -> None:
    """甲 and 乙 have 80 each, 甲 more for 安全; 丙 and 丁 share a place."""
    scores = {"甲": (50, 30), "乙": (40, 40), "丙": (20, 20), "丁": (20, 20)}
    bundle = labour_bundle(
        "甲乙丙丁",
        periods=quarter("一月"),
        indicators=[indicator("安全", 50), indicator("质量", 50)],
        values=[
            value(unit, "一月", code, points)
            for unit, both in scores.items()
            for code, points in zip(("安全", "质量"), both, strict=True)
        ],
        ties=["indicator:安全"],
    )
    competition = load(json.loads(write_bundle(bundle)))
    text = "".join(pages(print_bulletin(competition, "一月"))).split("附：")[1]
    assert "第2名乙和第1名：总分相同，第1个并列项安全：50>40" in text
    assert text.count("总分相同") == 1
    with app.test_request_context(headers={"Cookie": f"{COOKIE}=en"}):
        english = "".join(pages(print_bulletin(competition, "一月", gettext)))
    assert "totalsareequal" in english.lower(), english
