"""One person put on the list by hand, as who comes late or alone is."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.eligibility import Conditions
from compete.models import Account, AuditEntry, Competition, Entrant, Exemption, Sheet, db
from compete.services.closing.competition_lock import lock_marks
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.eligibility import change_conditions, mark_of
from compete.services.registration.people_seals import check_people
from tests.sheets.people import citizen_id
from tests.support.judging import seat_and_open
from tests.support.signing_in import signed_in

OLD, YOUNG = citizen_id(date(1950, 2, 3), 5), citizen_id(date(1991, 2, 3), 6)
NEW = "/desk/X/entrants/new"


@pytest.fixture
def desk(app: Flask, fresh: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def typed(**more: str) -> dict[str, str]:
    return {"unit": "U1", "name": "韩雪梅", "id_number": YOUNG, "phone": "13912345678"} | more


def last_added() -> Entrant:
    return db.session.scalars(db.select(Entrant).order_by(Entrant.id.desc()).limit(1)).one()


def test_somebody_is_added_by_the_checks_of_the_workbook(
    desk: FlaskClient, fresh: Competition
) -> None:
    page = desk.get("/desk/X/entrants").text
    assert f'href="{NEW}"' in page
    assert ">说明</th>" not in page, "nothing is to be told of anybody"
    before = db.session.query(Entrant).count()
    wrong = desk.post(NEW, data=typed(name="", id_number=YOUNG[:-1] + "A", unit=""))
    assert wrong.status_code == 400
    assert wrong.headers["Cache-Control"] == "no-store"
    # Nothing that was typed is lost, and each field says what is wrong in it.
    assert YOUNG[:-1] + "A" in wrong.text
    assert "13912345678" in wrong.text
    assert wrong.text.count('aria-invalid="true"') == 3
    assert db.session.query(Entrant).count() == before

    more = {"education": "本科", "department": "一班", "consent": "同意"}
    answer = desk.post(NEW, data=typed(months="4年10个月", grade="4", code="B77", **more))
    person = last_added()
    assert answer.location.endswith("/desk/X/entrants/B77/")
    assert (person.code, person.name, person.unit.code) == ("B77", "韩雪梅", "U1")
    assert (person.id_number, person.months, person.grade) == (YOUNG, 58, 4)
    assert person.person_id is not None
    page = desk.get(answer.location).text
    assert "韩雪梅 在名单里了，编号 B77" in page
    assert all(word in page for word in ("加到名单里", "本科", "一班", "同意（报名表）"))

    again = desk.post(NEW, data=typed())
    assert again.status_code == 400
    assert "韩雪梅已经在名单里，编号 B77" in again.text
    record = db.session.scalars(db.select(AuditEntry).filter_by(action="entrants.add")).one()
    assert record.subject == "B77"
    assert YOUNG not in str(record.after)
    assert [*check_rows(fresh), *check_people(fresh), *verify_chain(fresh)] == []


def test_several_come_one_after_another(desk: FlaskClient) -> None:
    answer = desk.post(NEW, data=typed(another="yes"))
    assert answer.location.endswith(f"{NEW}?unit=U1")
    page = desk.get(answer.location).text
    assert re.search(r'<option value="U1" selected', page)
    assert YOUNG not in page


def test_who_does_not_fit_is_taken_for_a_reason_alone(
    desk: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    change_conditions(fresh.events[0], Conditions(age_to=60), mark_of(Conditions()), organiser)
    assert "exempted_for" not in desk.get(NEW).text
    page = desk.post(NEW, data=typed(id_number=OLD))
    assert page.status_code == 400
    assert 'name="exempted_for"' in page.text
    desk.post(NEW, data=typed(id_number=OLD, exempted_for="返聘的技师"))
    assert last_added().id_number == OLD
    assert db.session.scalars(db.select(Exemption)).one().reason == "返聘的技师"
    # A reason waives conditions and nothing else.
    page = desk.post(NEW, data=typed(id_number=OLD[:-1], exempted_for="返聘的技师"))
    assert page.status_code == 400
    assert "返聘的技师" in page.text


def test_who_comes_while_others_are_judged_has_a_place_and_sheets(
    desk: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    seat_and_open(fresh, organiser)
    assert "人最少的工位" in desk.get(NEW).text
    desk.post(NEW, data=typed())
    sheets = db.select(Sheet).filter_by(entrant_id=last_added().id)
    assert db.session.scalars(sheets).all() != []


def test_nobody_is_added_once_marks_are_locked(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    lock_marks(judged, organiser)
    desk = signed_in(app, organiser)
    page = desk.post(NEW, data=typed())
    assert page.status_code == 409
    assert "韩雪梅" in page.text
    # Who comes to the page anew is told one thing and given nothing to fill in.
    shut = desk.get(NEW).text
    assert "评分已经锁定，不能再报名" in shut
    assert 'name="id_number"' not in shut
    assert "没有场次" not in shut
