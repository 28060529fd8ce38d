"""The feed of the API: a line each, numbered without gaps, nothing that is frozen."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from flask import Flask

from compete.models import Account, Competition, db, utc_now
from compete.server.answers import Followed
from compete.services.accounts.api_tokens import Scope, make_token, revoke_token
from compete.services.closing.competition_lock import lock_marks
from compete.services.hall.board_acts import freeze, make_board, thaw
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.result_moves import withdraw_notice
from tests.support.announced import announce
from tests.support.api_calls import called, refused, token_for
from tests.support.second_day import second_version, strike_out

WHERE = "/competitions/X/feed"


def lines(app: Flask, token: str | None = None, query: str = "") -> list[dict[str, Any]]:
    answer = called(app, f"{WHERE}{query}", token)
    assert answer.status_code == 200
    assert answer.mimetype == "application/x-ndjson"
    return [msgspec.json.decode(line) for line in answer.data.splitlines()]


def kinds(rows: list[dict[str, Any]]) -> list[str]:
    return [row["type"] for row in rows if row["type"] != "standing"]


@pytest.mark.each_database
def test_what_was_published_is_told_to_anybody_in_numbered_lines(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    refused(called(app, WHERE), 404)
    announce(judged, organiser)
    rows = lines(app)
    assert [row["n"] for row in rows] == list(range(1, len(rows) + 1))
    assert "results.published" in kinds(rows)
    published = next(row["data"] for row in rows if row["type"] == "results.published")
    link = published["link"].removeprefix("/api/v1")
    assert called(app, link).json["sha256"] == published["sha256"]
    standings = [row["data"] for row in rows if row["type"] == "standing"]
    assert {row["entrant"] for row in standings} == {"P1", "P2", "P3", "P4"}
    assert {(row["live"], row["version"], row["code"]) for row in standings} == {(False, 1, "X")}
    assert "赵启明" not in str(rows)
    assert lines(app, query=f"?after={len(rows)}") == []
    assert lines(app, query="?after=2&limit=1") == [rows[2]]
    second_version(judged, organiser)
    later = lines(app, query=f"?after={len(rows)}")
    assert [row["n"] for row in later] == list(range(len(rows) + 1, len(rows) + len(later) + 1))
    assert "results.corrected" in kinds(later)
    assert {"P1"} <= {row["data"]["entrant"] for row in later if row["type"] == "standing"}
    assert lines(app) == rows + later


@pytest.mark.each_database
def test_rows_of_now_are_told_to_who_may_read_results_before_they_are_out(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    token = token_for(organiser, Scope.RESULTS_READ)
    rows = lines(app, token)
    assert [row["n"] for row in rows] == list(range(1, len(rows) + 1))
    standings = [row["data"] for row in rows if row["type"] == "standing"]
    assert {row["live"] for row in standings} == {True}
    assert len(standings) == 4
    assert lines(app, token, f"?after={len(rows)}") == []
    lock_marks(judged, organiser)
    strike_out(judged, "P1", organiser)
    later = lines(app, token, f"?after={len(rows)}")
    moved = {row["data"]["entrant"]: row["data"] for row in later if row["type"] == "standing"}
    assert moved["P1"]["rank"] is None
    refused(called(app, WHERE), 404)
    refused(called(app, WHERE, token_for(organiser, Scope.REGISTRATION_READ)), 404)


def test_what_is_frozen_for_the_hall_is_frozen_here(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    token = token_for(organiser, Scope.RESULTS_READ)
    before = len(lines(app, token))
    board = make_board(judged.events[0], organiser)
    freeze(board, organiser)
    lock_marks(judged, organiser)
    strike_out(judged, "P1", organiser)
    assert "standing" not in {row["type"] for row in lines(app, token, f"?after={before}")}
    thaw(board, organiser)
    assert "standing" in {row["type"] for row in lines(app, token, f"?after={before}")}


def test_rows_of_a_coded_event_are_told_to_nobody(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    with unit_of_work():
        judged.events[0].blind = True
    rows = lines(app, token_for(organiser, Scope.RESULTS_READ))
    assert "standing" not in {row["type"] for row in rows}


def test_what_was_taken_down_is_no_longer_told(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    many = len(lines(app))
    withdraw_notice(judged.events[0], "分数录错", organiser)
    rows = lines(app)
    assert len(rows) >= many
    standings = [row["data"] for row in rows if row["type"] == "standing"]
    assert standings
    assert all(row == {"code": "X", "event": "E", "withheld": True} for row in standings)


def test_who_follows_is_told_what_comes_until_the_token_ends(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    row, token = make_token("大屏", scopes=[Scope.RESULTS_READ], by=organiser)
    headers = {"Authorization": f"Bearer {token}"}
    answer = app.test_client().get(f"/api/v1{WHERE}?stream=1", headers=headers)
    assert answer.headers["Cache-Control"] == "no-store"
    begun = [msgspec.json.decode(line) for line in answer.data.splitlines()]
    assert begun == lines(app, token)
    with app.test_request_context(f"/api/v1{WHERE}?stream=1", headers=headers):
        response = app.full_dispatch_request()
    body = response.response
    assert isinstance(body, Followed)
    assert body.more() == b""
    lock_marks(judged, organiser)
    more = body.more() or b""
    assert [line["n"] for line in map(msgspec.json.decode, more.splitlines())] == [len(begun) + 1]
    assert body.more() == b""
    revoke_token(row.id, by=organiser)
    assert body.more() is None


def test_who_follows_without_a_token_is_parted_with_where_nothing_is_public_any_more(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    version = announce(judged, organiser)
    with app.test_request_context(f"/api/v1{WHERE}?stream=1"):
        body = app.full_dispatch_request().response
    assert isinstance(body, Followed)
    assert body.more() == b""
    with unit_of_work():
        version.withdrawn_at = utc_now()
    assert body.more() is None


def test_reading_what_is_known_writes_nothing(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    lines(app)
    begun = db.session.execute(db.text("SELECT max(id) FROM feed_entry")).scalar()
    lines(app)
    assert db.session.execute(db.text("SELECT max(id) FROM feed_entry")).scalar() == begun
    mark = called(app, WHERE).headers["ETag"]
    assert called(app, WHERE, **{"If-None-Match": mark}).status_code == 304
    refused(called(app, f"{WHERE}?after=-1"), 400)
