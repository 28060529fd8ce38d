"""The short way before Flask answers as Flask does, header by header, or leaves it to Flask."""

from __future__ import annotations

import io
import json
import re
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from compete.models import Act, AuditEntry, db, utc_now
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.sign_in_cards import cancel_cards
from compete.web.api import acts_call, fast_path, views
from compete.web.api.fast_path import ShortWay
from compete.web.api.rate_limit import RateLimit
from compete.web.sessions import Sessions
from tests.support.panels import Panel, client_of

Plain = dict[str, Any]
_TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


@dataclass
class Device:
    """A tablet of J1, its page's token, and which of its calls Flask came to see."""

    app: Flask
    cookie: str
    token: str
    sheet: str
    seen_by_flask: list[Plain] = field(default_factory=list)

    def act(self, **fields: Any) -> Plain:
        fields = {"kind": "mark", "aspect": "work", "value": "17.5"} | fields
        return {"uuid": str(uuid.uuid4()), "sheet": self.sheet} | fields

    def environ(self, body: bytes, **headers: str) -> Plain:
        plain = {
            **{"REQUEST_METHOD": "POST", "PATH_INFO": "/api/acts", "QUERY_STRING": ""},
            **{"SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1"},
            **{"wsgi.url_scheme": "http", "wsgi.errors": io.StringIO()},
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/json",
            "HTTP_COOKIE": self.cookie,
            "HTTP_X_CSRF_TOKEN": self.token,
            "HTTP_X_REQUEST_ID": "here",
        }
        return {key: value for key, value in (plain | headers).items() if value is not None}

    def send(self, *acts: Plain, **headers: Any) -> Answer:
        return self.post(json.dumps({"acts": acts}).encode(), **headers)

    def post(self, body: bytes, **headers: Any) -> Answer:
        """By the short way."""
        return _asked(self.app.wsgi_app, self.environ(body, **headers))

    def post_to_flask(self, body: bytes, **headers: Any) -> Answer:
        """The same to Flask, as if nothing stood before it."""
        assert isinstance(self.app.wsgi_app, ShortWay)
        return _asked(self.app.wsgi_app._whole, self.environ(body, **headers))


@dataclass(frozen=True)
class Answer:
    """An answer; its body without what is another in every answer."""

    status: str
    headers: list[tuple[str, str]]
    body: Plain


def _asked(app: Callable[..., Iterable[bytes]], environ: Plain) -> Answer:
    head: list[Any] = []
    pieces = app(environ, lambda *begun: head.extend(begun[:2]))
    body = json.loads(b"".join(pieces))
    body.pop("now", None)
    # How far the server is changes with each call that it records.
    assert ("reached" in body) is ("held" in body)
    body.pop("reached", None)
    return Answer(head[0], head[1], body)


@pytest.fixture
def device(app: Flask, opened: Panel, monkeypatch: pytest.MonkeyPatch) -> Device:
    app.config["WTF_CSRF_ENABLED"] = False
    client = client_of(app, opened, "J1")
    app.config["WTF_CSRF_ENABLED"] = True
    token = _TOKEN.search(client.get("/judge/").text)
    assert token is not None
    with app.app_context():
        sheet = opened.sheet("J1").public_id
    tablet = Device(app, _cookie_of(client), token[1], sheet)
    assert isinstance(app.wsgi_app, ShortWay)
    whole = app.wsgi_app._whole

    def watched(environ: Plain, start_response: Any) -> Iterable[bytes]:
        tablet.seen_by_flask.append(environ)
        return whole(environ, start_response)

    monkeypatch.setattr(app.wsgi_app, "_whole", watched)
    return tablet


def _cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("compete")
    assert cookie is not None
    return f"compete={cookie.value}"


@pytest.mark.each_database
def test_a_mark_is_held_without_flask_and_the_answer_is_the_same(device: Device) -> None:
    first, second = device.act(), device.act(value="18.5")
    # The cookie of both carries one second.
    with time_machine.travel(utc_now(), tick=False):
        short = device.send(first)
        assert device.seen_by_flask == []
        ordinary = device.post_to_flask(json.dumps({"acts": [second]}).encode())
    assert (short.status, short.body["held"]) == ("200 OK", [first["uuid"]])
    assert short.headers == ordinary.headers
    assert short.body.keys() == ordinary.body.keys()
    quick_sheet, other = (answer.body["sheets"][device.sheet] for answer in (short, ordinary))
    assert quick_sheet.pop("acts") < other.pop("acts")
    assert quick_sheet == other | {"version": 1, "values": {"work": "17.5"}}


def many(count: int) -> Callable[[Device], bytes]:
    return lambda device: json.dumps({"acts": [device.act() for _ in range(count)]}).encode()


def act_body(**fields: Any) -> Callable[[Device], bytes]:
    return lambda device: json.dumps({"acts": [device.act(**fields)]}).encode()


def as_it_is(body: bytes) -> Callable[[Device], bytes]:
    return lambda _device: body


CALLS: dict[str, tuple[Callable[[Device], bytes], Plain]] = {
    "no act": (as_it_is(b'{"acts": []}'), {}),
    "refused": (act_body(value="99"), {}),
    "refused in English": (act_body(value="99"), {"also": "lang=en"}),
    "another's sheet": (act_body(sheet="0" * 32), {}),
    "too many": (many(201), {}),
    "no JSON": (as_it_is(b"{"), {}),
    "nothing": (as_it_is(b""), {}),
    "no cookie": (act_body(), {"HTTP_COOKIE": ""}),
    "a forged cookie": (act_body(), {"HTTP_COOKIE": "compete=eyJfdXNlcl9pZCI6ICJ4In0.x.y"}),
    "no token": (act_body(), {"HTTP_X_CSRF_TOKEN": ""}),
    "a forged token": (act_body(), {"HTTP_X_CSRF_TOKEN": "IjEi.x.y"}),
    "another judge's page": (act_body(), {"HTTP_X_JUDGE": "1.99999"}),
    "without a name": (as_it_is(b'{"acts": []}'), {"HTTP_X_REQUEST_ID": "a b"}),
}


@pytest.mark.parametrize("name", CALLS)
def test_whatever_comes_is_answered_as_flask_answers_it(device: Device, name: str) -> None:
    make, headers = CALLS[name]
    if also := headers.pop("also", None):
        headers["HTTP_COOKIE"] = f"{device.cookie}; {also}"
    body = make(device)
    with time_machine.travel(utc_now(), tick=False):
        short, ordinary = device.post(body, **headers), device.post_to_flask(body, **headers)
    assert (short.status, short.body) == (ordinary.status, ordinary.body)
    same = [
        [pair for pair in answer.headers if pair[0] != "X-Request-Id"]
        for answer in (short, ordinary)
    ]
    assert same[0] == same[1]
    given = headers.get("HTTP_X_REQUEST_ID", "here") == "here"
    assert all(
        (dict(answer.headers)["X-Request-Id"] == "here") is given for answer in (short, ordinary)
    )


@pytest.mark.each_database
def test_a_sheet_that_is_handed_in_is_answered_by_flask_and_taken_once(
    app: Flask, device: Device
) -> None:
    device.send(device.act(), device.act(aspect="smooth", value="2"))
    submit = device.act(kind="submit", aspect=None, value=None)
    reply = device.send(submit).body
    assert len(device.seen_by_flask) == 1
    assert reply["sheets"][device.sheet]["signing"]
    with app.app_context():
        assert db.session.scalar(select(func.count(Act.id))) == 3
        assert db.session.scalar(select(func.count()).where(AuditEntry.action == "acts.take")) == 2


@pytest.mark.each_database
def test_a_refusal_is_recorded_once(app: Flask, device: Device) -> None:
    assert device.send(device.act(value="99")).body["refused"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(AuditEntry.action == "acts.take")) == 1


def test_a_fault_is_met_once_and_said_as_ever(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[str] = []

    def full(*_arguments: object) -> None:
        met.append(g.request_id)
        raise OperationalError("", {}, Exception("database or disk is full"))

    monkeypatch.setattr(acts_call, "take_batch", full)
    answer = device.send(device.act())
    assert met == ["here"]
    assert answer.status.startswith("507")
    assert "磁盘满了" in answer.body["error"]


def test_a_call_counts_once_and_one_too_many_is_told_to_wait(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = RateLimit(most=3)
    for module in (fast_path, views):
        monkeypatch.setattr(module, "rate_limit", limit)
    assert device.send(device.act()).status == "200 OK"
    assert device.send(device.act(value="99")).status == "200 OK"
    assert device.post(b"{").status.startswith("400")
    assert device.send(device.act()).status.startswith("429")


def test_too_large_a_body_is_flasks(app: Flask, device: Device) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10
    assert device.send(device.act()).status.startswith("413")


@pytest.mark.each_database
def test_a_card_that_was_cancelled_brings_nothing_in_though_its_cookie_is_known(
    app: Flask, opened: Panel, device: Device
) -> None:
    assert device.send(device.act()).status == "200 OK"
    with app.app_context():
        account = account_of_judge(opened.judge("J1"), opened.competition, None)
        cancel_cards(account, opened.organiser, "丢了")
        db.session.remove()
    assert device.send(device.act()).status.startswith("401")


def test_a_cookie_is_believed_no_longer_than_it_is_signed_for(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert device.send(device.act()).status == "200 OK"
    later = time.time() + timedelta(days=41).total_seconds()
    monkeypatch.setattr("time.time", lambda: later)
    assert device.send(device.act()).status.startswith("401")


def test_who_sends_long_cookies_does_not_fill_the_memory(app: Flask, device: Device) -> None:
    sessions = app.session_interface
    assert isinstance(sessions, Sessions)
    assert device.send(device.act()).status == "200 OK"
    known = len(sessions._proved)
    assert (
        device.send(device.act(), HTTP_COOKIE=f"{device.cookie}; a={'b' * 2000}").status == "200 OK"
    )
    assert len(sessions._proved) == known
