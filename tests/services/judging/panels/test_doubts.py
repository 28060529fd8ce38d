"""What the tablet would have asked about is shown to the chief judge, however it came."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask

from compete.domain.bundle.event_types import Module
from compete.models import db
from compete.services.judging.disputes import rule_dispute
from compete.services.judging.panels.doubts import implausible_values
from compete.services.judging.panels.module_watch import watch_module
from compete.services.kernel.event_rules import module_of, rules_of
from tests.support.panels import VALUES, Panel, bundle_of, client_of, open_panel


@pytest.fixture
def timed(app: Flask) -> Iterator[Panel]:
    with app.app_context():
        yield open_panel(bundle_of(timed=True))


def module(panel: Panel) -> Module:
    return module_of(rules_of(panel.competition.events[0]), "final", "practice")


def doubts_of(panel: Panel, *times: str) -> list[tuple[int, str, str, str]]:
    values = {place: {"run": Decimal(time)} for place, time in enumerate(times)}
    return [
        (doubt.sheet, str(doubt.number), f"{doubt.least:f}", f"{doubt.most:f}")
        for doubt in implausible_values(values, module(panel))
    ]


def test_a_first_time_is_held_against_that_for_full_marks(timed: Panel) -> None:
    assert doubts_of(timed, "0.9") == [(0, "0.9", "120", "1440")]
    assert doubts_of(timed, "120", "1440") == []
    assert doubts_of(timed, "1440.1") == [(0, "1440.1", "120", "1440")]


def test_later_ones_are_held_against_the_others_and_many_against_all(timed: Panel) -> None:
    assert doubts_of(timed, "600", "40", "610", "620", "300") == [(1, "40", "300", "1240")]
    many = ["600"] * 70
    assert doubts_of(timed, *many, "0.9") == [(70, "0.9", "300", "1200")]
    assert doubts_of(timed, *many, "301") == []


def test_the_chief_is_told_once_the_panel_is_in_though_nobody_was_asked(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        timed = open_panel(bundle_of(timed=True))
        event = timed.competition.events[0]
        for judge, time in (("J1", "0.9"), ("J2", "480")):
            timed.fill(timed.sheet(judge), {**VALUES, "run": time})
        assert watch_module(event, "final", "practice").implausible == []
        timed.fill(timed.sheet("J3"), {**VALUES, "run": "482"})
        (strange,) = watch_module(event, "final", "practice").implausible
        assert (strange.sheet, strange.number) == (timed.sheet("J1").id, Decimal("0.9"))
        db.session.remove()
    page = client_of(app, timed, "C1").get("/desk/PANEL/progress?module=FORK|final|practice").text
    passage = page.partition('class="odd-one"')[2]
    assert "反常" in passage
    assert "裁判 J1 记的“用时”是 0.9 秒，一般在 2:00 到 24:00 之间，请核对" in passage


def test_what_the_chief_ruled_is_nobodys_slip_whatever_it_is(app: Flask) -> None:
    with app.app_context():
        timed = open_panel(bundle_of(timed=True))
        for judge, time in (("J1", "0.9"), ("J2", "540"), ("J3", "542")):
            timed.fill(timed.sheet(judge), {**VALUES, "run": time})
        event = timed.competition.events[0]
        assert len(watch_module(event, "final", "practice").implausible) == 1
        # Wilder than what a judge recorded: it stands on all three sheets.
        rule_dispute(timed.sheet("J1"), {"run": "5000"}, "录像", timed.account("C1"))
        assert watch_module(event, "final", "practice").implausible == []
