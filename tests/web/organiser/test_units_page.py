"""Units by hand: many at once, renamed, taken away only while nobody belongs to them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from compete.models import Account, Competition, db
from compete.services.kernel import verify_chain
from compete.services.registration import check_people
from tests.support.signing_in import signed_in
from tests.support.small import small


def test_units_are_added_renamed_and_taken_away(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = signed_in(app, organiser)
    assert 'href="/desk/X/units"' in desk.get("/desk/X/entrants").text
    names = "丙单位\n  丁 单位 \n\n丙单位\n甲单位\n"
    assert (
        "加了 2 个单位"
        in desk.post("/desk/X/units/add", data={"names": names}, follow_redirects=True).text
    )
    db.session.expire_all()
    assert [unit.name for unit in competition.units] == ["甲单位", "乙单位", "丙单位", "丁 单位"]
    code = competition.units[2].code
    taken = desk.post(f"/desk/X/units/{code}/rename", data={"name": "甲 单位"})
    assert taken.status_code == 409
    assert 'value="甲 单位"' in taken.text
    assert desk.post(f"/desk/X/units/{code}/rename", data={"name": "长" * 201}).status_code == 400
    desk.post(f"/desk/X/units/{code}/rename", data={"name": "丙港"})
    db.session.expire_all()
    assert competition.units[2].name == "丙港"
    used = competition.units[0].code
    assert desk.post(f"/desk/X/units/{used}/remove").status_code == 409
    assert "删掉了 丙港" in desk.post(f"/desk/X/units/{code}/remove", follow_redirects=True).text
    nothing = desk.post("/desk/X/units/add", data={"names": " \n"})
    assert (nothing.status_code, "一行写一个单位" in nothing.text) == (400, True)
    assert list(verify_chain(competition)) == []
    assert list(check_people(competition)) == []
