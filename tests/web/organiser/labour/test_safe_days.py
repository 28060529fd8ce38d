"""Days without an accident: entered by the organiser, counted on the wall of a site office."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

from flask import Flask

from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_today
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.without_accident import safe_since
from tests.support.signing_in import signed_in
from tests.web.public.test_labour_wall import made

PAGE = "/desk/L/labour/safe-days"


def banner(app: Flask, unit: str) -> tuple[str, str]:
    """Its colour and its words."""
    text = app.test_client().get(f"/p/L/wall/{unit}").text
    hit = re.search(r'wall-banner" data-kind="(\w*)">(.*?)</p>', text, re.DOTALL)
    assert hit is not None
    words = unescape(re.sub(r"<[^>]+>", " ", hit[2]))
    return hit[1], " ".join(words.split())


def test_the_wall_counts_from_the_day_that_was_entered(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made(load, "甲乙丙")
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    assert "安全生产" not in banner(app, "甲")[1], "nothing is made up"
    desk = signed_in(app, create_account("吴敏", is_admin=True))
    today = local_today()
    began = (today - timedelta(days=412)).isoformat()
    assert desk.get(PAGE).status_code == 200
    typed = {"rest": began, "day:甲": "", "day:乙": today.isoformat(), "kind:乙": "accident"}
    assert desk.post(PAGE, data=typed).status_code == 302
    assert "412 天" in desk.get(PAGE).text
    kind, words = banner(app, "甲")
    assert (kind, words.startswith("安全生产 412 天 第 1 名")) == ("ok", True)
    kind, words = banner(app, "乙")
    assert kind == "bad"
    assert words.startswith("安全生产 0 天")
    assert "出过安全事故" in words
    assert "第 2 名" in words, "the place stands whatever happens"
    assert "安全生产" not in banner(app, "丙")[1], "a unit that the form did not have"
    assert set(safe_since(competition)) == {"甲", "乙"}
    assert desk.post(PAGE, data={"day:甲": ""}).status_code == 302
    assert set(safe_since(competition)) == {"乙"}
    assert list(verify_chain(competition)) == []


def test_an_accident_is_red_until_the_next_period_is_announced(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made(load, "甲乙丙")
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    desk = signed_in(app, create_account("吴敏", is_admin=True))
    day = (local_today() - timedelta(days=9)).isoformat()
    typed = {"day:甲": day, "kind:甲": "accident"}
    desk.post(PAGE, data=typed)
    kind, words = banner(app, "甲")
    assert (kind, "安全生产 9 天" in words, "事故" in words) == ("bad", True, True)
    close_period(competition, "二月", "", organiser)
    publish_closed(competition, organiser)
    desk.post(PAGE, data=typed)
    kind, words = banner(app, "甲")
    assert (kind, "安全生产 9 天" in words, "事故" in words) == ("ok", True, False)


def test_days_to_come_and_what_is_no_day_stand_beside_their_field(
    app: Flask, load: Callable[..., Competition]
) -> None:
    competition = made(load, "甲乙丙")
    desk = signed_in(app, create_account("吴敏", is_admin=True))
    later = (local_today() + timedelta(days=1)).isoformat()
    typed = {"day:甲": later, "day:乙": "去年", "day:丙": local_today().isoformat()}
    answer = desk.post(PAGE, data=typed)
    assert answer.status_code == 400
    for phrase in ("写今天或者以前的日子", "“去年”不是日期", f'value="{later}"', 'value="去年"'):
        assert phrase in answer.text
    assert safe_since(competition) == {}
