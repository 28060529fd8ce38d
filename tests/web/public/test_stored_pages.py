"""What is published is rendered once: what is handed out is what Flask would say now."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, request_started
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client, TestResponse

from compete.models import Account, Certificate, Competition, Entrant, StoredPage, db
from compete.models.compiled_statements import OwnLine, Prepared
from compete.server.at_once import LOOKED
from compete.services.accounts.accounts import create_account
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel import audit
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.working_calendar import enter_year
from compete.services.registration.badges import replace_badge
from compete.services.results.publishing import publish_names
from compete.services.results.result_stands import stand_of
from compete.web.api.rate_limit import RateLimit
from compete.web.public import stored_pages
from tests.support.announced import body_for

PER_REQUEST = {"X-Request-Id", "Content-Length", "Date"}


@contextmanager
def flask_asked(app: Flask) -> Iterator[list[object]]:
    """What Flask came to see meanwhile."""
    seen: list[object] = []

    def note(*arguments: object, **_more: object) -> None:
        seen.append(arguments)

    with request_started.connected_to(note, app):
        yield seen


def token_of(competition: Competition, place: int = 0) -> str:
    entrants = db.session.query(Entrant).filter_by(competition_id=competition.id)
    token = entrants.order_by(Entrant.code).all()[place].badge_token
    assert token
    return token


def get(app: Flask, address: str, **headers: str) -> TestResponse:
    """As a phone without a cookie."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client(use_cookies=False).get(address, headers=named)


def by_flask(app: Flask, address: str, language: str = "zh-CN") -> TestResponse:
    """The same for somebody with a cookie of no meaning, whom Flask answers."""
    return get(app, address, Cookie="x=1", Accept_Language=language)


def at_once(
    app: Flask, address: str, looked: dict[Any, Any] | None = None, **headers: str
) -> TestResponse | None:
    """What a phone is told before a thread is spent on it alone; None where that is nothing.

    `looked` is what it shares with others, where the look is a wait.
    """
    ready = app.at_once  # type: ignore[attr-defined]

    def alone(environ: Any, start_response: Any) -> Any:
        if ready.waits:
            environ[LOOKED] = {} if looked is None else looked
        body = ready.answer(environ, start_response)
        if body is None:
            start_response("503 NOT AT ONCE", [])
        return body or []

    assert address.startswith(ready.starts)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Client(alone, use_cookies=False).get(
        address, headers={"Accept-Encoding": "gzip", "Accept-Language": "zh-CN"} | named
    )
    return None if answer.status_code == 503 else answer


def lasting_headers(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name not in PER_REQUEST}


@pytest.mark.each_database
def test_the_second_to_ask_gets_the_same_to_the_byte_without_flask(
    here: Flask, out: Competition
) -> None:
    assert here.at_once.waits == (  # type: ignore[attr-defined]
        db.engine.dialect.name != "sqlite"
    )
    addresses = [
        f"/c/{token_of(out)}",
        *(f"/p/{out.code}{rest}" for rest in ("", "/bundle.json", "/results.json", "?version=1")),
    ]
    for address in addresses:
        for language in ("zh-CN", "en"):
            first = get(here, address, Accept_Language=language)
            with flask_asked(here) as seen:
                second = get(here, address, Accept_Language=language)
                packed = get(here, address, Accept_Language=language, Accept_Encoding="gzip, br")
                kept = get(
                    here,
                    address,
                    Accept_Language=language,
                    If_None_Match=second.headers["ETag"],
                )
                head = here.test_client(use_cookies=False).head(
                    address, headers={"Accept-Language": language}
                )
            assert seen == []
            assert (head.status_code, head.data, lasting_headers(head)) == (
                200,
                b"",
                lasting_headers(second),
            )
            assert (second.status_code, second.data) == (200, first.data)
            assert lasting_headers(second) == lasting_headers(first)
            assert gzip.decompress(packed.data) == first.data
            assert packed.headers["Content-Encoding"] == "gzip"
            assert (kept.status_code, kept.data) == (304, b"")
            assert first.data == by_flask(here, address, language).data
    assert get(here, addresses[0]).headers["X-Robots-Tag"] == "noindex, nofollow"


def test_who_brings_a_cookie_or_asks_for_something_else_is_flasks(
    here: Flask, out: Competition
) -> None:
    for address in (f"/p/{out.code}?q=a", f"/p/{out.code}?page=1", f"/p/{out.code}?version=01"):
        assert get(here, address).status_code in (200, 404)
    signed = get(here, f"/c/{token_of(out)}", Cookie="theme=dark")
    assert signed.headers["Cache-Control"] == "no-store"
    stored = db.session.query(StoredPage).count()
    assert stored <= 1, "what anybody can write into an address fills no table"


def test_nothing_of_the_address_that_a_visitor_used_is_stored(
    here: Flask, out: Competition
) -> None:
    address = f"/c/{token_of(out)}"
    for other in (address, f"/p/{out.code}"):
        get(here, other, Host="elsewhere.example")
        assert b"elsewhere" not in get(here, other).data


@pytest.mark.parametrize("change", ["revoke", "rename", "badge", "time", "judging"])
def test_what_is_done_shows_at_the_next_request(
    here: Flask, out: Competition, organiser: Account, change: str
) -> None:
    winner = next(
        entrant
        for entrant in db.session.query(Entrant).filter_by(competition_id=out.id)
        if "一等奖" in get(here, f"/c/{entrant.badge_token}").text
    )
    body_for(out)
    issue_award_certificates(out, organiser, "公示中先发")
    address = f"/c/{winner.badge_token}"
    before = get(here, address)
    assert before.data == get(here, address).data
    ready = at_once(here, address)
    assert ready is not None
    assert gzip.decompress(ready.data) == before.data
    moment = latest_publication(out)
    assert moment is not None
    assert moment.notice_until is not None
    after = timedelta(0)
    if change == "revoke":
        revoke_certificate(
            db.session.query(Certificate).filter_by(entrant_id=winner.id).first(),
            "发错了",
            organiser,
        )
    elif change == "rename":
        with unit_of_work():
            winner.name = "更正后的名"
        publish_names(out, organiser, "姓名更正")
    elif change == "badge":
        replace_badge(winner, "丢了", organiser)
    elif change == "time":
        after = moment.notice_until - moment.published_at + timedelta(days=1)
    else:
        with unit_of_work():
            audit.record(out, organiser, "acts.take", "J1")
    with time_machine.travel(moment.published_at + after + timedelta(seconds=1)):
        # The loop looks through no records; once somebody has, it goes on.
        assert at_once(here, address) is None
        with flask_asked(here) as seen:
            now = get(here, address)
        assert (seen == []) == (change == "judging")
        assert (now.data == before.data) == (change == "judging")
        if change == "judging":
            assert lasting_headers(at_once(here, address) or now) == lasting_headers(ready)
        assert (now.status_code, now.data) == (
            by_flask(here, address).status_code,
            by_flask(here, address).data,
        )


def test_at_every_moment_it_says_what_flask_says(here: Flask, out: Competition) -> None:
    """What is handed out was stored just before the moment, or long before it."""
    publication = latest_publication(out)
    assert publication is not None
    assert publication.appeals_until is not None
    assert publication.notice_until is not None
    begun, notice, appeals = (
        publication.published_at,
        publication.notice_until,
        publication.appeals_until,
    )
    midnight = notice.replace(microsecond=0) + timedelta(seconds=60)
    second = timedelta(seconds=1)
    moments = [
        *(begun + timedelta(minutes=n) for n in (0, 1, 61, 119)),
        *(at + step for at in (appeals, notice, midnight) for step in (-second, second)),
        notice + timedelta(days=400),
    ]
    addresses = [f"/c/{token_of(out)}", f"/p/{out.code}"]
    for moment in sorted(moments):
        with time_machine.travel(moment, tick=False):
            for address in addresses:
                assert get(here, address).data == by_flask(here, address).data, (address, moment)


def test_a_stored_page_that_somebody_put_in_anothers_place_is_not_handed_out(
    here: Flask, out: Competition
) -> None:
    mine, other = (f"/c/{token_of(out, place)}" for place in (0, 1))
    wanted = [get(here, address).data for address in (mine, other)]
    first, second = db.session.query(StoredPage).order_by(StoredPage.id)
    contents = {first.id: second.content, second.id: first.content}
    with unit_of_work() as session:
        for number, content in contents.items():
            session.execute(
                update(StoredPage).where(StoredPage.id == number).values(content=content)
            )
    assert [get(here, address).data for address in (mine, other)] == wanted


def test_what_somebody_makes_up_in_an_address_is_not_stored(here: Flask, out: Competition) -> None:
    pages = (f"/c/{token_of(out)}", f"/p/{out.code}", f"/p/{out.code}/results.json")
    made_up = ("event=x", "event=x&version=1", "version=01", "version=%2B1")
    for page in pages:
        for query in made_up:
            answer = get(here, f"{page}?{query}")
            assert (answer.status_code, answer.headers.get("ETag")) == (200, None)
    assert get(here, f"{pages[0]}?version=1").status_code == 200
    assert db.session.query(StoredPage).count() == 0
    get(here, f"{pages[1]}?event={out.events[0].code}&version=1")
    assert db.session.query(StoredPage).count() == 1


def test_a_full_disk_keeps_nobody_from_reading(
    here: Flask, out: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(stored_pages, "store_answers", fail)
    answer = get(here, f"/p/{out.code}")
    assert answer.status_code == 200
    assert answer.data == by_flask(here, f"/p/{out.code}").data


def test_a_working_day_less_shows_at_the_next_request(here: Flask, out: Competition) -> None:
    page, stand = f"/p/{out.code}", stand_of(out.events[0])
    assert stand.notice_from is not None
    before = get(here, page).data
    off = stand.notice_from.isoformat()
    enter_year(stand.notice_from.year, f"{off} 休", "通知", create_account("管理员", is_admin=True))
    now = get(here, page).data
    assert now != before
    assert now == by_flask(here, page).data


def test_who_takes_no_gzip_gets_none(here: Flask, out: Competition) -> None:
    page = f"/p/{out.code}"
    whole = get(here, page).data
    for coding in ("gzip;q=0", "br, gzip;q=0", "identity, gzip; q=0.0", "x-gzip", "deflate"):
        answer = get(here, page, Accept_Encoding=coding)
        assert (answer.data, answer.headers.get("Content-Encoding")) == (whole, None), coding


def test_one_address_asks_only_so_often_before_flask_counts_it(
    here: Flask, out: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    get(here, f"/p/{out.code}")
    monkeypatch.setattr(stored_pages, "_limit", RateLimit(1))
    with flask_asked(here) as seen:
        answers: list[Any] = [get(here, f"/p/{out.code}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(seen) == 1


ASKED = (
    {},
    {"Accept_Language": "en-GB,en;q=0.9,zh;q=0.8"},
    {"Accept_Language": "fr"},
    {"Accept_Encoding": "br;q=1.0, GZIP;q=0.5, *;q=0"},
    {"Accept_Encoding": "*"},
    {"If_None_Match": "TAG"},
    {"If_None_Match": '"other", TAG'},
    {"If_None_Match": "*"},
    {"If_None_Match": '"other"'},
    {"If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"Range": "bytes=0-9"},
    {"X_Request_Id": "from-a-proxy.1"},
    {"X_Request_Id": "two words"},
    {"Host": "a..b", "Referer": "http://["},
)


@pytest.mark.each_database
def test_the_loop_says_what_a_thread_says_header_by_header(here: Flask, out: Competition) -> None:
    addresses = [
        f"/c/{token_of(out)}",
        *(f"/p/{out.code}{rest}" for rest in ("", "/bundle.json", "/results.json", "?version=1")),
    ]
    for address in addresses:
        for language in ("zh-CN", "en"):
            assert at_once(here, address, Accept_Language=language) is None
            first = get(here, address, Accept_Language=language)
            get(here, address, Accept_Language=language)
        for asked in ASKED:
            # `first` is the English one.
            headers = {"Accept_Encoding": "gzip", "Accept_Language": "en"} | asked
            headers |= {
                name: value.replace("TAG", first.headers["ETag"]) for name, value in headers.items()
            }
            mine, theirs = at_once(here, address, **headers), get(here, address, **headers)
            assert mine is not None, asked
            assert (mine.status, mine.data) == (theirs.status, theirs.data), asked
            assert lasting_headers(mine) == lasting_headers(theirs), asked
            assert mine.headers.get("Content-Length") == theirs.headers.get("Content-Length")
            assert len(mine.headers) == len(theirs.headers), asked
            if asked == {"X_Request_Id": "from-a-proxy.1"}:
                assert mine.headers["X-Request-Id"] == theirs.headers["X-Request-Id"]


def test_what_the_loop_leaves_to_a_thread(
    here: Flask, out: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/p/{out.code}"
    for _turn in range(2):
        get(here, page)
    assert at_once(here, page) is not None
    for headers in (
        {"Cookie": "theme=dark"},
        {"Accept_Encoding": "identity"},
        {"Accept_Encoding": "gzip;q=0"},
    ):
        assert at_once(here, page, **headers) is None, headers
    assert at_once(here, f"{page}?q=a") is None
    monkeypatch.setattr(stored_pages, "_limit", RateLimit(1))
    assert at_once(here, page) is not None
    assert at_once(here, page) is None, "one too many is Flask's to count"


def test_a_database_that_has_no_time_keeps_no_loop_waiting(
    here: Flask, out: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_arguments: object, **_more: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    page = f"/p/{out.code}"
    for _turn in range(2):
        get(here, page)
    line = OwnLine(db.engine).connection.cursor()
    assert line.execute("PRAGMA busy_timeout").fetchone() == (0,)
    assert at_once(here, page) is not None
    monkeypatch.setattr(Prepared, "first_on", locked)
    assert at_once(here, page) is None
    assert get(here, page).status_code == 200
