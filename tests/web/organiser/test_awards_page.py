"""The page of awards and promotions says no more than it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from flask import Flask

from compete.models import Account, Competition
from compete.services.competitions import later_lacks
from compete.services.scoring import live_scorer
from compete.web.conditions import describe_conditions
from compete.web.organiser.awards.view_model import near_misses
from tests.domain.scoring.build import event, mark, module, stage
from tests.support.announced import announce, body_for
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small


def test_of_those_who_just_missed_only_the_shown_are_put_into_words(
    app: Flask, forklift: Competition
) -> None:
    with app.test_request_context(), live_scorer(forklift) as live:
        event = live.results.events[0]
        everybody, total = near_misses(live, event, live.bundle, 1000)
        assert len(everybody) == total > 0
        with patch(
            "compete.web.organiser.awards.view_model.describe_conditions",
            wraps=describe_conditions,
        ) as told:
            none = near_misses(live, event, live.bundle, 0)
        assert none == ([], total)
        assert told.call_count == 0


def test_totals_of_an_earlier_stage_are_told_from_those_of_the_last(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small([mark(code, value, stage_code="A") for code, value in
                   {"P1": 96, "P2": 95, "P3": 94, "P4": 60}.items()]
                  + [mark(code, value, stage_code="B") for code, value in
                     {"P1": 80, "P2": 78}.items()])  # fmt: skip
    plain["events"] = [
        event(
            stage(module(), code="A", name="预赛", advance={"top": 2}),
            stage(module(), code="B", name="决赛"),
            awards=[{"code": "first", "name": "一等奖", "top": 3}],
        )
    ]
    plain["events"][0]["stages"][0]["name"] = "预赛"
    announce(load(plain), organiser)
    desk = signed_in(here, organiser)
    for page in ("awards", "standings"):
        text = desk.get(f"/desk/X/{page}").text
        assert '94.00<span class="under">预赛</span>' in text
        assert '78.00<span class="under">' not in text


def prizes(**rule: Any) -> dict[str, Any]:
    return {
        "occupation": {"code": "6-30-05-01", "name": "起重装卸机械操作工"},
        "grades": [{"code": "rule1", "when": {"max_rank": 1}, "grant": {"to": 2}, **rule}],
    }


def test_a_rule_without_a_source_is_called_by_what_it_asks_and_several_steps_are_asked_about(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event=prizes())
    plain["entrants"][0]["grade"] = 5
    announce(load(plain), organiser)
    text = signed_in(here, organiser).get("/desk/X/awards").text
    assert "rule1" not in text
    assert "依据：前 1 名升到技师" in text
    assert "一次升 3 级" in text
    assert "核对过了，批准 1 人" in text


def test_the_set_up_lacks_who_issues_the_grades_that_its_rules_give(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(event=prizes()))
    assert [lack.kind for lack in later_lacks(competition)] == ["body"]
    body_for(competition)
    assert later_lacks(competition) == []
