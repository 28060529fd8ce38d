"""Certificates by the API: how each stands, what changed, whether one is genuine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from compete.models import Account, AuditEntry, Certificate, Competition, db, utc_now
from compete.services.accounts.api_tokens import Scope
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.result_moves import withdraw_notice
from tests.support.api_calls import called, refused, token_for
from tests.support.second_day import certify, second_version, with_prizes

WHERE = "/competitions/X/certificates"


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def grade_of(code: str) -> Certificate:
    rows = db.session.query(Certificate).filter_by(kind="grade", subject=code)
    return rows.one()


def long_ago() -> None:
    with unit_of_work() as session:
        for table in ("certificate", "result_stand", "consequence"):
            column = {"certificate": "issued_at", "consequence": "made_at"}.get(table, "changed_at")
            session.execute(
                db.text(f"UPDATE {table} SET {column} = '2020-01-01 00:00:00.000000'"),
                execution_options={"noted": True},
            )


def test_certificates_are_listed_with_their_state(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    token = token_for(organiser, Scope.CERTIFICATES_READ)
    rows = called(app, WHERE, token).json["data"]
    assert {row["state"] for row in rows} == {"valid"}
    assert {row["kind"] for row in rows} == {"grade", "award"}
    assert all((row["grade"] is None) == (row["kind"] == "award") for row in rows)
    assert "赵启明" not in str(rows)
    own = grade_of("P1")
    row = called(app, f"{WHERE}/{own.number}", token).json
    assert row in rows
    assert (row["entrant"], row["grade"]) == ("P1", own.face["level"])
    revoke_certificate(own, "名单有误", organiser)
    assert called(app, f"{WHERE}/{own.number}", token).json["state"] == "revoked"
    second_version(certified, organiser)
    states = {row["number"]: row["state"] for row in called(app, WHERE, token).json["data"]}
    assert "review" in states.values()
    refused(called(app, f"{WHERE}/S1", token), 404)


def test_pages_of_certificates_hold_each_once(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    token = token_for(organiser, Scope.CERTIFICATES_READ)
    whole = called(app, WHERE, token).json["data"]
    rows, cursor = [], ""
    while True:
        part = called(app, f"{WHERE}?limit=2{cursor}", token).json
        rows += part["data"]
        if part["next"] is None:
            break
        cursor = f"&cursor={part['next']}"
    assert rows == whole


def test_names_on_certificates_are_whole_for_who_reads_people_and_that_is_on_record(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    token = token_for(organiser, Scope.CERTIFICATES_READ, Scope.PEOPLE_READ)
    names = {row["name"] for row in called(app, WHERE, token).json["data"]}
    assert "赵启明" in names
    entry = db.session.query(AuditEntry).filter_by(action="token.people").one()
    assert entry.after["count"] == len(called(app, WHERE, token).json["data"])


@pytest.mark.each_database
def test_what_changed_since_an_instant_is_listed_alone(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    token = token_for(organiser, Scope.CERTIFICATES_READ)
    long_ago()
    since = (utc_now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def changed() -> list[str]:
        rows = called(app, f"{WHERE}?since={since}", token).json["data"]
        return [row["number"] for row in rows]

    assert changed() == []
    own = grade_of("P1").number
    revoke_certificate(grade_of("P1"), "名单有误", organiser)
    assert changed() == [own]
    with unit_of_work():
        withdraw_notice(certified.events[0], "分数录错", organiser)
    rows = called(app, f"{WHERE}?since={since}", token).json["data"]
    assert {row["state"] for row in rows} == {"revoked", "review"}
    assert rows == called(app, WHERE, token).json["data"]
    for wrong in ("2026", "2026-09-18T00:00:00", "2026-09-18T99:00:00Z", "x"):
        problem = refused(called(app, f"{WHERE}?since={wrong}", token), 400)
        assert problem["errors"][0]["pointer"] == "?since"


def verified(app: Flask, number: str, name: str, **more: str) -> object:
    sent = {"number": number, "name": name, **more}
    return called(app, "/certificates/verify", method="POST", sent=sent)


def test_whether_a_certificate_is_genuine_is_told_to_anybody(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    own = grade_of("P1")
    answer = verified(app, own.number, "赵启明").json
    assert (answer["state"], answer["number"]) == ("valid", own.number)
    assert verified(app, own.number, "赵 启明", id_number="110101199003070011").json == {
        "state": "unknown",
        "number": None,
        "issued": None,
        "detail": None,
    }
    assert verified(app, own.number, "钱文").json["state"] == "unknown"
    second_version(certified, organiser)
    answer = verified(app, own.number, "赵启明").json
    assert answer["state"] == "under_review"
    assert answer["detail"]
    revoke_certificate(own, "名单有误", organiser)
    assert verified(app, own.number, "赵启明").json["state"] == "void"


def test_guessing_meets_the_limits_of_the_page(app: Flask, certified: Competition) -> None:
    own = grade_of("P1")
    for _guess in range(5):
        assert verified(app, own.number, "某某").json["state"] == "unknown"
    answer = verified(app, own.number, "某某")
    refused(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0
    page = app.test_client().post("/verify", data={"number": own.number, "name": "某某"})
    assert page.status_code == 429


def test_what_is_sent_is_told_what_is_wrong_with_it(app: Flask, here: Flask) -> None:
    path = "/certificates/verify"
    refused(called(app, path, method="POST", sent=b"{", **{"Content-Type": "text/plain"}), 415)
    refused(called(app, path, method="POST", sent=b"{"), 400)
    refused(called(app, path, method="POST", sent=b"\xff"), 400)
    for sent, pointer in (
        ({"number": "1"}, "/name"),
        ({"number": 1, "name": "甲"}, "/number"),
        ({"number": "1", "name": "甲", "x": 1}, "/x"),
        ([], ""),
    ):
        problem = refused(called(app, path, method="POST", sent=sent), 400)
        assert problem["errors"][0]["pointer"] == pointer
    problem = refused(verified(app, "S00003723", "甲"), 422)
    assert problem["errors"][0]["pointer"] == "/number"
    large = b'{"number": "' + b"1" * (2 * 1024 * 1024) + b'", "name": "x"}'
    refused(called(app, path, method="POST", sent=large), 413)
    refused(called(app, path), 405)
