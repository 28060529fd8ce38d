"""Labour competitions by the API: periods, and what stands in their squares."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.accounts.api_tokens import Scope
from compete.services.labour.sign_off import sign_off
from tests.services.labour.made_up import PIN, Contest, act, everything, made_up
from tests.support.api_calls import called, refused, token_for


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


@pytest.fixture
def where(contest: Contest) -> str:
    return f"/competitions/{contest.competition.code}/periods"


def test_periods_and_their_values_are_read(
    app: Flask, contest: Contest, where: str, organiser: Account
) -> None:
    token = token_for(organiser, Scope.LABOUR_READ)
    rows = called(app, where, token).json["data"]
    assert [(row["code"], row["leaf"], row["state"]) for row in rows] == [
        ("Q", False, "open"),
        ("一月", True, "open"),
        ("二月", True, "open"),
    ]
    assert rows[1]["part_of"] == "Q"
    contest.enter(act("甲", "安全", "28.5"), act("甲", "隐患", "9999"), act("乙", "安全", "很好"))
    squares = {
        (row["unit"], row["indicator"]): row
        for row in called(app, f"{where}/二月/values", token).json["data"]
    }
    assert len(squares) == 9
    own = squares["甲", "安全"]
    assert (own["value"], own["state"], own["text"]) == ("28.5", "entered", None)
    assert own["entry"] is not None
    assert own["at"] is not None
    assert (squares["乙", "安全"]["state"], squares["乙", "安全"]["text"]) == ("refused", "很好")
    assert squares["甲", "隐患"]["state"] == "question"
    assert squares["丙", "产值"]["state"] == "missing"
    refused(called(app, f"{where}/Q/values", token), 404)
    refused(called(app, f"{where}/三月/values", token), 404)


def test_what_a_department_signed_off_is_signed(
    app: Flask, contest: Contest, where: str, organiser: Account
) -> None:
    contest.enter(*everything())
    sign_off(contest.safety, "二月", pin=PIN, name="周茹", by=contest.zhou)
    token = token_for(organiser, Scope.LABOUR_READ)
    rows = called(app, f"{where}/二月/values", token).json["data"]
    states = {row["indicator"]: row["state"] for row in rows}
    assert states == {"安全": "signed", "隐患": "signed", "产值": "missing"}


def test_pages_of_values_hold_each_square_once(
    app: Flask, contest: Contest, where: str, organiser: Account
) -> None:
    token = token_for(organiser, Scope.LABOUR_READ)
    for path in (where, f"{where}/一月/values"):
        whole = called(app, path, token).json["data"]
        rows, cursor = [], ""
        while True:
            part = called(app, f"{path}?limit=2{cursor}", token).json
            rows += part["data"]
            if part["next"] is None:
                break
            cursor = f"&cursor={part['next']}"
        assert rows == whole


def test_a_contest_has_no_periods(app: Flask, fresh: Competition, organiser: Account) -> None:
    token = token_for(organiser, Scope.LABOUR_READ)
    problem = refused(called(app, "/competitions/X/periods", token), 404)
    assert "劳动竞赛" in problem["detail"]
