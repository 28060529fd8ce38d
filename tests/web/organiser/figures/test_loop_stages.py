"""The stages of the loop: named on an organisation's page, shown with what the year has of each."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from compete.models import Account, Competition, Organisation, db
from compete.services.accounts.accounts import create_account
from compete.services.directory.organisations import add_organisation
from compete.services.figures.years import SeenYear
from tests.services.figures.test_figures import seen
from tests.support.signing_in import signed_in
from tests.web.organiser.examinations.test_exam_pages import text_of

__all__ = ["seen"]


def test_stages_are_named_and_shown_with_what_each_has(
    app: Flask, organiser: Account, seen: SeenYear
) -> None:
    admin = create_account("总管", is_admin=True)
    number = add_organisation("集团", "", None, admin).id
    add_organisation("省总", "", None, admin)
    desk, home = signed_in(app, admin), f"/desk/organisations/{number}"
    assert "比武" not in text_of(desk.get("/desk/figures?year=2026").text)
    typed = {"practice": "练兵", "contest": "比武", "evaluation": "晋级", "promotion": ""}
    for answer in ("存下了", "和原来一样，没有要存的"):
        page = desk.post(f"{home}/stages", data=typed, follow_redirects=True).text
        assert answer in page
    assert "定了 集团 各环节的叫法" in text_of(page)
    row = db.session.get_one(Organisation, number)
    assert row.stages == {"practice": "练兵", "contest": "比武", "evaluation": "晋级"}
    kinds = [it.kind for it in db.session.scalars(select(Competition))]
    shown = text_of(desk.get("/desk/figures?year=2026").text)
    contests = len(kinds) - kinds.count("evaluation")
    assert f"练兵 0 次练习 比武 {contests} 场竞赛 晋级 2 批等级认定" in shown
    # The organiser of the same competitions reads the same.
    assert f"比武 {contests} 场竞赛" in text_of(signed_in(app, organiser).get("/desk/figures").text)


@pytest.mark.usefixtures("here")
def test_a_name_that_is_too_long_stands_beside_its_field(app: Flask) -> None:
    admin = create_account("总管", is_admin=True)
    row = add_organisation("集团", "", None, admin)
    desk = signed_in(app, admin)
    page = desk.post(f"/desk/organisations/{row.id}/stages", data={"contest": "比" * 13})
    assert page.status_code in (400, 422)
    assert "最多" in page.text
    assert db.session.get_one(Organisation, row.id).stages is None
