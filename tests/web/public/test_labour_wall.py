"""The wall of a site office: what is announced and nothing else, the own row edged and named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition
from compete.services.kernel.competition_settings import FlagDays
from compete.services.labour.after_closing import Followed, set_followed
from compete.services.labour.closing import close_period, publish_closed
from compete.services.scoring.bundle_out import export_bundle
from tests.domain.labour.build import indicator, labour_bundle, quarter, value

NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


def page_words(app: Flask, path: str) -> str:
    answer = app.test_client().get(path)
    assert answer.status_code == 200, path
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def made(load: Callable[..., Competition], units: str = NAMES, **labour: Any) -> Competition:
    """Scores fall by one from unit to unit; in February the last one jumps to the front."""
    months: dict[str, Callable[[int], int]] = {
        "一月": lambda place: 99 - place,
        "二月": lambda place: 100 if place == len(units) - 1 else 98 - place,
    }
    bundle = labour_bundle(
        units,
        periods=quarter(*months),
        indicators=[indicator("安全", 100)],
        values=[
            value(unit, month, "安全", points(place))
            for month, points in months.items()
            for place, unit in enumerate(units)
        ],
        groups=dict.fromkeys(units, "土建"),
        **{"flags": {"count": 1, "min": 80}} | labour,
    )
    return load(json.loads(write_bundle(bundle)))


def test_it_shows_what_is_announced_and_moves_on_with_the_next_version(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition, client = made(load), app.test_client()
    assert client.get("/p/L/wall").status_code == 404
    close_period(competition, "一月", "", organiser)
    assert client.get("/p/L/wall").status_code == 404, "closed is not published"
    publish_closed(competition, organiser)
    page = page_words(app, "/p/L/wall/酉")
    assert "酉 一月看板" in page
    assert "劳动竞赛，土建 20 家" in page
    assert "第 20 名" in page
    assert "补上就能加的分" in page
    assert "第 1 版" in page
    assert "100" not in page.split("第 1 版")[0], "February is not announced"
    close_period(competition, "二月", "", organiser)
    publish_closed(competition, organiser)
    page = page_words(app, "/p/L/wall/酉")
    assert "酉 二月看板" in page
    assert "第 1 名" in page
    assert "升 19" in page
    assert "比一月，得分率 80% → 100%" in page
    assert client.get("/p/L/wall/无").status_code == 404


def test_a_veto_turns_the_banner_to_words(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    veto = {"unit": "甲", "period": "一月", "reason": "亡人事故"}
    competition = made(load, "甲乙丙", vetoes=[veto], warn_below=98)
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    page = page_words(app, "/p/L/wall/甲")
    assert "这一期不评先、不得红旗" in page
    whole = page_words(app, "/p/L/wall")
    assert "黄牌和一票否决" in whole
    assert "甲 一票否决，不评优" in whole
    # The place stays a figure: no gold for who gets no award.
    assert "place-1" not in app.test_client().get("/p/L/wall").text
    assert "丙 黄牌" in whole
    assert "我们" not in whole


def test_the_day_of_the_flag_reaches_the_wall_and_the_page_of_the_period(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made(load, "甲乙丙")
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    pages = ("/p/L/wall/乙", "/p/L/wall", "/p/L/periods/一月")

    def read() -> list[str]:
        return [page_words(app, path) for path in pages]

    def mark() -> str:
        hit = re.search(r'data-mark="([^"]*)"', app.test_client().get(pages[0]).text)
        assert hit is not None
        return hit[1]

    before = mark()
    assert all("99.00" in page and "授旗" not in page for page in read())
    # Asked again it comes out of what is stored; what is written later has it stored anew.
    assert all("授旗" not in page for page in read())
    for day, words in ((date(2026, 2, 10), "2月10日授旗"), (date(2026, 2, 12), "2月12日授旗")):
        set_followed(competition, "一月", Followed({"甲": FlagDays(day)}, {}), organiser)
        assert all(f"99.00，{words}" in page for page in read()[:2])
        assert f"99.00，红旗线 80，{words}" in read()[2]
        assert mark() != before, "an open screen takes it up"
        before = mark()
    # The next period has a holder of its own, and no day yet.
    close_period(competition, "二月", "", organiser)
    publish_closed(competition, organiser)
    assert all("授旗" not in page_words(app, path) for path in pages[:2])
    assert "2月12日授旗" in page_words(app, pages[2])


def test_two_who_hold_the_flag_have_a_total_and_a_day_each(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made(load, "甲乙丙", flags={"count": 2, "min": 80})
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    wall = "/p/L/wall"
    assert "甲、乙 99.00、98.00" in page_words(app, wall)
    first, later = FlagDays(date(2026, 2, 10)), FlagDays(date(2026, 2, 11))
    set_followed(competition, "一月", Followed({"乙": first}, {}), organiser)
    assert "98.00，乙 2月10日授旗" in page_words(app, wall)
    set_followed(competition, "一月", Followed({"甲": later}, {}), organiser)
    assert "98.00，甲 2月11日授旗，乙 2月10日授旗" in page_words(app, wall)
    set_followed(competition, "一月", Followed({"甲": first}, {}), organiser)
    assert "98.00，2月10日授旗" in page_words(app, wall)


@pytest.mark.slow
def test_what_the_side_has_no_room_for_comes_in_turns(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Any],
) -> None:
    competition = made(load, warn_below=98)
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    screen = visitor("desk").page()
    screen.clock.install()
    warned = screen.locator(".wall-lines > li:visible")
    for width, height in ((1920, 1080), (1440, 900)):
        screen.set_viewport_size({"width": width, "height": height})
        screen.goto(f"{live_url}/p/L/wall")
        expect(warned.first).to_contain_text("丙")
        tall = screen.evaluate("document.documentElement.scrollHeight")
        assert tall == height, (width, height, tall)
        assert warned.count() < 18
        seen: set[str] = set()
        for _turn in range(10):
            seen |= set(warned.all_inner_texts())
            screen.clock.run_for(16_000)
        assert len(seen) == 18, "each has its turn"
    picture(screen, "wall-side")


@pytest.mark.slow
def test_screens_turn_and_the_own_row_stays_in_sight(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Any],
) -> None:
    competition = made(load)
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    screen = visitor("desk").page()
    screen.set_viewport_size({"width": 1920, "height": 1080})
    screen.clock.install()
    screen.goto(f"{live_url}/p/L/wall/酉")
    rows = screen.locator("tbody tr:visible")
    expect(rows.first).to_contain_text("甲")
    expect(rows.last).to_contain_text("我们")
    picture(screen, "wall")
    expect(screen.locator("[data-part=page]")).to_contain_text("15 秒后翻页")
    screen.clock.run_for(16_000)
    expect(rows.first).not_to_contain_text("甲")
    expect(screen.locator("tr.wall-own:visible")).to_have_count(1)
    # Another version is out: the page takes it up by itself.
    close_period(competition, "二月", "", organiser)
    publish_closed(competition, organiser)
    screen.clock.run_for(61_000)
    expect(screen.locator("h1")).to_have_text("酉 二月看板")
    expect(screen.locator("tr.wall-own:visible .place")).to_have_text("1")


def test_long_names_stand_whole_and_columns_give_way(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """Cut to a few signs, two lots of one project would look alike."""
    plain = json.loads(write_bundle(export_bundle(made(load))))
    plain["competition"]["code"] = "L2"
    for number, unit in enumerate(plain["units"], start=1):
        unit["name"] = f"沪宁高速扩建工程路面{number}标"
    competition = load(plain)
    for period in ("一月", "二月", "Q"):
        close_period(competition, period, "", organiser)
    publish_closed(competition, organiser)
    text = app.test_client().get("/p/L2/wall").text
    assert text.count("沪宁高速扩建工程路面1标") >= 1
    head = text[text.index("<thead>") : text.index("</thead>")]
    assert "一月" not in head
    assert "二月" in head, "the last period has its column"
