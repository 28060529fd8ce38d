"""The look-up of certificates is no way to try out names and numbers."""

from __future__ import annotations

from flask import Flask

NUMBER = "Y000032000123262000001"


def test_whoever_tries_out_names_for_a_number_is_stopped(app: Flask) -> None:
    client = app.test_client()
    tried = [client.get(f"/verify?number={NUMBER}&name=王{n}").status_code for n in range(8)]
    assert tried == [200] * 5 + [429] * 3
    assert "太频繁" in client.get(f"/verify?number={NUMBER}&name=王9").text


def test_whoever_tries_out_numbers_is_stopped(app: Flask) -> None:
    client = app.test_client()
    tried = [client.get(f"/verify?number=荣誉{n}&name=王").status_code for n in range(35)]
    assert tried.count(200) == 30
    assert tried[-1] == 429


def test_a_hall_at_one_address_may_open_the_form_as_often_as_it_likes(app: Flask) -> None:
    client = app.test_client()
    assert {client.get("/verify").status_code for _ in range(60)} == {200}
    assert {client.get("/verify?number=1&name=").status_code for _ in range(40)} == {200}
