"""The big screen and its controls over HTTP."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.hall import BoardTable
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Competition,
    Entrant,
    Event,
    HallBoard,
    OutcomeEntry,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.loading import load_bundle
from compete.services.hall import snapshots as hall_snapshots
from compete.services.hall.board_acts import (
    change_board,
    freeze,
    make_board,
    reveal_next,
    start_reveal,
)
from compete.services.hall.board_table import board_table
from compete.services.hall.now import HallNow
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.web.hall import views as screens
from compete.web.hall.views import Shown, describe_hall
from tests.support.contest import contest
from tests.support.signing_in import official, signed_in
from tests.support.statements import statements


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(contest(entrants=12, blind=True))


@pytest.fixture
def organiser(competition: Competition) -> Account:
    account = create_account("吴敏")
    grant_role(account, competition, Role.ORGANISER)
    return account


@pytest.fixture
def board(competition: Competition, organiser: Account) -> HallBoard:
    board = make_board(competition.events[0], organiser)
    switch(board, organiser, on=True)
    return board


def switch(board: HallBoard, by: Account, *, on: bool, places: str = "9") -> None:
    change_board(
        board,
        switched_on=on,
        delay="0",
        places=places,
        stations=False,
        opens_at=None,
        by=by,
    )


def data_of(client: FlaskClient, board: HallBoard) -> dict[str, Any]:
    answer = client.get(f"/hall/CUP/{board.token}/data")
    assert answer.status_code == 200
    board_data: dict[str, Any] = json.loads(answer.data)
    return board_data


def test_the_screen_needs_no_sign_in_and_sets_no_cookie(
    client: FlaskClient, board: HallBoard
) -> None:
    answer = client.get(f"/hall/CUP/{board.token}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert 'data-theme="dark"' in answer.text


def test_a_board_that_is_off_is_not_there(
    client: FlaskClient, board: HallBoard, organiser: Account
) -> None:
    switch(board, organiser, on=False)
    assert client.get(f"/hall/CUP/{board.token}").status_code == 404
    assert client.get(f"/hall/CUP/{board.token}/data").status_code == 404


def test_a_wrong_link_is_not_there(client: FlaskClient, board: HallBoard) -> None:
    assert client.get("/hall/CUP/guess").status_code == 404
    assert client.get(f"/hall/OTHER/{board.token}").status_code == 404


def test_an_unchanged_screen_gets_a_304(client: FlaskClient, board: HallBoard) -> None:
    first = client.get(f"/hall/CUP/{board.token}/data")
    again = client.get(
        f"/hall/CUP/{board.token}/data", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert again.data == b""


def test_a_change_gets_the_new_screen(
    client: FlaskClient, board: HallBoard, organiser: Account
) -> None:
    first = client.get(f"/hall/CUP/{board.token}/data")
    freeze(board, organiser)
    again = client.get(
        f"/hall/CUP/{board.token}/data", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 200
    assert json.loads(again.data)["banner"]["title"] == "封榜"


def test_codes_alone_leave_the_server_while_coded(client: FlaskClient, board: HallBoard) -> None:
    page = client.get(f"/hall/CUP/{board.token}").text
    assert "选手0" not in page
    assert not re.search(r"P0\d\d", page)
    assert "解密前用加密号" in page
    assert data_of(client, board)["code_label"] == "加密号"


def test_what_was_frozen_while_coded_names_nobody_who_appealed_once_announced(
    client: FlaskClient,
    board: HallBoard,
    competition: Competition,
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    freeze(board, organiser)
    codes = frozenset(row["code"] for row in data_of(client, board)["rows"])
    assert codes
    # Somebody's number may be like somebody else's code.
    monkeypatch.setattr("compete.web.hall.views.codes_under_appeal", lambda _of: codes)
    with unit_of_work():
        competition.state = CompetitionState.NOTICE
    board_data = data_of(client, board)
    assert board_data["code_label"] == "加密号"
    assert {(row["name"], row["unit"]) for row in board_data["rows"]} == {("", "")}


def test_a_frozen_board_counts_no_further(
    client: FlaskClient, board: HallBoard, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = data_of(client, board)["done"]
    freeze(board, organiser)
    monkeypatch.setattr(
        "compete.web.hall.views.hall_now", lambda _of: HallNow([], 999, 1000, None, [])
    )
    assert data_of(client, board)["done"] == before


def test_rows_that_are_not_opened_are_not_in_the_answer(
    client: FlaskClient, board: HallBoard, competition: Competition, organiser: Account
) -> None:
    codes = [row["code"] for row in data_of(client, board)["rows"]]
    freeze(board, organiser)
    with unit_of_work():
        competition.state = CompetitionState.LOCKED
    start_reveal(board, organiser)
    shut = client.get(f"/hall/CUP/{board.token}/data").text
    assert not any(code in shut for code in codes)
    reveal_next(board, organiser, 0)
    board_data = data_of(client, board)
    assert [row.get("code") for row in board_data["rows"]] == [None] * 8 + [codes[8]]
    # How far behind the first one is would tell the first's total.
    assert board_data["rows"][8]["gap"] == "—"
    assert board_data["newest"] == 8
    assert board_data["seconds"] == 1


def test_the_organiser_makes_switches_freezes_and_opens_from_the_desk(
    app: Flask, competition: Competition, organiser: Account
) -> None:
    client = signed_in(app, organiser)
    assert "还没有大屏" in client.get("/desk/CUP/hall").text
    client.post("/desk/CUP/hall/make?event=FORK")
    form = {"on": "1", "delay": "0", "places": "2", "opens_at": "2022-09-16T14:00"}
    assert client.post("/desk/CUP/hall/settings?event=FORK", data=form).status_code == 302
    page = client.get("/desk/CUP/hall").text
    assert "2022-09-16T14:00" in page
    assert "加密赛项写出工位" in page
    board = db.session.query(HallBoard).one()
    assert f"/hall/CUP/{board.token}" in page
    client.post("/desk/CUP/hall/freeze?event=FORK")
    assert "14:00 颁奖时揭晓" in str(data_of(client, board)["banner"])
    refused = client.post("/desk/CUP/hall/reveal?event=FORK")
    assert refused.status_code == 409
    assert "评分还没锁定" in refused.text
    with unit_of_work():
        competition.state = CompetitionState.LOCKED
    client.post("/desk/CUP/hall/reveal?event=FORK")
    assert "揭晓下一名" in client.get("/desk/CUP/hall").text
    client.post("/desk/CUP/hall/next?event=FORK", data={"seen": "0"})
    assert "揭晓冠军" in client.get("/desk/CUP/hall").text
    client.post("/desk/CUP/hall/next?event=FORK", data={"seen": "1"})
    assert "回到实时" in client.get("/desk/CUP/hall").text
    assert data_of(client, board)["banner"]["title"] == "已揭晓"


def test_nobody_but_the_organiser_runs_the_board(
    app: Flask, competition: Competition, board: HallBoard
) -> None:
    chief = signed_in(app, official(competition, "C1"))
    assert chief.get("/desk/CUP/hall").status_code == 404
    assert chief.post("/desk/CUP/hall/freeze?event=FORK").status_code == 404


def test_an_act_that_there_is_not_is_not_found(
    app: Flask, organiser: Account, board: HallBoard
) -> None:
    client = signed_in(app, organiser)
    assert client.post("/desk/CUP/hall/explode?event=FORK").status_code == 404
    assert client.post("/desk/CUP/hall/OTHER/freeze").status_code == 404


def test_a_screen_that_asks_again_reads_the_stored_table(
    here: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    competition = load_bundle(contest(code="BIG", entrants=120))
    by = create_account("吴敏")
    board = make_board(competition.events[0], by)
    switch(board, by, on=True, places="99")
    token = board.token
    worked_out = []

    def counted(competition: Competition, event: Event) -> BoardTable:
        worked_out.append(event.code)
        return board_table(competition, event)

    monkeypatch.setattr(hall_snapshots, "board_table", counted)
    db.session.expunge_all()
    for _screen in range(5):
        answer = client.get(f"/hall/BIG/{token}/data")
        assert len(json.loads(answer.data)["rows"]) >= 99
    assert len(worked_out) == 1


def test_a_screen_that_asks_again_is_told_what_is_kept_until_anything_changes(
    app: Flask,
    client: FlaskClient,
    board: HallBoard,
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []

    def counted(board: HallBoard) -> tuple[Shown, datetime | None]:
        made.append(board.id)
        return describe_hall(board)

    monkeypatch.setattr(screens, "describe_hall", counted)
    first = data_of(client, board)
    again = data_of(client, board)
    assert {**first, "now": 0} == {**again, "now": 0}
    assert again["now"]["ms"] >= first["now"]["ms"] > 0
    assert len(made) == 1
    address = f"/hall/CUP/{board.token}/data"
    # A context of its own: the language that was chosen is kept in it.
    with app.app_context():
        visitor = app.test_client()
        visitor.set_cookie("lang", "en")
        english = visitor.get(address)
    assert json.loads(english.data)["code_label"] != first["code_label"]
    assert data_of(client, board) | {"now": 0} == first | {"now": 0}
    assert len(made) == 2
    # Somebody is told absent: one fewer at the very next asking.
    who = db.session.query(Entrant).filter_by(code="P001").one()
    with unit_of_work() as session:
        session.add(OutcomeEntry(entrant_id=who.id, stage="final", status="dns"))
        audit.record(board.event.competition, organiser, "outcome.record", "P001")
    assert data_of(client, board)["done"]["all"] == first["done"]["all"] - 1
    switch(board, organiser, on=True, places="3")
    assert len(data_of(client, board)["rows"]) == 3
    switch(board, organiser, on=False)
    assert client.get(f"/hall/CUP/{board.token}/data").status_code == 404


def test_what_moves_by_the_clock_alone_is_not_kept_beyond_its_time(
    client: FlaskClient, board: HallBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon, made = utc_now() + timedelta(seconds=20), []

    def counted(board: HallBoard) -> tuple[Shown, datetime | None]:
        made.append(board.id)
        return describe_hall(board)[0], soon if len(made) == 1 else None

    monkeypatch.setattr(screens, "describe_hall", counted)
    for seconds, times in ((0, 1), (19, 1), (21, 2), (80, 2), (82, 3)):
        at = soon + timedelta(seconds=seconds - 20)
        monkeypatch.setattr(screens, "utc_now", lambda at=at: at)
        data_of(client, board)
        assert len(made) == times


def test_a_larger_field_asks_the_database_no_more_often(here: Flask, client: FlaskClient) -> None:
    asked = {}
    for code, entrants in (("FEW", 20), ("MANY", 200)):
        competition = load_bundle(contest(code=code, entrants=entrants))
        by = create_account(code)
        board = make_board(competition.events[0], by)
        switch(board, by, on=True)
        token = board.token
        db.session.expunge_all()
        with statements(db.engine) as queries:
            assert client.get(f"/hall/{code}/{token}/data").status_code == 200
        asked[code] = len(queries)
    # One more statement may go to a table whose rows are asked for in portions.
    assert asked["MANY"] <= asked["FEW"] + 1
