"""Everybody's published page is made ready once, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from compete.models import Account, Competition, Entrant, StoredPage, db, utc_now
from compete.services.jobs.one_at_a_time import worker_lock
from compete.services.kernel.installation import config_here
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.web.public import page_preparation
from compete.web.public.page_preparation import Errand, errand_line, read_errand
from compete.web.public.prepared_pages import prepare_alone, prepare_pages
from compete.web.public.release import release_of
from compete.web.public.result_lists import result_addresses
from tests.support.announced import announce, announce_again, lock
from tests.web.public.test_stored_pages import by_flask, flask_asked, get, token_of


@pytest.fixture(autouse=True)
def _not_after_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside other tests it would get no processor for minutes."""
    quick = [part.replace("os.nice(19); ", "") for part in page_preparation.COMMAND]
    assert quick != page_preparation.COMMAND
    monkeypatch.setattr(page_preparation, "COMMAND", quick)


@pytest.fixture
def few(judged: Competition, organiser: Account) -> Competition:
    """A small competition, its results published."""
    announce(judged, organiser)
    return judged


def tabs_of(app: Flask, competition: Competition) -> int:
    publication = latest_publication(competition)
    assert publication is not None
    with app.test_request_context():
        return len(result_addresses(publication))


def pages_of(app: Flask, competition: Competition) -> int:
    """How many there are to make: in two languages tabs, two files, the notice, one a person."""
    people = db.session.query(Entrant).filter_by(competition_id=competition.id).count()
    return 2 * (3 + tabs_of(app, competition) + people)


def stored() -> int:
    db.session.rollback()
    return db.session.query(StoredPage).count()


def errand_for(app: Flask, competition: Competition) -> Errand:
    return Errand(config_here(), release_of(app), competition.id)


def test_everybodys_page_is_made_ready_once(here: Flask, out: Competition) -> None:
    with worker_lock(out.id, "pages"):
        # Another process is at it.
        assert prepare_alone(here, out.id) == 0
    assert stored() == 0
    assert tabs_of(here, out) > 1
    assert prepare_alone(here, out.id) == pages_of(here, out)
    assert prepare_pages(here, out) == 0
    with flask_asked(here) as seen:
        answer = get(here, f"/c/{token_of(out, 2)}", Accept_Language="en")
    assert seen == []
    assert answer.data == by_flask(here, f"/c/{token_of(out, 2)}", "en").data


@pytest.mark.each_database
def test_a_process_of_its_own_makes_what_the_server_hands_out(
    here: Flask, few: Competition, caplog: pytest.LogCaptureFixture
) -> None:
    page_preparation.see_to(errand_for(here, few))
    assert caplog.messages == []
    assert stored() == pages_of(here, few)
    with flask_asked(here) as seen:
        answer = get(here, f"/c/{token_of(few, 2)}", Accept_Language="en")
    assert seen == []
    assert answer.data == by_flask(here, f"/c/{token_of(few, 2)}", "en").data


def test_another_release_of_the_program_stores_nothing(here: Flask, few: Competition) -> None:
    page_preparation.see_to(replace(errand_for(here, few), release="before"))
    assert stored() == 0


def test_it_ends_with_the_server(here: Flask, few: Competition) -> None:
    errand = errand_line(errand_for(here, few))
    # The second time before it said what for.
    for request in (errand, errand[:9]):
        done = subprocess.run(
            page_preparation.COMMAND, input=request, check=False, capture_output=True
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert stored() == 0


def test_that_it_cannot_begin_is_told_and_nothing_more(
    here: Flask,
    few: Competition,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(page_preparation, "COMMAND", ["/nowhere/python"])
    page_preparation.see_to(errand_for(here, few))
    monkeypatch.setattr(page_preparation, "COMMAND", [sys.executable, "-c", "raise SystemExit(3)"])
    page_preparation.see_to(errand_for(here, few))
    assert [
        f"the pages of competition {few.id} were left" in message for message in caplog.messages
    ] == [
        True,
        True,
    ]
    caplog.clear()
    with_the_server = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    monkeypatch.setattr(page_preparation, "COMMAND", [sys.executable, "-c", with_the_server])
    page_preparation.see_to(errand_for(here, few))
    assert caplog.messages == [], "who stops the server stops it too"


def test_what_it_is_told_comes_back_whole(here: Flask, few: Competition) -> None:
    errand = errand_for(here, few)
    assert read_errand(errand_line(errand)) == errand
    more = replace(errand, config=replace(errand.config, font_dir=errand.config.data_dir))
    assert read_errand(errand_line(more)) == more


def test_publishing_begins_it_once_it_is_stored(
    here: Flask, forklift: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(
        page_preparation, "begin", lambda errand: begun.append(errand.competition_id)
    )
    monkeypatch.setitem(here.config, "TESTING", False)
    lock(forklift, organiser)
    with unit_of_work():
        publish(forklift, organiser)
        assert begun == []
    get(here, f"/p/{forklift.code}")
    assert begun == [forklift.id], "who published within other work; the first to ask begins it"
    get(here, f"/c/{token_of(forklift)}")
    assert begun == [forklift.id], "once a version"
    announce_again(forklift, organiser, "再出一版")
    assert begun == [forklift.id] * 2, "nobody had to ask"
    with time_machine.travel(utc_now() + timedelta(minutes=11), tick=False):
        get(here, f"/c/{token_of(forklift, 1)}")
    assert begun == [forklift.id] * 3, "what became stale meanwhile"
