"""Nothing keeps the write lock for long: measured always, and held at hundreds of people."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from compete.models import Account, Certificate, Competition, Entrant, Erasure, db
from compete.services.closing.approving_jobs import asked_approvals
from compete.services.competitions.erasure_requests import ask_erasure
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.write_holds import MOST_HELD, forget_holds, longest_holds
from compete.services.registration.preview import keep_upload, offer_of
from compete.services.registration.staging import ask_preview, ask_write
from compete.services.sheets import counts
from compete.sheets.registration.template import write_registration_workbook
from tests.bench import desk, evaluations, events
from tests.services.competitions.test_erasure import end
from tests.sheets.people import many_rows
from tests.support.write_holds import short_holds

PEOPLE, BATCH = 500, 150


def test_who_keeps_the_lock_long_is_noted_and_logged(
    here: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compete.services.kernel.write_holds.MOST_HELD", MOST_HELD)
    forget_holds()
    with caplog.at_level(logging.WARNING, "compete.writing"), unit_of_work():
        until = time.thread_time() + MOST_HELD
        while time.thread_time() < until:
            pass
    (longest, *_) = longest_holds()
    assert longest.where.endswith("test_who_keeps_the_lock_long_is_noted_and_logged")
    assert MOST_HELD <= longest.cpu <= longest.seconds + 0.01
    assert "kept the write lock" in caplog.text


@pytest.mark.slow
def test_many_people_are_written_in_short_parts(
    fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    content = write_registration_workbook(offer_of(fresh), many_rows(PEOPLE, offer_of(fresh)))
    batch = keep_upload(fresh, "a.xlsx", content, organiser)
    with short_holds(PEOPLE):
        for ask in (partial(ask_preview, batch, organiser), partial(ask_write, batch, organiser)):
            ask()
            assert do_next(fresh.id)
            db.session.rollback()


@pytest.mark.slow
def test_what_many_people_come_to_is_written_in_short_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lay_tables: Callable[[Path], None]
) -> None:
    """Locked, approved, published, certified; and long after erased."""
    monkeypatch.setattr(desk, "ASPECTS", (1, 1))
    place = desk.Desk(PEOPLE, tmp_path / "desk", lay_tables=lay_tables)
    organiser, code = place.client("organiser"), events.CODE
    place.finish()
    with short_holds(PEOPLE):
        place.step("lock", lambda: organiser.post(f"/desk/{code}/lock"))
        everybody = f"/desk/{code}/awards/approve/proposed"
        place.step("approve", lambda: organiser.post(everybody, data={"checked": "yes"}))
        place.step("publish", lambda: organiser.post(f"/desk/{code}/publish"))
        for kind in ("award", "grade"):
            address = f"/desk/{code}/certificates/issue/{kind}"
            place.step(kind, partial(organiser.post, address, data={"reason": "x"}))
        with place.app.app_context():
            number = ask_to_erase(db.session.scalars(select(Competition)).one())
        supervisor = place.client("supervisor")
        erase = f"/desk/{code}/personal-data/{number}/agree"
        place.step("erase", lambda: supervisor.post(erase))
    with place.app.app_context():
        assert db.session.scalars(select(Entrant.id).where(Entrant.erased_at.is_(None))).all() == []
        assert db.session.get_one(Erasure, number).people == PEOPLE
        assert list(verify_chain(db.session.scalars(select(Competition)).one())) == []


@pytest.mark.slow
def test_what_many_of_an_evaluation_come_to_is_written_in_short_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lay_tables: Callable[[Path], None]
) -> None:
    """Locked, put up, approved, numbered, with two sheets for each."""
    monkeypatch.setattr(counts, "MOST_AT_ONCE", BATCH)
    place = evaluations.EvaluationDesk(BATCH, tmp_path / "desk", lay_tables=lay_tables)
    organiser, code = place.client("organiser"), evaluations.CODE
    with short_holds(PEOPLE):
        for step in ("lock", "publish", "awards/approve/proposed"):
            address = f"/desk/{code}/{step}"
            place.step(step, partial(organiser.post, address, data={"reason": "x"}))
        with place.app.app_context():
            (asked,) = asked_approvals(db.session.scalars(select(Competition)).one())
            agree = f"/desk/{code}/awards/agree/{asked.first}?asked={asked.mark}"
        place.step("agree", partial(place.client("second").post, agree))
        issue = f"/desk/{code}/certificates/issue/grade"
        place.step("issue", partial(organiser.post, issue, data={"reason": "x"}))
    with place.app.app_context():
        issued = db.session.scalars(select(Certificate)).all()
        assert len(issued) == BATCH - BATCH // evaluations.LACKING
        assert {row.face["ground"] for row in issued} == {"考核认定"}
        numbers = sorted(int(row.number[-6:]) for row in issued)
        assert numbers == list(range(1, len(issued) + 1))
        assert list(verify_chain(db.session.scalars(select(Competition)).one())) == []


def ask_to_erase(competition: Competition) -> int:
    """Somebody asks that a competition's personal data be erased; the number of that."""
    end(competition, 800)
    asker = db.session.scalars(select(Account).order_by(Account.id)).first()
    assert asker is not None
    return ask_erasure(competition, None, "到期", asker).id
