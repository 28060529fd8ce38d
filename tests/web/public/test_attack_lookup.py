"""The look-up of certificates is no way to try out names and numbers."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.web.public import look_up

NUMBER = "Y000032000123262000001"


def asked(client: FlaskClient, number: str, name: str) -> Any:
    return client.post("/verify", data={"number": number, "name": name})


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
    tried = [asked(client, f"荣誉{n}", "王").status_code for n in range(35)]
    assert tried.count(200) == 30
    assert tried[-1] == 429


def test_a_hall_at_one_address_may_open_the_form_as_often_as_it_likes(app: Flask) -> None:
    client = app.test_client()
    assert {client.get("/verify").status_code for _ in range(60)} == {200}
    assert {asked(client, "1", "").status_code for _ in range(40)} == {200}


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
