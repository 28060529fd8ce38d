"""A labour competition made from nothing in the browser, changed by its workbook, then entered."""

from __future__ import annotations

import io

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.values import Role
from compete.models import Account, Competition, Unit, db
from compete.services.accounts import create_account, grant_role
from compete.services.labour import Writer, departments_of, enter_cells
from tests.services.labour.made_up import act
from tests.services.labour.test_rules import changed_book
from tests.support.signing_in import signed_in

MADE = {"name": "2026年六比六赛", "code": "SIX-2026", "year": "2026", "level": ""}
RULES = "/desk/SIX-2026/labour/rules"


def _upload(desk: FlaskClient, content: bytes) -> tuple[int, str]:
    answer = desk.post(RULES, data={"rules": (io.BytesIO(content), "规则.xlsx")})
    return answer.status_code, answer.text


def test_from_a_template_to_the_first_value(app: Flask, here: Flask, organiser: Account) -> None:
    desk = signed_in(app, create_account("吴敏", is_admin=True))
    assert "六比六赛" in desk.get("/desk/new?start=template").text
    made = desk.post("/desk/new/template", data=MADE | {"of": "labour:six-inspected"})
    assert made.status_code == 302
    for page in ("labour", "labour/periods", "labour/late", "departments", "units"):
        answer = desk.get(f"/desk/SIX-2026/{page}", follow_redirects=True)
        assert answer.status_code == 200, page
    shown = desk.get(RULES).text
    for said in ("隐患和违章", "填 2，得 8.00", "安全部", "一季度检查", "每组 1 面"):
        assert said in shown
    book = desk.get(f"{RULES}.xlsx").data

    status, text = _upload(desk, changed_book(book, lambda it: it["指标"].__setitem__("D3", "十")))
    assert (status, "D3" in text, "“十”不是数" in text) == (400, True, True)
    looped = changed_book(book, lambda it: it["期次"].__setitem__("C3", "1 月"))
    status, text = _upload(desk, looped)
    assert status == 400, "what the format refuses is refused here too"
    assert _upload(desk, b"no workbook")[0] == 400
    with_units = changed_book(
        book, lambda it: [it["单位"].append(row) for row in (["一标", "土建"], ["机一标", "机电"])]
    )
    assert _upload(desk, with_units)[0] == 302
    assert "土建" in desk.get(RULES).text

    competition = db.session.scalars(select(Competition)).one()
    zhou = create_account("周茹")
    safety = departments_of(competition)[0]
    grant_role(zhou, competition, Role.RECORDER, department=safety)
    unit = db.session.scalars(select(Unit).order_by(Unit.id)).first()
    assert unit is not None
    done = enter_cells(
        Writer(competition, zhou, department=safety), "M01", [act(unit.code, "I01", "2")]
    )
    assert len(done.stored) == 1
    assert "规则不能再换" in desk.get(RULES).text
    assert _upload(desk, book)[0] == 409
    # The next year begins from it.
    next_year = MADE | {"code": "SIX-2027", "year": "2027", "of": "SIX-2026"}
    assert desk.post("/desk/new/edition", data=next_year).status_code == 302
    assert "机电" in desk.get("/desk/SIX-2027/labour/rules").text
