"""A job is asked for once and done once, whatever dies meanwhile; its page shows how far it is."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState, JobState
from compete.models import Account, Competition, Job, Publication, Unit, db
from compete.models.types import keyed_hash
from compete.services.accounts.accounts import create_account
from compete.services.jobs import running, workers
from compete.services.jobs.one_at_a_time import worker_lock
from compete.services.jobs.queue import ask_for, find_job, job_error, stop_job
from compete.services.jobs.running import Run, do_next, work_for
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.services.jobs.conftest import KilledError
from tests.support.announced import announce, approve_all, body_for, plain
from tests.support.people import visitor
from tests.support.second_day import with_prizes
from tests.support.together import together

KIND = "test.units"
PARTS = 4


@pytest.fixture
def units() -> Iterator[list[int]]:
    """A work that adds units one by one; before the parts named in the list it is killed."""
    deaths: list[int] = []

    @work_for(KIND)
    def add(run: Run) -> None:
        for part in range(run.kept.get("next", 0), PARTS):
            run.step(msg("写入"), part, PARTS)
            with run.writing() as session:
                session.add(Unit(competition_id=run.competition_id, code=f"N{part}", name="新"))
                run.keep(part + 1, next=part + 1)
                session.flush()
                if part in deaths:
                    deaths.remove(part)
                    raise KilledError
        run.finish(parts=PARTS)

    yield deaths
    del running._WORKS[KIND]


def ask(competition: Competition, by: Account, what: str = "") -> Job:
    return ask_for(competition, KIND, by, what, still=lambda _competition: None)


def added(competition: Competition) -> list[str]:
    db.session.rollback()
    query = select(Unit.code).where(Unit.competition_id == competition.id, Unit.name == "新")
    return list(db.session.scalars(query.order_by(Unit.id)))


def again(job: Job) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


def test_a_job_killed_in_the_middle_is_taken_up_and_each_part_done_once(
    fresh: Competition, organiser: Account, asleep: None, units: list[int]
) -> None:
    units += [1, 3]
    job = ask(fresh, organiser)
    for done in (1, 3):
        with pytest.raises(KilledError):
            do_next(fresh.id)
        assert len(added(fresh)) == done
        assert (again(job).state, job.done) == (JobState.RUNNING, done)
    assert do_next(fresh.id)
    assert added(fresh) == ["N0", "N1", "N2", "N3"]
    assert (again(job).state, job.tries, job.result) == (JobState.DONE, 3, {"parts": PARTS})
    assert not do_next(fresh.id)


def test_the_next_part_is_as_large_as_fits_by_how_long_the_last_kept_the_lock(
    fresh: Competition, organiser: Account, asleep: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, sizes = [0.0], []
    monkeypatch.setattr(running.time, "perf_counter", lambda: clock[0])

    def write_parts(run: Run) -> None:
        for seconds_a_row in (0.02, 0.02, 0.02, 0.001, 0.001, 0.001, 0.001, 0.001):
            with run.writing():
                sizes.append(run.portion)
                clock[0] += sizes[-1] * seconds_a_row
            # What writes no rows changes nothing.
            with run.writing():
                clock[0] += 5

    monkeypatch.setitem(running._WORKS, KIND, write_parts)
    ask(fresh, organiser)
    assert do_next(fresh.id)
    assert sizes == [50, 25, 25, 25, 50, 100, 100, 100]


def test_what_dies_over_and_over_is_given_up(
    fresh: Competition, organiser: Account, asleep: None, units: list[int]
) -> None:
    units += [0] * running.MOST_TRIES
    job = ask(fresh, organiser)
    for _ in range(running.MOST_TRIES):
        with pytest.raises(KilledError):
            do_next(fresh.id)
    assert do_next(fresh.id)
    assert again(job).state is JobState.FAILED
    assert "中断" in str(job_error(job))


def test_who_lost_its_job_to_another_writes_nothing_more(
    fresh: Competition, organiser: Account, asleep: None
) -> None:
    late = []

    @work_for(KIND)
    def twice(run: Run) -> None:
        if run.number == 1:
            # Its turn was lost without a word, and another took the job up.
            assert do_next(fresh.id)
            late.append(run)
        with run.writing() as session:
            session.add(Unit(competition_id=fresh.id, code=f"N{run.number}", name="新"))
            run.finish()

    job = ask(fresh, organiser)
    assert do_next(fresh.id)
    del running._WORKS[KIND]
    assert late
    assert added(fresh) == ["N2"]
    assert again(job).state is JobState.DONE


def test_who_asks_while_it_is_open_gets_the_same_job(
    fresh: Competition, organiser: Account, asleep: None, units: list[int]
) -> None:
    first = ask(fresh, organiser, "P1")
    assert ask(fresh, organiser, "P1").id == first.id
    assert ask(fresh, organiser, "P2").id != first.id
    stop_job(first, organiser)
    assert ask(fresh, organiser, "P1").id != first.id
    with pytest.raises(Refused, match="已经结束"):
        stop_job(again(first), organiser)


def test_a_job_that_is_stopped_keeps_what_it_has_done(
    fresh: Competition, organiser: Account, asleep: None
) -> None:
    @work_for(KIND)
    def add(run: Run) -> None:
        with run.writing() as session:
            session.add(Unit(competition_id=fresh.id, code="N0", name="新"))
        stop_job(db.session.get_one(Job, run.job_id), organiser)
        run.step(msg("写入"))
        raise AssertionError("it was stopped")

    job = ask(fresh, organiser)
    assert do_next(fresh.id)
    del running._WORKS[KIND]
    assert added(fresh) == ["N0"]
    assert again(job).state is JobState.STOPPED


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("made_by = (SELECT max(id) FROM account)", "不是从页面上要求的"),
        ("""arguments = '{"to": "other"}'""", "不是从页面上要求的"),
        ("kind = 'no such'", "不是从页面上要求的"),
    ],
)
def test_a_row_that_was_slipped_in_or_changed_is_not_done(
    fresh: Competition, organiser: Account, asleep: None, units: list[int], change: str, says: str
) -> None:
    job = ask(fresh, organiser)
    create_account("别人")
    with unit_of_work() as session:
        session.execute(text(f"UPDATE job SET {change}"))
    assert do_next(fresh.id)
    assert added(fresh) == []
    assert says in str(job_error(again(job)))


def test_what_an_earlier_program_asked_for_is_done(
    fresh: Competition, organiser: Account, asleep: None, units: list[int]
) -> None:
    """Its seal is over JSON in Python's own way, with blanks after commas."""
    job = ask(fresh, organiser)
    newest = job.seal
    asked = [job.public_id, job.competition_id, job.kind, job.what, job.arguments]
    parts = [*asked, job.made_by, job.made_at.isoformat()]
    earlier = keyed_hash("job\n" + json.dumps(parts, ensure_ascii=False, sort_keys=True))
    assert earlier != newest
    with unit_of_work() as session:
        session.execute(text("UPDATE job SET seal = :seal"), {"seal": earlier})
    assert do_next(fresh.id)
    assert again(job).state is JobState.DONE


def test_what_was_asked_for_long_ago_is_not_done_any_more(
    fresh: Competition,
    organiser: Account,
    asleep: None,
    units: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = ask(fresh, organiser)
    monkeypatch.setattr(running, "MOST_AGE", timedelta(0))
    assert do_next(fresh.id)
    assert again(job).state is JobState.FAILED
    assert added(fresh) == []


def test_one_worker_has_the_turn_and_a_dead_one_has_it_no_more(fresh: Competition) -> None:
    with (
        worker_lock(fresh.id) as mine,
        worker_lock(fresh.id) as second,
        worker_lock(fresh.id + 1) as other,
    ):
        assert (mine, second, other) == (True, False, True)
    leave = os.pipe()
    child = os.fork()
    if not child:  # pragma: no cover - the child ends without a word
        with worker_lock(fresh.id):
            os.write(leave[1], b".")
            threading.Event().wait(60)
        os._exit(0)
    try:
        os.read(leave[0], 1)
        with worker_lock(fresh.id) as mine:
            assert not mine
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    with worker_lock(fresh.id) as mine:
        assert mine


def ended(competition: Competition) -> None:
    """Wait until the threads of this process have nothing left to do; read anew afterwards."""
    name = f"jobs-{competition.id}"
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(timeout=60)
            assert not thread.is_alive()
    db.session.rollback()


def test_two_who_press_at_once_lock_once_and_publish_once(
    app: Flask, judged: Competition, large: None
) -> None:
    plain(judged)
    desk, other = visitor(app, "organiser", judged), visitor(app, "organiser", judged)
    number = judged.id
    for address, state in (("lock", CompetitionState.LOCKED), ("publish", CompetitionState.NOTICE)):
        asked = together(
            app,
            lambda a=address: desk.post(f"/desk/X/{a}"),  # type: ignore[misc]
            lambda a=address: other.post(f"/desk/X/{a}"),  # type: ignore[misc]
        )
        ended(judged)
        pages = {answer.location for answer in asked if answer.status_code == 302}
        # Whoever came when it was done already is told so.
        assert {answer.status_code for answer in asked} <= {302, 409}
        assert len(pages) == 1
        page = pages.pop()
        assert desk.get(f"{page}/live").json["over"]
        assert desk.get(page).status_code == 302
        assert db.session.get_one(Competition, number).state is state
    assert len(db.session.scalars(select(Publication)).all()) == 1
    assert not list(verify_chain(db.session.get_one(Competition, number)))


def test_the_page_of_a_job_shows_how_far_it_is_and_why_it_failed(
    app: Flask, judged: Competition, organiser: Account, large: None, asleep: None
) -> None:
    plain(judged)
    desk = visitor(app, "organiser", judged)
    page = desk.post("/desk/X/lock").location
    job = db.session.scalars(select(Job)).one()
    assert page.endswith(job.public_id)
    assert "排队中" in desk.get(page).text
    assert 'http-equiv="refresh"' in desk.get(page).text
    assert desk.get("/desk/X/lock").location == page
    with unit_of_work():
        judged.state = CompetitionState.LOCKED
    assert do_next(judged.id)
    page_text = desk.get(page).text
    assert "没做成" in page_text
    assert "已经是“已锁定”了" in page_text
    assert "refresh" not in page_text
    assert desk.get("/desk/X/jobs/none").status_code == 404


def test_two_who_press_at_once_issue_each_certificate_once(
    app: Flask, load: Callable[..., Competition], organiser: Account, large: None, asleep: None
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    approve_all(competition, organiser)
    body_for(competition)
    desk, number = visitor(app, "organiser", competition), competition.id
    for kind, count in (("award", 3), ("grade", 3)):
        issue = f"/desk/X/certificates/issue/{kind}"
        refused = desk.post(issue, data={"reason": ""})
        assert refused.status_code == 400
        assert "期满前发证要写理由" in refused.text
        pages = {desk.post(issue, data={"reason": "急用"}).location for _press in range(2)}
        assert len(pages) == 1
        page = pages.pop()
        assert "排队中" in desk.get(page).text
        assert do_next(number)
        assert desk.get(page).location == "/desk/X/certificates"
        assert f"发了 {count} 张证书" in desk.get("/desk/X/certificates").text
        assert desk.post(issue, data={"reason": "急用"}).status_code == 409
    assert not list(verify_chain(db.session.get_one(Competition, number)))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_a_dead_process_left_is_taken_up_when_a_server_starts_or_somebody_looks(
    app: Flask, judged: Competition, organiser: Account, units: list[int]
) -> None:
    units += [2, 3]
    job = ask(judged, organiser)
    ended(judged)
    assert again(job).state in (JobState.RUNNING, JobState.DONE)
    for look in (workers.take_up_jobs, lambda: find_job(judged, job.public_id)):
        look()
        ended(judged)
    assert again(job).state is JobState.DONE
    assert added(judged) == ["N0", "N1", "N2", "N3"]


def test_the_folder_of_locks_is_the_database_s(app: Flask, fresh: Competition) -> None:
    path = Path(str(db.engine.url.database))
    with worker_lock(fresh.id):
        assert path.with_name(f"{path.name}.jobs-{fresh.id}").exists()
