"""From the standings each month and inspection is one press away, within the same group."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

from flask import Flask

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.support.signing_in import signed_in

_LINK = re.compile(r'<a href="([^"]+)"[^>]*>([^<]+)</a>')


def test_every_period_and_group_is_in_a_menu(
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
    periods = menu(page, "看哪一期")
    assert [words for words, _link in periods] == ["季度", "一月", "二月"]
    page = desk.get(periods[2][1]).text
    assert "二月排名" in page
    assert [words for words, _link in menu(page, "看哪一组")] == ["土建", "机电"]
    assert current(page) == ["二月", "土建"]
    # A group that there is not is none to look at: the first one.
    assert current(desk.get("/desk/L/labour?group=没有").text)[1:]


def menu(page: str, label: str) -> list[tuple[str, str]]:
    """What a menu offers: words and address."""
    inside = page.split(f'aria-label="{label}"')[1].split("</details>")[0]
    return [(words, html.unescape(link)) for link, words in _LINK.findall(inside)]


def current(page: str) -> list[str]:
    """What is chosen in the menus."""
    return re.findall(r'aria-current="page">([^<]+)</a>', page.split("<main")[1])
