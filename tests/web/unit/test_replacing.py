"""The page on which a unit asks that somebody else comes for one of its people."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import select

from compete.models import Account, Application, Competition, Slot, db, utc_now
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.window import Window, change_window
from tests.sheets.people import citizen_id
from tests.support.signing_in import signed_in
from tests.web.unit.test_unit_pages import by_link

TYPED = {"name": "周接替", "id_number": citizen_id(date(1991, 2, 3), 5)}


def test_who_is_replaced_goes_when_the_organiser_accepts_the_other(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit, desk = by_link(app, fresh, organiser), signed_in(app, organiser)
    change_window(fresh, Window(closes=utc_now(), quota=2), organiser)
    address = "/unit/X/listed/P1/replace"
    home = unit.get("/unit/X/").text
    assert address in home
    assert "要换人由单位申请" in home
    assert unit.get("/unit/X/listed/P3/replace").status_code == 404, "another unit's"
    assert unit.post("/unit/X/listed/P3/replace", data=TYPED).status_code == 404
    wrong = unit.post(address, data={"name": "周接替", "reason": "骨折"})
    assert (wrong.status_code, "没填" in wrong.text, "周接替" in wrong.text) == (400, True, True)
    lacking = unit.post(address, data=TYPED)
    assert (lacking.status_code, "写明为什么换人" in lacking.text) == (400, True)
    assert unit.post(address, data=TYPED | {"reason": "骨折"}).status_code == 302
    home = unit.get("/unit/X/").text
    assert "换下 P1，原因：骨折" in home
    assert "2 / 2 人" in home
    assert address not in home
    asked = db.session.scalars(select(Application)).one()
    listed = desk.get("/desk/X/applications").text
    assert "换下 P1 赵启明，原因：骨折" in listed
    tick = {"who": f"{asked.public_id}:{asked.version}"}
    back = tick | {"reason": "要照片"}
    assert desk.post("/desk/X/applications/return", data=back).status_code == 302
    form = unit.get(f"/unit/X/people/{asked.public_id}", follow_redirects=True).text
    assert "要照片" in form
    assert TYPED["id_number"] not in form
    again = {"name": "周接替", "id_number": "", "reason": "骨折"}
    assert unit.post(address, data=again).status_code == 302
    db.session.rollback()
    db.session.refresh(asked)
    tick = {"who": f"{asked.public_id}:{asked.version}"}
    assert desk.post("/desk/X/applications/accept", data=tick).status_code == 302
    old = desk.get("/desk/X/entrants/P1/").text
    assert "已退赛" in old
    assert "骨折" in old
    db.session.rollback()
    new = asked.entrant_id
    assert new is not None
    there = entrant_by_code(fresh, "P5")
    assert there is not None
    assert there.id == new
    assert "换下 P1" in desk.get("/desk/X/entrants/P5/").text


def test_a_request_is_taken_back_after_registration_closed(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit = by_link(app, fresh, organiser)
    change_window(fresh, Window(closes=utc_now()), organiser)
    assert (
        unit.post("/unit/X/listed/P1/replace", data=TYPED | {"reason": "骨折"}).status_code == 302
    )
    asked = db.session.scalars(select(Application)).one()
    back = f"/unit/X/people/{asked.public_id}/take-back"
    assert back in unit.get("/unit/X/").text
    assert unit.post(back).status_code == 302
    assert "不换了" in unit.get("/unit/X/").text
    assert db.session.scalars(select(Application)).first() is None


def test_who_comes_back_is_told_that_the_place_is_gone_and_the_quota_full(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit, desk = by_link(app, fresh, organiser), signed_in(app, organiser)
    change_window(fresh, Window(closes=utc_now(), quota=2), organiser)
    old = entrant_by_code(fresh, "P1")
    assert old is not None
    with unit_of_work() as session:
        session.add(Slot(entrant_id=old.id, stage="s", module="m", station="1号"))
    unit.post("/unit/X/listed/P1/replace", data=TYPED | {"reason": "骨折"})
    asked = db.session.scalars(select(Application)).one()
    tick = {"who": f"{asked.public_id}:{asked.version}"}
    desk.post("/desk/X/applications/accept", data=tick)
    where = "/desk/X/entrants/P1/"
    page = desk.get(where).text
    assert "位子还是原来的" not in page
    assert "没有位子，要另外排：位子给了换上的" in page
    assert "周接替，两个人都算在名单里" in page
    assert "名额满了：每个单位最多 2 人" in page
    bare = desk.post(f"{where}return")
    assert (bare.status_code, 'id="withdraw-why-error"' in bare.text) == (400, True)
    many = desk.post("/desk/X/entrants/return", data={"who": "P1"}, follow_redirects=True).text
    assert "要撤回，在那一页写明为什么" in many
    db.session.rollback()
    assert standing_withdrawal(old) is not None
    assert desk.post(f"{where}return", data={"reason": "组委会同意多一人"}).status_code == 302
    db.session.rollback()
    db.session.expire_all()
    assert standing_withdrawal(old) is None
    assert "组委会同意多一人" in desk.get(where).text


def test_one_person_is_asked_for_in_one_place_alone(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit, wanted = by_link(app, fresh, organiser), TYPED | {"reason": "骨折"}
    assert unit.post("/unit/X/listed/P1/replace", data=wanted).status_code == 302
    twice = unit.post("/unit/X/listed/P2/replace", data=wanted)
    assert (twice.status_code, "周接替 已经申请换下 P1" in twice.text) == (409, True)
    assert len(db.session.scalars(select(Application)).all()) == 1
    db.session.rollback()
    [asked] = db.session.scalars(select(Application)).all()
    unit.post(f"/unit/X/people/{asked.public_id}/take-back")
    unit.post("/unit/X/people/new", data=TYPED)
    entered = db.session.scalars(select(Application)).one().public_id
    unit.post("/unit/X/submit", data={"who": [entered]})
    own = unit.post("/unit/X/listed/P2/replace", data=wanted)
    assert (own.status_code, "周接替 自己已经报了名" in own.text) == (409, True)


def test_an_acceptance_whose_one_person_replaced_another_is_not_offered_to_be_undone(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit, desk = by_link(app, fresh, organiser), signed_in(app, organiser)
    unit.post("/unit/X/listed/P1/replace", data=TYPED | {"reason": "骨折"})
    asked = db.session.scalars(select(Application)).one()
    tick = {"who": f"{asked.public_id}:{asked.version}"}
    accepted = desk.post("/desk/X/applications/accept", data=tick, follow_redirects=True)
    assert ("收下 1 人" in accepted.text, "撤销收下" in accepted.text) == (True, False)
