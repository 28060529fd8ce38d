"""Who failed in a batch, or left it, is offered in the next one."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.values.days import months_later, months_until
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Withdrawal, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.drafts import Beginnings, Origin, make_draft
from compete.services.competitions.editions import next_edition
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.batch_before import (
    batch_before,
    batches_before,
    former_applicants,
    offer_former_applicants,
)
from compete.services.results.publishing import publish
from tests.sheets.reading.files import id_of
from tests.support.announced import lock
from tests.support.signing_in import signed_in
from tests.support.sittings import Load, enter, of, sitting, take_off

NEXT = "EV-2"
NAMES = ("王刚", "李红", "吴敏", "郑平")


@pytest.fixture
def first(load: Load, organiser: Account) -> Competition:
    """A batch of four, announced: P1 failed the theory, P4 left before it began, two passed."""
    plain = sitting("EV", "2026-05-10", hands=80, people=4)
    plain["competition"]["name"] = "2026年第一批认定"
    for entrant, name in zip(plain["entrants"], NAMES, strict=True):
        entrant["name"] = name
    plain["marks"] = [mark for mark in plain["marks"] if mark["entrant"] != "P4"]
    competition = load(plain)
    with unit_of_work() as session:
        session.add(
            Withdrawal(entrant_id=of(competition, "P4").id, reason="转下一批", made_by=organiser.id)
        )
        audit.record(competition, organiser, "test.withdraw", "P4")
    take_off(of(competition, "P1"), "theory", 30)
    lock(competition, organiser)
    publish(competition, organiser)
    return competition


def next_batch(first: Competition, by: Account) -> Competition:
    wanted = Beginnings(name="2026年第二批认定", code=NEXT, starts=date(2026, 11, 10))
    edition = next_edition(first, wanted, officials=True)
    return make_draft(edition.bundle, Origin.EDITION, first.name, by, edition.settings, first.code)


def codes(competition: Competition, before: Competition) -> dict[str, bool]:
    return {it.entrant.code: it.left for it in former_applicants(competition, [before])}


def test_the_next_batch_knows_the_ones_before_and_who_may_go_on(
    app: Flask, first: Competition, organiser: Account
) -> None:
    second = next_batch(first, organiser)
    assert settings_of(second).batch_before == "EV"
    before = batch_before(second, organiser)
    assert before is not None
    assert codes(second, before) == {"P1": False, "P4": True}
    # Whoever registers here alone learns nothing of the people there.
    other = create_account("别处的经办人")
    grant_role(other, second, Role.ORGANISER)
    assert batch_before(second, other) is None
    with pytest.raises(Refused, match="没有要接着考的人"):
        offer_former_applicants(second, other)
    third = next_batch_of(second, organiser)
    assert settings_of(third).batch_before == NEXT
    # Who was moved and is not in the second either, is offered in the third; who failed is not.
    batches = batches_before(third, organiser)
    assert [it.code for it in batches] == [NEXT, "EV"]
    offered = former_applicants(third, batches)
    assert [(it.entrant.code, it.left) for it in offered] == [("P4", True)]
    desk = signed_in(app, organiser)
    assert "更早转出来、后来没报的 1 人" in desk.get("/desk/EV-3/review").text
    preview = desk.post("/desk/EV-3/review/before", follow_redirects=True).text
    assert ("郑平" in preview, "王刚" in preview) == (True, False)
    # A heading of the own form is one thing, though it has two in it.
    assert "列名里有两样" not in preview
    # Who came in the second, and whatever came of it, goes by that.
    enter(second, organiser, 4, unit="U")
    assert former_applicants(third, batches) == []


def next_batch_of(competition: Competition, by: Account) -> Competition:
    wanted = Beginnings(name="2026年第三批认定", code="EV-3", starts=date(2026, 12, 10))
    edition = next_edition(competition, wanted)
    return make_draft(
        edition.bundle, Origin.EDITION, competition.name, by, edition.settings, competition.code
    )


def test_they_are_looked_through_and_written_as_any_upload_with_what_was_passed(
    app: Flask, first: Competition, organiser: Account
) -> None:
    second = next_batch(first, organiser)
    desk = signed_in(app, organiser)
    page = desk.get(f"/desk/{NEXT}/review").text
    assert "前面有 2 人可以接着考" in page
    assert "没过或缺考 1 人，没考就转出来 1 人" in " ".join(re.sub("<[^>]+>", "", page).split())
    preview = desk.post(f"/desk/{NEXT}/review/before", follow_redirects=True)
    assert (preview.status_code, "王刚" in preview.text, "郑平" in preview.text) == (
        200,
        True,
        True,
    )
    write(desk, preview.request.path, preview.text)
    people = {
        row.name: row
        for row in db.session.scalars(select(Entrant).where(Entrant.competition_id == second.id))
    }
    assert set(people) == {"王刚", "郑平"}
    came, former = people["王刚"], of(first, "P1")
    same = ("id_number", "id_type", "grade", "grade_since", "papers", "group")
    assert [getattr(came, key) for key in same] == [getattr(former, key) for key in same]
    # 60 months on 10 May 2025, and those that are full since.
    since = months_until(local_today(), date(2025, 5, 10))
    since -= months_later(date(2025, 5, 10), since) > local_today()
    assert came.months == 60 + since
    assert came.unit.name == former.unit.name
    assert came.resit is not None
    assert came.resit["attempt"] == 2
    before = batch_before(second, organiser)
    assert before is not None
    assert codes(second, before) == {}
    assert "可以接着考" not in desk.get(f"/desk/{NEXT}/review").text


def write(desk: FlaskClient, path: str, page: str) -> None:
    """Press the button that writes what the preview shows."""
    form = re.search(r'<form[^>]*action="([^"]*/write[^"]*)".*?</form>', page, re.S)
    assert form is not None, path
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    written = desk.post(form[1], data=fields, follow_redirects=True)
    assert written.status_code == 200


def test_an_evaluation_leads_to_its_next_batch(
    app: Flask, first: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    overview = desk.get("/desk/EV/").text
    link = re.search(r'href="(/desk/new\?[^"]+)"[^>]*>(?:<[^>]+>)*办下一批', overview)
    assert link is not None
    page = desk.get(link[1].replace("&amp;", "&")).text
    assert 'value="2026年第二批认定"' in page
    assert "申报的人" in page
    assert "选手和代表队" not in page
    made = desk.post(
        "/desk/new/edition",
        data={
            "of": "EV",
            "name": "2026年第二批认定",
            "code": NEXT,
            "starts": "2026-11-10",
            "year": "2026",
            "officials": "y",
        },
        follow_redirects=True,
    )
    assert made.status_code == 200
    second = db.session.scalars(select(Competition).where(Competition.code == NEXT)).one()
    assert {judge.name for judge in second.judges} == {judge.name for judge in first.judges}
    assert settings_of(second).batch_before == "EV"


def with_event(plain: dict[str, Any], code: str, **rules: Any) -> None:
    """Another event, as the first but for these of its rules."""
    plain["events"].append(copy.deepcopy(plain["events"][0]) | {"code": code} | rules)


def with_person(plain: dict[str, Any], code: str, n: int, **fields: Any) -> None:
    """The n-th person once more, in another event, with the marks of the first."""
    who = plain["entrants"][0] | {"code": code, "name": f"王小{n}", "id_number": id_of(n)}
    plain["entrants"].append(who | fields)
    own = [mark for mark in plain["marks"] if mark["entrant"] == "P1"]
    plain["marks"] += [mark | {"entrant": code} for mark in own]


def announced(competition: Competition, by: Account, *failed: str) -> Competition:
    for code in failed:
        take_off(of(competition, code), "theory", 30)
    lock(competition, by)
    publish(competition, by)
    return competition


def test_who_was_there_again_goes_by_the_last_time_into_the_event_of_that(
    app: Flask, load: Load, organiser: Account
) -> None:
    plain = sitting("EV", "2026-05-10", hands=80, people=3)
    with_event(plain, "B")
    with_person(plain, "Q1", 1, event="B", resit={"event": "A", "entrant": "P1", "attempt": 2})
    with_person(plain, "Q2", 2, event="B", resit={"event": "A", "entrant": "P2", "attempt": 2})
    first = announced(load(plain), organiser, "P1", "P2", "P3", "Q2")
    second = next_batch(first, organiser)
    # P1 passed when he tried again.
    rows = former_applicants(second, [first])
    assert [(it.entrant.code, it.event.code) for it in rows] == [("P3", "A"), ("Q2", "B")]
    desk = signed_in(app, organiser)
    assert "前面有 2 人可以接着考" in desk.get(f"/desk/{NEXT}/review").text
    preview = desk.post(f"/desk/{NEXT}/review/before", follow_redirects=True)
    write(desk, preview.request.path, preview.text)
    # Both events have one name.
    query = select(Entrant).where(Entrant.competition_id == second.id)
    assert {row.name: row.event.code for row in db.session.scalars(query)} == {
        "王小3": "A",
        "王小2": "B",
    }


def test_who_tries_for_two_occupations_and_is_registered_for_one_may_go_on_in_the_other(
    load: Load, organiser: Account
) -> None:
    plain = sitting("EV", "2026-05-10", hands=80)
    other = {"code": "5-09", "name": "电工", "track": "乙"}
    with_event(plain, "C", name="电工 四级", occupation=other)
    with_person(plain, "Q1", 1, event="C")
    first = announced(load(plain), organiser, "P1", "Q1")
    second = next_batch(first, organiser)
    assert set(codes(second, first)) == {"P1", "Q1"}
    enter(second, organiser)
    assert set(codes(second, first)) == {"Q1"}


def test_the_next_batch_looks_at_conditions_on_its_own_day(load: Load, organiser: Account) -> None:
    plain = sitting("EV", "2026-05-10")
    plain["events"][0]["on"] = "2026-04-01"
    (event,) = next_batch(load(plain), organiser).events
    assert rules_of(event).on is None
