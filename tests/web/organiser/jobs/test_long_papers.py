"""A long paper answers at once with its progress; its files are for who asked for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from compete.documents.press import here as set_here
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Job, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.jobs import queue
from compete.services.jobs.papers import kinds, printing
from compete.services.jobs.papers.kinds import paper_kinds
from compete.web.organiser.jobs.job_faces import _PAPERS
from tests.services.labour.made_up import act, made_up
from tests.support.self_entry import enter, switch_on
from tests.support.signing_in import signed_in
from tests.support.small import small

DESK = "/desk/{code}/{page}"


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything is long here, three stand in a file, and they are set in this process."""
    monkeypatch.setattr(printing, "beside", lambda _still: set_here)
    short = {kind: replace(paper, at_once=0) for kind, paper in paper_kinds().items()}
    parted = {kind: replace(p, portion=3 if p.portion else None) for kind, p in short.items()}
    monkeypatch.setattr(kinds, "_KINDS", parted)
    yield
    _wait()


def _wait() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("jobs-"):
            thread.join()
    # What the test's own session has read is from before.
    db.session.rollback()


def test_every_paper_that_may_be_long_has_its_words() -> None:
    assert {kind for kind in paper_kinds() if not kind.startswith("test.")} == set(_PAPERS)


def test_badges_are_printed_beside_the_page_and_fetched_by_who_asked(
    here: Flask, forklift: Competition, organiser: Account, long: None
) -> None:
    client = signed_in(here, organiser)
    asked = client.get(f"/desk/{forklift.code}/badges.pdf")
    assert asked.status_code == 302
    page = asked.headers["Location"]
    _wait()
    shown = client.get(page)
    assert "打印参赛证" in shown.text
    assert "只有您能打开" in shown.text
    job = db.session.scalars(select(Job)).one()
    count = db.session.scalars(select(func.count()).select_from(Entrant)).one()
    assert (job.done, job.total) == (count, count)
    for number in range(1, -(-count // 3) + 1):
        address = f"{page}/files/{number}"
        assert address in shown.text
        file = client.get(address)
        assert file.data.startswith(b"%PDF")
        assert f"_{number}.pdf" in file.headers["Content-Disposition"]
    assert client.get(f"{page}/files/{number + 1}").status_code == 404
    assert client.get(f"{page}/live").json["over"]


def test_nobody_else_opens_the_file(
    here: Flask, forklift: Competition, organiser: Account, long: None
) -> None:
    page = signed_in(here, organiser).get(f"/desk/{forklift.code}/badges.pdf").headers["Location"]
    _wait()
    colleague = create_account("同事")
    grant_role(colleague, forklift, Role.ORGANISER, by=organiser)
    other = signed_in(here, colleague)
    shown = other.get(page)
    assert shown.status_code == 200
    assert "/files/" not in shown.text
    assert f"只有 {organiser.name} 能打开" in shown.text
    assert other.get(f"{page}/files/1").status_code == 404


def test_what_is_no_paper_has_no_files(
    here: Flask,
    forklift: Competition,
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    job = queue.ask_for(forklift, "competition.lock", organiser, still=lambda _competition: None)
    address = f"/desk/{forklift.code}/jobs/{job.public_id}/files/1"
    assert signed_in(here, organiser).get(address).status_code == 404


def test_a_workbook_and_a_list_come_whole(
    here: Flask, forklift: Competition, organiser: Account, long: None
) -> None:
    client = signed_in(here, organiser)
    page = client.get(f"/desk/{forklift.code}/forms/attendance.pdf").headers["Location"]
    _wait()
    file = client.get(f"{page}/files/1")
    assert file.data.startswith(b"%PDF")
    assert client.get(f"{page}/files/2").status_code == 404


def test_a_long_list_of_contestants_is_written_by_a_job_as_it_is_shown(
    here: Flask, forklift: Competition, organiser: Account, long: None
) -> None:
    client = signed_in(here, organiser)
    client.set_cookie("lang", "en")
    asked = client.get(f"/desk/{forklift.code}/entrants/list.xlsx?q=B0&sort=-number")
    assert asked.status_code == 302
    page = asked.headers["Location"]
    _wait()
    file = client.get(f"{page}/files/1")
    rows = list(load_workbook(BytesIO(file.data)).active.iter_rows(values_only=True))
    assert rows[1][:3] == ("Code", "Name", "Members")
    query = select(Entrant.code).where(Entrant.code.like("B0%")).order_by(Entrant.code.desc())
    assert [row[0] for row in rows[2:]] == db.session.scalars(query).all() != []
    numbers = set(db.session.scalars(select(Entrant.id_number)))
    assert not numbers & {cell for row in rows for cell in row if cell}


def test_other_long_lists_are_the_same_by_a_job_as_at_once(
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    request: pytest.FixtureRequest,
) -> None:
    made = made_up(load, organiser)
    made.enter(act("甲", "安全", "25"), act("乙", "安全", "26"))
    entered = load(small())
    switch_on(entered, organiser)
    for place in range(2):
        enter(entered, place)
    client = signed_in(here, organiser)
    lists = (
        "/desk/L/labour/changes.xlsx?unit=乙",
        "/desk/X/applications/list.xlsx?show=all",
        "/desk/X/records.xlsx",
    )
    at_once = [_lines(client.get(address)) for address in lists]
    assert [len(lines) for lines in at_once][:2] == [3, 4]
    request.getfixturevalue("long")
    # What a job does is recorded, too: the records come first.
    for address, lines in reversed(list(zip(lists, at_once, strict=True))):
        page = client.get(address).headers["Location"]
        _wait()
        assert client.get(page).status_code == 200
        assert _lines(client.get(f"{page}/files/1")) == lines


def _lines(answer: TestResponse) -> list[tuple[object, ...]]:
    book = load_workbook(BytesIO(answer.data))
    return list(book.active.iter_rows(values_only=True))
