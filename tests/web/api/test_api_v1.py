"""The API for other systems, called from outside: whom it lets in, what it answers and refuses."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import pytest
from flask import Flask

import compete.web.loaded  # noqa: F401 (every operation)
from compete.domain.values.roles import Role
from compete.models import Account, ApiToken, Competition, Entrant, db
from compete.services.accounts.accounts import grant_role
from compete.services.accounts.api_tokens import Scope, make_token, revoke_token
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.slots import place_entrants, put_plan
from compete.web.api_v1.description import address
from compete.web.api_v1.operations import OPERATIONS, Operation
from tests.support.announced import announce
from tests.support.api_calls import called, refused, token_for
from tests.support.competitions import small
from tests.support.second_day import strike_out
from tests.support.signing_in import official, signed_in

pytestmark = pytest.mark.usefixtures("sound")


def test_what_is_published_is_read_without_a_token(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    assert called(app, "/competitions").json == {"data": [], "next": None}
    refused(called(app, "/competitions/X"), 404)
    version = announce(judged, organiser)
    answer = called(app, "/competitions")
    assert [row["code"] for row in answer.json["data"]] == ["X"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["RateLimit-Limit"] == "120"
    latest = called(app, "/competitions/X").json["latest"]
    assert (latest["version"], latest["sha256"]) == (1, version.sha256)
    assert called(app, "/competitions/X/publications/1").json == latest
    assert app.test_client().get(latest["results"]).status_code == 200
    assert app.test_client().get(latest["proof"]).status_code == 200
    refused(called(app, "/competitions/X/publications/2"), 404)


def test_standings_are_the_published_rows_page_by_page(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    whole = called(app, "/competitions/X/standings").json
    rows, cursor = [], ""
    for _page in range(4):
        part = called(app, f"/competitions/X/standings?limit=1{cursor}").json
        rows += part["data"]
        cursor = f"&cursor={part['next']}"
    assert rows == whole["data"]
    assert part["next"] is whole["next"] is None
    assert {row["entrant"] for row in rows} == {"P1", "P2", "P3", "P4"}
    assert "赵启明" not in str(whole)
    assert refused(called(app, "/competitions/X/standings?event=none"), 400)["errors"]
    for query, name in (("limit=0", "limit"), ("cursor=zz", "cursor"), ("sort=name", "sort")):
        problem = refused(called(app, f"/competitions/X/standings?{query}"), 400)
        assert problem["errors"][0]["pointer"] == f"?{name}"


def test_an_answer_that_is_known_is_not_sent_again(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    mark = called(app, "/competitions/X/standings").headers["ETag"]
    again = called(app, "/competitions/X/standings", **{"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")


def test_entrants_are_for_a_token_of_that_scope_and_competition(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    where = "/competitions/X/entrants"
    assert "Bearer" in called(app, where).headers["WWW-Authenticate"]
    refused(called(app, where), 401)
    refused(called(app, where, "ct_wrong"), 401)
    other = token_for(organiser, Scope.RESULTS_READ)
    assert "registration:read" in refused(called(app, where, other), 403)["detail"]
    token = token_for(organiser, Scope.REGISTRATION_READ, of=[fresh])
    refused(called(app, "/competitions/Y/entrants", token), 404)
    answer = called(app, where, token)
    assert [row["code"] for row in answer.json["data"]] == ["P1", "P2", "P3", "P4"]
    assert answer.headers["RateLimit-Limit"] == "600"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "赵启明" not in answer.text
    assert "id_number" not in answer.text
    whole = token_for(organiser, Scope.REGISTRATION_READ, Scope.PEOPLE_READ)
    row = called(app, where, whole).json["data"][0]
    assert row["name"] == "赵启明"
    assert len(row["id_number"]) == 18
    tokens = db.session.query(ApiToken).filter_by(name="人事系统")
    used = tokens.order_by(ApiToken.id).all()
    assert [token.used_from for token in used].count("127.0.0.1") == 2
    revoke_token(used[1].id, by=organiser)
    refused(called(app, where, token), 401)


def test_a_competition_that_is_not_public_wants_admin_read(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    refused(called(app, "/competitions/X", token_for(organiser, Scope.RESULTS_READ)), 404)
    token = token_for(organiser, Scope.ADMIN_READ)
    assert called(app, "/competitions/X", token).json["latest"] is None
    assert [row["code"] for row in called(app, "/competitions", token).json["data"]] == ["X"]
    assert called(app, "/competitions?state=final", token).json["data"] == []


def test_a_session_is_never_taken_for_the_api(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    person = signed_in(app, organiser)
    refused(person.get("/api/v1/competitions/X/entrants"), 401)
    token = token_for(organiser, *Scope)
    page = app.test_client().get("/desk/", headers={"Authorization": f"Bearer {token}"})
    assert page.status_code != 200


def test_no_error_is_a_page(app: Flask, here: Flask) -> None:
    for path in ("/nothing", "/competitions/", "/competitions/X/../"):
        assert called(app, path).mimetype == "application/problem+json"
    posted = app.test_client().post("/api/v1/competitions")
    refused(posted, 405)
    assert {"GET", "HEAD"} <= set(posted.headers["Allow"].split(", "))
    docs = app.test_client().get("/api/v1/docs").text
    for status, path in ((404, "/nothing"), (401, "/competitions/X/entrants")):
        kind = refused(called(app, path), status)["type"]
        assert f'id="{kind.partition("#")[2]}"' in docs


def test_too_many_calls_are_told_when_to_come_again(app: Flask, here: Flask) -> None:
    for _call in range(120):
        last = called(app, "/competitions")
    assert last.headers["RateLimit-Remaining"] == "0"
    answer = called(app, "/competitions")
    refused(answer, 429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_calls_are_counted_over_all_operations(app: Flask, here: Flask) -> None:
    for path in ("/competitions", "/competitions/X", "/competitions/X/schedule"):
        last = called(app, path)
    assert last.headers["RateLimit-Remaining"] == "117"


def test_a_token_has_its_own_count_over_every_route(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    token = token_for(organiser, Scope.ADMIN_READ, Scope.REGISTRATION_READ)
    other = token_for(organiser, Scope.ADMIN_READ)
    paths = ["/competitions", "/competitions/X/entrants", "/openapi.json", "/docs"]
    for path in paths:
        last = called(app, path, token)
        assert last.status_code == 200
    assert [last.headers[f"RateLimit-{it}"] for it in ("Limit", "Remaining")] == ["600", "596"]
    # What is refused counts too, by its address where no token holds.
    refused(called(app, "/competitions/NONE", token), 404)
    assert called(app, "/competitions", token).headers["RateLimit-Remaining"] == "594"
    refused(called(app, "/competitions", f"{token}x"), 401)
    alone = called(app, "/docs")
    assert [alone.headers[f"RateLimit-{it}"] for it in ("Limit", "Remaining")] == ["120", "118"]
    for _call in range(594):
        last = called(app, "/competitions", token)
    answer = called(app, "/competitions", token)
    refused(answer, 429)
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    # Nobody else waits for it.
    assert called(app, "/competitions", other).status_code == 200


def test_one_entrant_and_the_schedule(app: Flask, fresh: Competition, organiser: Account) -> None:
    person = db.session.scalars(db.select(Entrant).where(Entrant.code == "P2")).one()
    at = {"event": "E", "stage": "S", "module": "m", "session": "第1场", "station": "2号"}
    with unit_of_work():
        put_plan(fresh, [at | {"starts": "2026-09-17T08:30", "entrants": ["P1", "P2"]}])
        place_entrants(fresh, [person])
    token = token_for(organiser, Scope.REGISTRATION_READ, Scope.ADMIN_READ)
    path = "/competitions/X/entrants/P2"
    own = called(app, path, token).json
    assert (own["state"], own["session"], own["station"]) == ("entered", "第1场", "2号")
    assert own in called(app, "/competitions/X/entrants", token).json["data"]
    assert person.name not in str(own)
    (turn,) = called(app, "/competitions/X/schedule", token).json["data"]
    assert turn["starts"].startswith("2026-09-17T08:30")
    assert [it["entrant"] for it in turn["entrants"]] == ["P1", "P2"]
    assert person.name not in str(turn)
    refused(called(app, "/competitions/X/schedule"), 404)
    refused(called(app, path), 401)
    refused(called(app, "/competitions/X/entrants/P9", token), 404)
    withdraw_person(person, "病了", organiser)
    assert called(app, path, token).json["state"] == "withdrawn"
    assert called(app, "/competitions/X/schedule", token).json["data"][0]["entrants"] == [
        turn["entrants"][0]
    ]
    whole = token_for(organiser, Scope.REGISTRATION_READ, Scope.PEOPLE_READ)
    assert called(app, path, whole).json["name"] == person.name


def test_the_description_is_of_the_operations(app: Flask, here: Flask) -> None:
    described = called(app, "/openapi.json").json
    assert described["openapi"] == "3.1.0"
    assert set(described["paths"]) == {address(declared) for declared in OPERATIONS}
    for declared in OPERATIONS:
        msgspec.convert(declared.example, declared.answer, strict=False)
    assert "$defs" not in str(described)
    assert "http://" not in called(app, "/docs").text
    for declared in OPERATIONS:
        operation_described = described["paths"][address(declared)][declared.method.lower()]
        if declared.body is not None:
            msgspec.convert(declared.sent, declared.body, strict=False)
            content = operation_described["requestBody"]["content"]["application/json"]
            headers = [
                it["name"] for it in operation_described["parameters"] if it["in"] == "header"
            ]
            wanted = {"POST": ["Idempotency-Key"], "PATCH": ["If-Match"]}.get(declared.method, [])
            assert headers == (wanted if declared.scope else [])
            assert content["example"] == declared.sent


SCOPED = [declared for declared in OPERATIONS if declared.scope is not None]


@pytest.mark.parametrize("declared", SCOPED, ids=lambda declared: declared.name)
def test_an_operation_is_for_its_scope_in_its_competition_alone(
    app: Flask, load: Callable[..., Competition], organiser: Account, declared: Operation
) -> None:
    """Refused without a token, without the scope, from another competition, once taken back."""
    assert declared.scope is not None
    load(small())
    other = load(small(competition={"code": "Y"}))
    grant_role(organiser, other, Role.ORGANISER)
    path = re.sub(r"<[^>]*>", "1", declared.path.replace("<code>", "X"))

    def status(token: str | None, wanted: int) -> str:
        answer = called(app, path, token, method=declared.method, sent=declared.sent)
        return str(refused(answer, wanted)["detail"])

    status(None, 401)
    without = token_for(organiser, *(scope for scope in Scope if scope is not declared.scope))
    assert declared.scope in status(without, 403)
    assert "X" in status(token_for(organiser, declared.scope, of=[other]), 404)
    row, token = make_token("人事系统", scopes=[declared.scope], by=organiser)
    revoke_token(row.id, by=organiser)
    status(token, 401)


def test_rows_of_now_are_for_who_may_read_results_before_they_are_out(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    where = "/competitions/X/standings?live=1"
    refused(called(app, where), 401)
    problem = refused(called(app, where, token_for(organiser, Scope.ADMIN_READ)), 403)
    assert "results:read" in problem["detail"]
    token = token_for(organiser, Scope.RESULTS_READ, of=[judged])
    rows = called(app, where, token).json["data"]
    assert {row["live"] for row in rows} == {True}
    assert {row["version"] for row in rows} == {None}
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    assert "赵启明" not in str(rows)
    whole = token_for(organiser, Scope.RESULTS_READ, Scope.PEOPLE_READ)
    assert "赵启明" in str(called(app, where, whole).json)
    part = called(app, f"{where}&limit=3", whole).json
    rest = called(app, f"{where}&limit=3&cursor={part['next']}", whole).json
    assert part["data"] + rest["data"] == called(app, where, whole).json["data"]
    announce(judged, organiser)
    assert called(app, "/competitions/X/standings").json["data"][0]["live"] is False
    strike_out(judged, "P2", organiser)
    moved = refused(called(app, f"{where}&limit=3&cursor={part['next']}", whole), 409)
    assert "第一页" in moved["detail"]


def test_rows_of_now_of_a_blind_event_are_not_for_who_rules_on_its_sheets(
    app: Flask, load: Callable[..., Competition]
) -> None:
    competition = load(small())
    with unit_of_work():
        competition.events[0].blind = True
    chief = official(competition, "C1")
    token = token_for(chief, Scope.RESULTS_READ)
    answer = called(app, "/competitions/X/standings?live=1", token)
    assert "盲评" in refused(answer, 403)["detail"]
