"""Judges' walks: two attempts, a dive with its difficulty, a run against time with penalties."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from compete.domain import read_bundle, score
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.tree import explain_entrant
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.roles import Role
from compete.models import db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.loading import load_bundle
from compete.services.hall.board_acts import change_board, make_board
from compete.services.kernel.event_rules import rules_of
from compete.services.results.snapshots import read_snapshot
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets.difficulties import attempting, set_difficulties
from tests.browser.story.people import Judge
from tests.browser.tablet.real import Desk, RealHall
from tests.domain.explanation.equations import false_ones
from tests.support.announced import announce
from tests.support.attempted import attempt, open_attempts
from tests.support.databases import wait_until
from tests.support.panels import Panel

WIDE = {"viewport": {"width": 1024, "height": 768}}
RULES = Path("tests/examples/rules")


def take_time(tablet: Judge, digits: str) -> None:
    """Start and stop the watch, and put it right."""
    page = tablet.page
    page.locator("[data-part=start]").click()
    # A second tap within half a second is taken for a bounce of the finger.
    expect(page.locator(".watch.running")).to_contain_text(re.compile(r"00:00\.[6-9]|00:0[1-9]"))
    page.locator("[data-part=stop]").click()
    # Nobody runs in half a second: the tablet asks.
    page.locator("dialog [data-part=yes]").click()
    page.locator("[data-part=correct]").click()
    page.get_by_role("button", name="停早了").click()
    page.keyboard.type(digits)
    page.keyboard.press("Enter")


def following(tablet: Desk) -> Locator:
    link: Locator = tablet.part("following")
    return link


def totals(hall: RealHall) -> dict[str, str | None]:
    with hall.app.app_context():
        live = live_results(hall.panel.competition).results
        assert score(export_bundle(hall.panel.competition)) == live
        return {row.entrant: row.total for row in live.events[0].standings}


def published_is_true(hall: RealHall) -> None:
    """Publish: the page shows what was ranked, and each line that explains it can be added up."""
    ranked = totals(hall)
    with hall.app.app_context():
        competition = hall.panel.competition
        bundle = read_snapshot(announce(competition, hall.panel.organiser))[0]
        scorer = Scorer(bundle)
        assert {row.entrant: row.total for row in scorer.results.events[0].standings} == ranked
        steps = [it for code in ranked for it in every_step(explain_entrant(scorer, code).steps)]
        texts = [str(step.text) for _, step in steps]
        db.session.remove()
    assert [text for text in texts if "=" in text]
    assert not [text for text in texts if false_ones(text) or ("不计" in text and "带来" in text)]
    page = hall.visitor("phone").page()
    page.goto(f"{hall.address}/p/{hall.panel.code}")
    for total in ranked.values():
        expect(page.locator("main")).to_contain_text(total or "")


def test_two_attempts_of_a_forklift_of_which_the_better_counts(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    hall = RealHall(app, live_url, visitor, open_attempts)
    with app.app_context():
        board = make_board(hall.panel.competition.events[0], hall.panel.organiser)
        keys = {"switched_on": True, "delay": "0", "places": "9", "stations": True}
        change_board(board, **keys, opens_at=None, by=hall.panel.organiser)
        screen = f"{live_url}/hall/{hall.panel.code}/{board.token}"
        attempt(hall.panel, "E1", 1, "40", "190", judges="2")
    tablet = hall.tablet("J1", **WIDE).go("/judge/")
    page = tablet.page
    expect(tablet.part("nextnote")).to_contain_text("叉车作业 1/2")
    # Nobody is led past the first attempt.
    second = hall.sheet_id("J1", "E1", "run2")
    tablet.go(f"/judge/sheets/{second}")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("E1 1/2 还没评")
    dialog.get_by_role("button", name="打开 E1 1/2").click()
    page.wait_for_selector("main[data-ready=yes]")
    expect(page.locator(".where")).to_contain_text("叉车作业 1/2")
    expect(tablet.part("waive")).to_have_count(0)
    judge = Judge(page, live_url)
    take_time(judge, "3100")
    judge.give("work", "40")
    judge.hand_in()
    # 40 + 40 × 210 ÷ 300 = 68: the hall shows it as the best so far.
    shown = hall.tablet("").page
    shown.goto(screen)
    expect(shown.locator("tbody tr").first).to_contain_text("68.00")
    expect(shown.locator("tbody tr").first).to_contain_text("目前最好，做了 1/2 次")
    # The second is next, at the same judge. Its contestant has had enough.
    expect(following(tablet)).to_contain_text("E1 2/2")
    following(tablet).click()
    page.wait_for_selector("main[data-ready=yes]")

    def can_be_waived() -> bool:
        # On a slow line the tablet shows the sheet as it knew it before the first was in.
        if not tablet.part("waive").count():
            page.reload()
            page.wait_for_selector("main[data-ready=yes]")
        return bool(tablet.part("waive").count())

    wait_until(can_be_waived, "the sheet to come as it is now")
    tablet.part("waive").click()
    page.get_by_role("button", name="选手放弃这一次").click()
    expect(page.get_by_role("alert").first).to_contain_text("理由没写")
    page.get_by_label("为什么放弃").fill("手臂抽筋")
    page.get_by_role("button", name="选手放弃这一次").click()
    page.wait_for_selector("main.judge-home[data-ready=yes]")
    expect(page.get_by_text("E1 放弃了“叉车作业 2/2”")).to_be_visible()
    expect(tablet.part("nextcode")).to_have_text("E2")
    shown.reload()
    expect(shown.locator("tbody tr").first).to_contain_text("68.00")
    expect(shown.locator("tbody tr").first).not_to_contain_text("目前最好")
    with app.app_context():
        for entrant, first, again in (("E2", "60", "20"), ("E3", "10.5", "30")):
            attempt(hall.panel, entrant, 1, first, "101")
            attempt(hall.panel, entrant, 2, again, "101")
    # 60 + 40 × 299 ÷ 300 = 99.87 and 30 + 39.87 = 69.87: cut off upwards.
    assert totals(hall) == {"E1": "68.00", "E2": "100.00", "E3": "70.00"}
    published_is_true(hall)


def opened(name: str) -> Callable[[], Panel]:
    """The competition of an example of the format without its marks, its judges at every module."""

    def make() -> Panel:
        plain = example(name)
        organiser = create_account("吴敏", username="organiser")
        competition = load_bundle(read_bundle(json.dumps(plain | {"marks": []}).encode()))
        grant_role(organiser, competition, Role.ORGANISER)
        panel = Panel(competition.code)
        for event in panel.competition.events:
            for module in rules_of(event).stages[0].modules:
                seats = [(judge, "") for judge in panel.competition.judges][: module.panel.size]
                assign_judges(event, "final", module.code, seats, organiser)
        open_judging(panel.competition, panel.organiser)
        wanted: dict[str, dict[tuple[int, str], Decimal]] = {}
        for mark in plain["marks"]:
            if "difficulty" in mark:
                place = panel.entrant(mark["entrant"]).id, mark["aspect"]
                wanted.setdefault(mark["module"], {})[place] = Decimal(mark["difficulty"])
        for module_code, difficulties in wanted.items():
            event = panel.competition.events[0]
            assert attempting(event, "final", module_code)
            set_difficulties(event, "final", module_code, difficulties, {}, panel.organiser)
        return panel

    return make


def example(name: str) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads((RULES / f"{name}.bundle.json").read_text(encoding="utf-8"))
    return plain


def mark_the_rest(hall: RealHall, plain: dict[str, Any], done: dict[str, Any]) -> None:
    """Give all other marks of the example, each sheet of its one aspect."""
    with hall.app.app_context():
        for mark in plain["marks"]:
            if mark is not done:
                sheet = hall.panel.sheet(mark["judge"], mark["entrant"], mark["module"])
                hall.panel.fill(sheet, {mark["aspect"]: mark["value"]})
        db.session.remove()


@pytest.mark.parametrize("name", ["diving-springboard", "forklift-time"])
def test_a_dive_and_a_timed_run_come_to_what_was_announced(
    app: Flask, live_url: str, visitor: Callable[..., Any], name: str
) -> None:
    plain = example(name)
    hall = RealHall(app, live_url, visitor, opened(name))
    mark = plain["marks"][0]
    sheet = hall.sheet_id(mark["judge"], mark["entrant"], mark["module"])
    tablet = hall.tablet(mark["judge"], **WIDE).go(f"/judge/sheets/{sheet}")
    judge = Judge(tablet.page, live_url)
    judge.give(mark["aspect"], mark["value"])
    judge.hand_in()
    mark_the_rest(hall, plain, mark)
    wanted = score(read_bundle(json.dumps(plain).encode())).events[0]
    assert totals(hall) == {row.entrant: row.total for row in wanted.standings}
    published_is_true(hall)
