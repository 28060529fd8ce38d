"""The clerk's page: who gets to it, what stands on the device, what the server takes."""

from __future__ import annotations

import gzip
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, CheckIn, Competition, Entrant, db, utc_now
from compete.models.types import token_hash
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.backups.generations import Met, begin_generation, met_by
from compete.services.kernel.installation import installation_here
from compete.services.registration.badges import replace_badge
from compete.services.registration.officials import add_official
from compete.services.registration.withdrawals import withdraw_person
from compete.web import kept_acts
from tests.support.people import visitor
from tests.support.signing_in import signed_in
from tests.support.small import IDS

LIST, ACTS = "/api/check-in/X/list", "/api/check-in/X/acts"


@pytest.fixture
def clerk(fresh: Competition, organiser: Account) -> Account:
    judge = add_official(fresh, Role.CLERK, "丁一鸣", organiser)
    return account_of_judge(judge, fresh, organiser)


@pytest.fixture
def tablet(app: Flask, clerk: Account) -> FlaskClient:
    return signed_in(app, clerk)


def act(**keys: Any) -> dict[str, Any]:
    fields = {
        **{"uuid": str(uuid4()), "kind": "passed", "entrant": "P1", "stage": "S"},
        **{"at": utc_now().isoformat(), "compared": True, "items": ["身份证"]},
    }
    return fields | keys


def test_a_clerk_signs_in_by_card_and_has_this_page_alone(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    form = {"role": "clerk", "name": "丁一鸣"}
    page = desk.post("/desk/X/judges/add", data=form, follow_redirects=True).text
    assert "加了检录员 丁一鸣" in page
    judge = next(judge for judge in fresh.judges if judge.name == "丁一鸣")
    _card, token = issue_card(account_of_judge(judge, fresh, organiser), one_time=True)
    tablet = app.test_client()
    entered = tablet.post(f"/sign-in/{token}")
    assert entered.location == "/check-in/X/"
    page = tablet.get("/check-in/X/").text
    assert "先认人，再点东西" in page
    assert tablet.get("/desk/X/").status_code == 404
    assert tablet.get("/judge/").status_code == 403


@pytest.mark.parametrize(("who", "may"), [("judge", False), ("chief", False), ("organiser", True)])
def test_others_have_no_such_page(app: Flask, fresh: Competition, who: str, may: bool) -> None:
    client = visitor(app, who, fresh)
    for address in ("/check-in/X/", LIST):
        assert client.get(address).status_code == (200 if may else 404)
    assert client.post(ACTS, json={"acts": []}).status_code == (200 if may else 404)


def test_the_device_has_masked_numbers_and_no_badges_link(
    tablet: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    entrant = db.session.query(Entrant).filter_by(code="P1").one()
    old = entrant.badge_token
    replace_badge(entrant, "丢了", organiser)
    page, data = tablet.get("/check-in/X/").text, tablet.get(LIST).json
    assert data is not None
    person = next(row for row in data["people"] if row["entrant"] == "P1")
    assert person["papers"][0]["tail"] == IDS["P1"][-4:]
    assert data["replaced"] == [token_hash(old)[:32]]
    assert person["badge"] == token_hash(entrant.badge_token)[:32]
    for secret in (IDS["P1"], entrant.badge_token, old, entrant.badge_hash):
        assert secret not in page
    # Who withdrew is on no list; the badge is known all the same.
    assert data["left"] == []
    withdraw_person(entrant, "病了", organiser)
    data = tablet.get(LIST).json
    assert data is not None
    assert "P1" not in {row["entrant"] for row in data["people"]}
    assert data["left"] == [person["badge"]]


def test_acts_are_taken_once_and_refused_in_words(tablet: FlaskClient, clerk: Account) -> None:
    good, bad = act(), act(compared=False, entrant="P2")
    for _again in range(2):
        reply = tablet.post(ACTS, json={"acts": [good, bad]}).json
        assert reply is not None
        assert reply["held"] == [good["uuid"]]
        assert reply["refused"] == [{"uuid": bad["uuid"], "reason": "P2 的本人还没对过"}]
    assert db.session.query(CheckIn.account_id).all() == [(clerk.id,)]
    data = tablet.get(LIST).json
    assert data is not None
    (first_act,) = next(row for row in data["people"] if row["entrant"] == "P1")["acts"]
    assert (first_act["uuid"], first_act["kind"], first_act["by"]) == (
        good["uuid"],
        "passed",
        "丁一鸣",
    )
    again = tablet.get(LIST, query_string={"known": data["version"]}).json
    assert again is not None
    assert again.keys() == {"version", "now", "generation", "reached", "changed"}
    tablet.post(ACTS, json={"acts": [act(entrant="P2")]})
    changed = tablet.get(LIST, query_string={"known": data["version"]}).json
    assert changed is not None
    assert [row["entrant"] for row in changed["changed"]] == ["P2"]


def test_a_device_that_has_not_met_a_restore_is_told_of_it_before_its_acts_are_taken(
    tablet: FlaskClient,
) -> None:
    reached = tablet.get(LIST).json["reached"]  # type: ignore[index]
    again, passed = begin_generation("a backup"), act()
    installation_here().memory.clear()  # as in a server that is started on it
    reply = tablet.post(ACTS, json={"acts": [passed]}, headers={"X-Reached": reached}).json
    assert reply is not None
    assert (reply["held"], reply["refused"], reply["generation"]) == ([], [], again)
    after = {"X-Reached": reply["reached"]}
    assert tablet.post(ACTS, json={"acts": [passed]}, headers=after).json["held"] == [
        passed["uuid"]
    ]  # type: ignore[index]


def test_a_chain_that_is_shorter_than_a_device_was_told_takes_nothing(
    tablet: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was set back after the call was looked at: it is to be sent again."""
    reached = tablet.get(LIST).json["reached"]  # type: ignore[index]
    place = met_by(reached).reached
    assert place is not None
    further = Met(is_of_another=False, reached=place._replace(seq=place.seq + 1))
    monkeypatch.setattr(kept_acts, "met_by", lambda _word: further)
    headers, passed = {"X-Reached": reached}, act()
    assert tablet.post(ACTS, json={"acts": [passed]}, headers=headers).status_code == 503
    assert not db.session.query(CheckIn.id).all()
    monkeypatch.undo()
    again = tablet.post(ACTS, json={"acts": [passed]}, headers=headers).json
    assert again is not None
    assert again["held"] == [passed["uuid"]]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"acts": 1}', b'{"acts": [{"uuid": 3}]}', b"[" * 100_000]
)
def test_what_cannot_be_read_is_said_and_kept(tablet: FlaskClient, body: bytes) -> None:
    answer = tablet.post(ACTS, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "还在本机" in answer.json["error"]  # type: ignore[index]


def test_a_page_of_somebody_else_sends_nothing_in_this_name(tablet: FlaskClient) -> None:
    answer = tablet.post(ACTS, json={"acts": [act()]}, headers={"X-Judge": "k1.999"})
    assert answer.status_code == 403
    assert db.session.query(CheckIn).count() == 0


def test_a_device_is_sent_who_was_checked_in_since_and_the_whole_when_more_changed(
    app: Flask, tablet: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    whole = tablet.get(LIST).json
    same = tablet.get(LIST, query_string={"known": whole["version"]}).json
    assert (same["changed"], same["version"], "people" in same) == ([], whole["version"], False)
    done = act()
    assert tablet.post(ACTS, json={"acts": [done]}).json["held"] == [done["uuid"]]
    news = tablet.get(LIST, query_string={"known": whole["version"]}).json
    assert "people" not in news
    assert {row["entrant"] for row in news["changed"]} == {"P1"}
    assert [check_act["uuid"] for row in news["changed"] for check_act in row["acts"]] == [
        done["uuid"]
    ]
    # What was told already is told no more, and what was taken back is told.
    assert tablet.get(LIST, query_string={"known": news["version"]}).json["changed"] == []
    back = act(kind="undone", undoes=done["uuid"])
    tablet.post(ACTS, json={"acts": [back]})
    taken = tablet.get(LIST, query_string={"known": news["version"]}).json
    assert [row["acts"] for row in taken["changed"]] == [[]]
    # The plan or the people may be others then.
    person = db.session.query(Entrant).filter_by(code="P1").one()
    replace_badge(person, "丢了", organiser)
    assert "people" in tablet.get(LIST, query_string={"known": taken["version"]}).json
    for strange in ("", "x", "x-1", whole["version"].split("-")[0] + "-999999", "1-²"):
        assert "people" in tablet.get(LIST, query_string={"known": strange}).json


def test_the_list_is_zipped(tablet: FlaskClient) -> None:
    answer = tablet.get(LIST, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"people" in gzip.decompress(answer.data)
