"""What equal totals may go by, as the form of rules offers it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask

from compete.models import Account, Competition
from tests.support.signing_in import signed_in
from tests.support.small import small
from tests.web.organiser.rules.test_event_pages import fields


def test_working_times_are_compared_of_timed_modules_alone(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(small())
    desk = signed_in(app, organiser)

    def offered(word: str) -> set[str]:
        page = desk.get("/desk/X/events/rules?event=E").text
        return set(re.findall(rf'value="(time:[^"]*)"[^>]*>([^<]*{word}[^<]*)', page))

    # 操作 is marked by points and faults: nobody measures how long it took.
    assert offered("短的在前") == {
        ("time:t", "模块t用时短的在前"),
        ("time:t", "模块t用时之和短的在前"),
    }
    # What stands there all the same, from a file, is said and not lost.
    tree = small(competition={"code": "Y"})
    tree["events"][0]["ranking"] = {"ties": ["time:m"]}
    tree["events"][0]["items"] = [{"code": "i", "name": "吊", "of": "m", "ties": ["time:m"]}]
    load(tree)
    page = desk.get("/desk/Y/events/rules?event=E").text
    for field in ("ranking.ties[0]", "items[0].ties[0]"):
        assert fields(page)[field] == "time:m"
    assert "模块m用时短的在前（这个模块不计时）" in page


def test_the_key_that_parts_rounded_equals_is_added_in_one_press(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    tree = small()
    tree["events"][0]["stages"][0]["modules"][1]["aspects"] = [
        {"code": "lap", "name": "跑一圈", "type": "relative", "max": "100", "better": "lower"}
    ]
    tree["events"][0]["ranking"] = {}
    load(tree)
    desk, address = signed_in(app, organiser), "/desk/X/events/rules?event=E"
    page = desk.get(address).text
    assert 'value="tie:aspect:lap"' in page
    desk.post(address, data=fields(page) | {"act": "tie:aspect:lap"})
    page = desk.get(address).text
    assert fields(page)["ranking.ties[0]"] == "aspect:lap"
    assert "tie:aspect:lap" not in page
