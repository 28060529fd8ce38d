"""Labour competitions by the API: periods, and what stands in their squares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.models import Account, AuditEntry, Competition, LabourValueEntry, db
from compete.services.accounts.api_tokens import Scope
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
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


def put(app: Flask, where: str, token: str, *rows: dict[str, Any], period: str = "二月") -> Any:
    return called(app, f"{where}/{period}/values", token, method="PUT", sent=list(rows))


def square(unit: str, indicator: str, value: Any, **keys: Any) -> dict[str, Any]:
    return {"unit": unit, "indicator": indicator, "value": value, **keys}


def stored() -> int:
    db.session.rollback()
    return db.session.query(LabourValueEntry).count()


@pytest.fixture
def writing(contest: Contest, organiser: Account) -> str:
    return token_for(organiser, Scope.LABOUR_WRITE, Scope.LABOUR_READ)


@pytest.mark.each_database
def test_values_of_departments_are_written(
    app: Flask, contest: Contest, where: str, writing: str
) -> None:
    rows = (
        square("甲", "安全", "28.5"),
        square("甲", "隐患", 0),
        square("乙", "产值", 95.5, target=100),
    )
    answer = put(app, where, writing, *rows)
    assert [row["result"] for row in answer.json["data"]] == ["changed"] * 3
    read = {
        (row["unit"], row["indicator"]): row
        for row in called(app, f"{where}/二月/values", writing).json["data"]
    }
    assert read["甲", "安全"]["value"] == "28.5"
    assert (read["乙", "产值"]["value"], read["乙", "产值"]["target"]) == ("95.5", "100")
    many = stored()
    assert {row["result"] for row in put(app, where, writing, *rows).json["data"]} == {"unchanged"}
    assert stored() == many
    entries = db.session.query(AuditEntry).filter_by(action="labour.enter").all()
    assert {entry.actor for entry in entries} == {"接口 人事系统"}
    assert {entry.subject for entry in entries} == {"安全部", "工程部"}
    put(app, where, writing, square("甲", "安全", None))
    assert called(app, f"{where}/二月/values", writing).json["data"][0]["value"] is None
    assert list(verify_chain(contest.competition)) == []
    assert list(check_rows(contest.competition)) == []


def test_one_bad_value_keeps_all_of_them_out(
    app: Flask, contest: Contest, where: str, writing: str
) -> None:
    many = stored()
    problem = refused(
        put(
            app,
            where,
            writing,
            square("甲", "安全", "28"),
            square("乙", "安全", "31"),
            square("丙", "安全", "很好"),
            square("丁", "安全", "1"),
            square("甲", "没有", "1"),
            square("甲", "安全", "27"),
            square("甲", "隐患", "1", target="2"),
            square("甲", "产值", "5", target="0"),
            square("乙", "产值", "1" * 81),
        ),
        422,
    )
    assert [(it["pointer"], it["code"]) for it in problem["errors"]] == [
        ("/1/value", "refused"),
        ("/2/value", "refused"),
        ("/3/unit", "unit_unknown"),
        ("/4/indicator", "indicator_unknown"),
        ("/5/indicator", "repeated"),
        ("/6/target", "no_target"),
        ("/7/target", "refused"),
        ("/8/value", "too_long"),
    ]
    assert stored() == many


def test_what_is_odd_is_asked_about_and_taken_once_it_is_confirmed(
    app: Flask, contest: Contest, where: str, writing: str
) -> None:
    odd = square("甲", "隐患", "30")
    problem = refused(put(app, where, writing, odd), 422)
    assert problem["errors"][0]["code"] == "question"
    assert put(app, where, writing, odd | {"sure": True}).status_code == 200


def test_what_a_person_wrote_is_overwritten_by_who_has_read_it(
    app: Flask, contest: Contest, where: str, writing: str
) -> None:
    contest.enter(act("甲", "安全", "20"))
    problem = refused(put(app, where, writing, square("甲", "安全", "28")), 409)
    assert problem["errors"][0]["pointer"] == "/0/entry"
    entry = called(app, f"{where}/二月/values", writing).json["data"][0]["entry"]
    assert put(app, where, writing, square("甲", "安全", "28", entry=entry)).status_code == 200
    assert put(app, where, writing, square("甲", "安全", "28")).status_code == 200


def test_what_was_signed_off_is_refused(
    app: Flask, contest: Contest, where: str, writing: str
) -> None:
    contest.enter(*everything())
    sign_off(contest.safety, "二月", pin=PIN, name="周茹", by=contest.zhou)
    many = stored()
    problem = refused(put(app, where, writing, square("甲", "安全", "27")), 409)
    assert problem["errors"][0]["code"] == "signed"
    assert stored() == many
    assert put(app, where, writing, square("甲", "安全", "28")).status_code == 200
    refused(put(app, where, writing, square("甲", "安全", "27"), period="Q"), 404)
