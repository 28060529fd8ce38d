"""The look-up of certificates is no way to try out names and numbers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, Certificate, Competition, db
from compete.web.public import look_up
from tests.support.second_day import certify, with_prizes


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


NUMBER = "Y000032000123262000001"


def at(seconds: float) -> Any:
    """The clock by which wrong tries are counted."""
    return patch("time.time", lambda: seconds)


def asked(client: FlaskClient, number: str, name: str, holder: str = "") -> Any:
    return client.post("/verify", data={"number": number, "name": name, "holder": holder})


def test_whoever_tries_out_names_for_a_number_is_stopped(app: Flask) -> None:
    client = app.test_client()
    tried = [asked(client, NUMBER, f"王{n}").status_code for n in range(8)]
    assert tried == [200] * 5 + [429] * 3
    assert "太频繁" in asked(client, NUMBER, "王9").text


def test_another_way_to_write_the_number_is_no_other_number(app: Flask) -> None:
    client = app.test_client()
    ways = ("〔2026〕第1号", "[2026]第001号", "２０２６年第1号", "( 2026 )第01号", "〔2026〕1号")
    assert {asked(client, way, f"王{n}").status_code for n, way in enumerate(ways)} == {200}
    assert asked(client, "〔2026〕第１号", "王").status_code == 429


def test_whoever_tries_out_numbers_is_stopped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_up, "MISSES_OF_ADDRESS", "30 per minute")
    client = app.test_client()
    # Of a different person each time, so that no name is spent.
    tried = [asked(client, f"荣誉{n}", f"王{n}").status_code for n in range(35)]
    assert tried.count(200) == 30
    assert tried[-1] == 429


def test_a_hall_at_one_address_may_open_the_form_as_often_as_it_likes(app: Flask) -> None:
    client = app.test_client()
    assert {client.get("/verify").status_code for _ in range(60)} == {200}
    assert {asked(client, "1", "").status_code for _ in range(40)} == {200}


def test_going_through_the_numbers_with_a_known_name_does_not_reach_the_right_one(
    app: Flask, certified: Competition
) -> None:
    certificate = db.session.query(Certificate).filter_by(kind="grade", subject="P1").one()
    number, name, holder = certificate.number, certificate.face["name"], certificate.id_number or ""
    token = certificate.token
    guesser, other = app.test_client(), {"REMOTE_ADDR": "10.0.0.7"}
    start = number[:-6]
    tried = [asked(guesser, f"{start}{n:06}", name).status_code for n in range(500, 530)]
    assert (tried.count(200), set(tried)) == (20, {200, 429})
    # Now the right number, too, is not told of by number and name alone.
    assert certificate.face["occupation"] not in asked(guesser, number, name).text
    # Beside the guesser whoever holds the paper gets in, by the ID number and by the code.
    assert certificate.face["occupation"] in asked(guesser, number, name, holder).text
    assert guesser.get(f"/v/{token}").status_code == 200
    # Elsewhere and about others nothing is spent.
    elsewhere = app.test_client()
    sent = {"number": number, "name": name}
    assert "有效" in elsewhere.post("/verify", data=sent, environ_base=other).text
    second = db.session.query(Certificate).filter_by(kind="grade", subject="P2").one()
    assert second.face["name"] in asked(guesser, second.number, second.face["name"]).text


def test_one_address_switches_a_number_off_for_nobody_else(
    app: Flask, certified: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_up, "MISSES_OF_NUMBER_AN_HOUR", "10 per hour")
    monkeypatch.setattr(look_up, "MISSES_OF_NUMBER_OF_ALL", "10 per hour")
    monkeypatch.setattr(look_up, "MISSES_OF_NAME_OF_ALL", "10 per hour")
    certificate = db.session.query(Certificate).filter_by(kind="grade", subject="P1").one()
    number, name = certificate.number, certificate.face["name"]
    guesser = app.test_client()
    for n in range(15):
        asked(guesser, number, f"王{n}")
        asked(guesser, f"{number[:-6]}{n + 500:06}", name)
    beside = {"REMOTE_ADDR": "10.0.0.7"}
    sent = {"number": number, "name": name}
    assert "有效" in guesser.post("/verify", data=sent, environ_base=beside).text


def test_what_is_refused_counts_nothing(
    app: Flask, certified: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_up, "MISSES_OF_NUMBER_AN_HOUR", "6 per hour")
    certificate = db.session.query(Certificate).filter_by(kind="grade", subject="P1").one()
    client = app.test_client()
    tried = [asked(client, certificate.number, f"王{n}").status_code for n in range(20)]
    assert tried == [200] * 5 + [429] * 15
    # Five were looked at, not twenty: the right one is found, at once.
    assert "有效" in asked(client, certificate.number, certificate.face["name"]).text


def test_an_id_number_is_compared_for_who_gives_it_and_guessed_at_ten_times_a_day(
    app: Flask, certified: Competition
) -> None:
    certificate = db.session.query(Certificate).filter_by(kind="grade", subject="P1").one()
    number, name, holder = certificate.number, certificate.face["name"], certificate.id_number or ""
    client = app.test_client()
    page_text = asked(client, number, name).text
    assert "核对证件号码" in page_text
    assert not any(part in page_text for part in (holder[:4] + "*", "*" + holder[-4:], holder))
    assert "和登记的一致" in asked(client, number, name, f" {holder[:6]} {holder[6:]}").text
    wrong = holder[:-1] + ("1" if holder[-1] == "X" else "X")
    pages = []
    for n in range(12):
        pages.append(
            client.post(
                "/verify",
                data={"number": number, "name": name, "holder": wrong},
                environ_base={"REMOTE_ADDR": f"10.0.1.{n}"},
            )
        )
    assert [page.status_code for page in pages] == [200] * 10 + [429] * 2
    assert "查不到" in pages[0].text
    assert certificate.face["occupation"] not in pages[0].text
    # Who guessed gets no answer to the right one either; whoever did not is told.
    right = {"number": number, "name": name, "holder": holder}
    guesser = {"REMOTE_ADDR": "10.0.1.3"}
    assert client.post("/verify", data=right, environ_base=guesser).status_code == 429
    assert "和登记的一致" in asked(client, number, name, holder).text
    assert "有效" in asked(client, number, name).text


def test_a_certificates_own_link_says_that_the_id_number_alone_differs(
    app: Flask, certified: Competition
) -> None:
    certificate = db.session.query(Certificate).filter_by(kind="grade", subject="P1").one()
    link, holder = f"/v/{certificate.token}", certificate.id_number or ""
    client = app.test_client()
    assert f'action="{link}"' in client.get(link).text
    same = client.post(link, data={"holder": f" {holder[:6]} {holder[6:]}"})
    assert (same.status_code, "和登记的一致" in same.text) == (200, True)
    assert "证件号码对得上" in same.text
    wrong = holder[:-1] + ("1" if holder[-1] == "X" else "X")
    other = client.post(link, data={"holder": wrong})
    assert other.status_code == 400
    assert "和登记的证件号码不一致" in other.text
    assert f'value="{wrong}"' in other.text, "what was typed stands there"
    assert certificate.face["occupation"] in other.text
    assert "查不到" not in other.text, "the certificate was found"
    assert "请写证件号码" in client.post(link, data={"holder": " "}).text
    # What is tried here and by number and name counts together.
    for _ in range(9):
        client.post(link, data={"holder": wrong})
    assert client.post(link, data={"holder": holder}).status_code == 429
    assert asked(client, certificate.number, certificate.face["name"], holder).status_code == 429
    beside = {"REMOTE_ADDR": "10.0.0.9"}
    assert client.post(link, data={"holder": holder}, environ_base=beside).status_code == 200
    nowhere = client.get("/v/" + "x" * 24)
    assert nowhere.status_code == 404
    assert "登记册里没有这个二维码或链接对应的证书" in nowhere.text
    assert "有一处不对" not in nowhere.text, "nothing was typed"


def test_name_and_number_are_never_in_the_address(app: Flask) -> None:
    client = app.test_client()
    assert 'method="post"' in client.get("/verify").text
    # An address that brings them, from an old link, is not answered about.
    assert "查不到，不一定" in client.get(f"/verify?number={NUMBER}&name=王").text
    assert "请写姓名" not in client.get(f"/verify?number={NUMBER}").text
    answer = asked(client, NUMBER, "王")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    for number, name in (("\0", "王"), (NUMBER, "\0"), ("〔2026〕第1号", "x" * 5000)):
        assert asked(client, number, name).status_code in (200, 400)


def test_after_hundreds_of_wrong_ones_the_right_one_waits_an_hour_and_no_day(
    app: Flask, certified: Competition
) -> None:
    certificate = db.session.query(Certificate).filter_by(kind="grade", subject="P1").one()
    number, name = certificate.number, certificate.face["name"]
    client, begun = app.test_client(), time.time()
    minute = 60
    for n in range(220):
        # At a pace that nothing refuses: by another minute each time.
        with at(begun + n * minute / 4):
            asked(client, number, f"王{n}")
            asked(client, f"{number[:-6]}{n + 500:06}", name)
    with at(begun + 55 * minute):
        assert certificate.face["occupation"] not in asked(client, number, name).text
    with at(begun + 55 * minute + 3_700):
        assert certificate.face["occupation"] in asked(client, number, name).text
