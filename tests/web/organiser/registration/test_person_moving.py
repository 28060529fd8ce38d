"""挪工位: to a free place or by a swap before judging; what is impossible says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, Competition, Entrant, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.schedule.station_moves import possible_moves
from compete.services.scoring.bundle_out import export_bundle
from tests.support.signing_in import official, signed_in
from tests.support.small import small

WHERE = "/desk/X/entrants/P1/"


def planned() -> dict[str, Any]:
    """P1 and P2 at two stations of the first session, P3 at one of the second; P4 nowhere."""
    plain = small()
    event = plain["events"][0]
    stage = event["stages"][0]["code"]

    def session(module: str, name: str, station: str, at: str, *people: str) -> dict[str, Any]:
        return {
            "event": event["code"],
            "stage": stage,
            "module": module,
            "session": name,
            "station": station,
            "starts": f"2022-09-16T{at}:00",
            "ends": f"2022-09-16T{at}:50",
            "entrants": list(people),
        }

    plain["competition"]["extra"] = {
        "schedule": [
            session("m", "第1场", "1号", "09", "P1"),
            session("m", "第1场", "2号", "09", "P2"),
            session("m", "第2场", "1号", "10", "P3"),
            session("t", "计时", "跑道", "10", "P1"),
        ]
    }
    return plain


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    """Nobody judged yet."""
    return load(planned())


@pytest.fixture
def desk(app: Flask, organiser: Account, competition: Competition) -> FlaskClient:
    """The organiser's desk."""
    return signed_in(app, organiser)


def stage_of(competition: Competition) -> str:
    """The code of the only stage."""
    return rules_of(competition.events[0]).stages[0].code


def moves(competition: Competition, code: str, module: str = "m") -> dict[str, Any]:
    """By session and station the moves that somebody has."""
    db.session.expire_all()
    entrant = entrant_by_code(competition, code)
    assert entrant is not None
    choices = possible_moves(entrant, stage_of(competition), module)
    return {f"{move.place.session} {move.place.station}": move for move in choices}


def place(code: str, module: str = "m") -> str:
    """Where somebody stands now."""
    db.session.expire_all()
    entrant = db.session.query(Entrant).filter_by(code=code).one()
    return next(f"{s.session} {s.station}" for s in entrant.slots if s.module == module)


def sent(desk: FlaskClient, competition: Competition, to: Any, reason: str = "扭伤脚") -> Any:
    """The form of P1's page, sent."""
    data = {"place": f"{stage_of(competition)}/m", "to": to.key, "reason": reason}
    return desk.post(f"{WHERE}move", data=data, follow_redirects=True)


def test_two_of_a_session_swap_and_everything_follows(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    known = moves(competition, "P1")
    assert known["第1场 2号"].other.code == "P2"
    page = desk.get(f"{WHERE}?move={stage_of(competition)}/m").text
    assert "和 钱文 P2 对换" in page
    assert sent(desk, competition, known["第1场 2号"], " ").status_code == 400
    page_text = sent(desk, competition, known["第1场 2号"]).text
    assert "和 钱文 P2 对换了" in page_text
    assert (place("P1"), place("P2")) == ("第1场 2号", "第1场 1号")
    for code, new in (("P1", "2号"), ("P2", "1号")):
        history = desk.get(f"/desk/X/entrants/{code}/").text
        assert "扭伤脚" in history
        assert re.search(rf"<s>第1场 .号 09:00</s> → <b>第1场 {new} 09:00", history)
        entrant = entrant_by_code(competition, code)
        assert entrant is not None
        assert new in app.test_client().get(f"/c/{entrant.badge_token}").text
    assert list(check_rows(competition)) == []
    assert list(verify_chain(competition)) == []


def test_the_file_that_goes_out_has_the_new_places(
    desk: FlaskClient, competition: Competition
) -> None:
    sent(desk, competition, moves(competition, "P1")["第1场 2号"])
    bundle = export_bundle(competition)
    sessions = bundle.competition.extra["schedule"]  # type: ignore[index]
    places = {(s["session"], s["station"]): s["entrants"] for s in sessions}
    assert places["第1场", "1号"] == ["P2"]
    assert places["第1场", "2号"] == ["P1"]
    assert places["计时", "跑道"] == ["P1"]


def test_a_free_place_is_taken_and_one_at_another_time_of_theirs_is_not(
    desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    known = moves(competition, "P1")
    # At ten P1 is timed elsewhere; nobody swaps across sessions.
    assert "P1" not in str(known.get("第2场 1号"))
    assert "赵启明 这时在" in str(known["第2场 2号"].why_not)
    assert sent(desk, competition, known["第2场 2号"]).status_code == 409
    page = desk.get(f"{WHERE}?move={stage_of(competition)}/m").text
    assert "disabled" in page
    assert "赵启明 这时在" in page
    p2 = entrant_by_code(competition, "P2")
    assert p2 is not None
    withdraw_person(p2, "受伤", organiser)
    free = moves(competition, "P1")["第1场 2号"]
    assert free.other is None
    assert "挪好了" in sent(desk, competition, free).text
    assert place("P1") == "第1场 2号"
    sessions = export_bundle(competition).competition.extra["schedule"]  # type: ignore[index]
    assert [s["entrants"] for s in sessions if s["station"] == "2号"] == [["P1"]]


def test_who_has_no_place_is_given_one_and_the_file_says_so(
    desk: FlaskClient, competition: Competition
) -> None:
    known = moves(competition, "P4")
    assert known.keys() == {"第2场 2号"}
    data = {"place": f"{stage_of(competition)}/m", "to": known["第2场 2号"].key, "reason": "补排"}
    assert desk.post("/desk/X/entrants/P4/move", data=data).status_code == 302
    assert place("P4") == "第2场 2号"
    plain = export_bundle(competition)
    sessions = plain.competition.extra["schedule"]  # type: ignore[index]
    assert [s["entrants"] for s in sessions if s["station"] == "2号"] == [["P2"], ["P4"]]


def test_at_a_shared_station_one_swaps_with_each_and_joins_without_a_place(
    load: Callable[..., Competition],
) -> None:
    plain = planned()
    sessions = plain["competition"]["extra"]["schedule"]
    sessions[1]["entrants"] = ["P2", "P3"]
    del sessions[2]
    competition = load(plain)
    p1, p4 = entrant_by_code(competition, "P1"), entrant_by_code(competition, "P4")
    assert p1 is not None
    assert p4 is not None
    swaps = possible_moves(p1, stage_of(competition), "m")
    assert [move.other.code for move in swaps if move.other] == ["P2", "P3"]
    assert len(swaps) == 2
    (joined,) = possible_moves(p4, stage_of(competition), "m")
    assert (joined.place.station, joined.there, joined.other) == ("2号", 2, None)


def test_a_place_that_was_taken_meanwhile_is_refused(
    desk: FlaskClient, competition: Competition
) -> None:
    early = moves(competition, "P1")["第1场 2号"]
    sent(desk, competition, early)
    assert sent(desk, competition, early).status_code == 409
    wrong = {"place": "x/y", "to": early.key, "reason": "x"}
    assert desk.post(f"{WHERE}move", data=wrong).status_code == 404
    assert desk.get(f"{WHERE}?move=x/y").status_code == 404
    none = {"place": f"{stage_of(competition)}/m", "reason": "x"}
    assert "先选挪到哪里" in desk.post(f"{WHERE}move", data=none).text


def test_once_judging_has_begun_the_places_are_locked(
    app: Flask, desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    known = moves(competition, "P1")["第1场 2号"]
    judges = {judge.code: judge for judge in competition.judges}
    event, stage = competition.events[0], stage_of(competition)
    assign_judges(event, stage, "m", [(judges["J1"], ""), (judges["J2"], "")], organiser)
    assign_judges(event, stage, "t", [(judges["J3"], "")], organiser)
    assert signed_in(app, official(competition, "C1")).post(f"{WHERE}move").status_code == 404
    open_judging(competition, organiser)
    page = desk.get(f"{WHERE}?move={stage}/m").text
    assert "工位不能再挪" in page
    assert 'action="/desk/X/entrants/P1/move"' not in page
    assert sent(desk, competition, known).status_code == 409
    assert place("P1") == "第1场 1号"


def test_who_came_late_is_given_a_time_where_no_session_has_one(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = planned()
    for session in plain["competition"]["extra"]["schedule"]:
        del session["starts"], session["ends"]
    competition = load(plain)
    judges = {judge.code: judge for judge in competition.judges}
    event, stage = competition.events[0], stage_of(competition)
    assign_judges(event, stage, "m", [(judges["J1"], ""), (judges["J2"], "")], organiser)
    assign_judges(event, stage, "t", [(judges["J3"], "")], organiser)
    open_judging(competition, organiser)
    desk = signed_in(app, organiser)
    page = desk.get(f"/desk/X/entrants/P4/?move={stage}/m").text
    assert "后来的人没有抽签" in page
    assert "这一场可以对换" not in page
    assert "另写一个时间" in page
    form = {"place": f"{stage}/m", "to": "own", "station": "2号", "reason": "补报"}
    wrong = desk.post("/desk/X/entrants/P4/move", data=form | {"at": "十点"})
    assert (wrong.status_code, "几点开始要写上" in wrong.text) == (400, True)
    assert ">补报</textarea>" in wrong.text or 'value="补报"' in wrong.text
    form["at"] = "2022-09-16T11:00"
    assert "挪好了" in desk.post("/desk/X/entrants/P4/move", data=form, follow_redirects=True).text
    page = desk.get(f"/desk/X/entrants/P4/?move={stage}/m").text
    assert "11:00" in page
    # Chosen once, it can be chosen again.
    assert "另写一个时间" in page
    assert list(verify_chain(competition)) == []


def test_the_last_move_is_taken_back_while_nobody_else_has_to_give_way(
    desk: FlaskClient, competition: Competition
) -> None:
    def undo() -> int:
        mark = re.search(r'name="change" value="([^"]*)"', desk.get(WHERE).text)
        data = {"change": mark[1] if mark else ""}
        return desk.post(f"{WHERE}move-undo", data=data).status_code

    assert undo() == 409
    sent(desk, competition, moves(competition, "P1")["第1场 2号"])
    assert "从 第1场 1号 09:00 挪到了现在的位置，和 钱文 对换" in desk.get(WHERE).text
    assert undo() == 302
    assert (place("P1"), place("P2")) == ("第1场 1号", "第1场 2号")
    # Somebody else stands there by now: they are not moved for it.
    sent(desk, competition, moves(competition, "P1")["第1场 2号"])
    data = {
        "place": f"{stage_of(competition)}/m",
        "to": moves(competition, "P2")["第2场 2号"].key,
        "reason": "晚到",
    }
    assert desk.post("/desk/X/entrants/P2/move", data=data).status_code == 302
    assert place("P2") == "第2场 2号"
    assert undo() == 302
    assert place("P1") == "第1场 1号"
    assert place("P2") == "第2场 2号"
    assert list(verify_chain(competition)) == []
