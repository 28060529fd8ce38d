"""The pages of organisations: added, connected, merged; what is wrong stands where it was typed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from compete.models import Account, Competition, Organisation, Unit, db
from compete.services.accounts.accounts import create_account
from tests.services.directory.test_organisations import PORT
from tests.support.signing_in import signed_in
from tests.support.small import small


def test_an_organiser_makes_the_tree_of_the_units_and_corrects_it(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(small())
    desk = signed_in(app, organiser)
    assert "还没连上的单位 2 个" in desk.get("/desk/organisations").text
    assert 'href="/desk/organisations"' in desk.get("/desk/X/").text
    wrong = desk.post("/desk/organisations", data={"name": "甲港", "credit_code": "91"})
    assert (wrong.status_code, 'value="甲港"' in wrong.text, "要 18 位" in wrong.text) == (
        *(400, True, True),
    )
    top = desk.post("/desk/organisations", data={"name": "省总工会"}).headers["Location"]
    number = top.rpartition("/")[2]
    units = [unit.id for unit in db.session.scalars(select(Unit).order_by(Unit.id))]
    nothing = desk.post("/desk/organisations/units", data={"number": units})
    assert (nothing.status_code, "先勾选" in nothing.text) == (400, True)
    page = desk.post(
        "/desk/organisations/units",
        data={"unit": units[:1], f"to-{units[0]}": number, "number": units},
        follow_redirects=True,
    ).text
    assert "连上了 1 个单位，新建 0 个组织" in page
    assert "新建“乙单位”" in page
    done = {"number": units[1:], "all": "1", f"to-{units[1]}": "new"}
    assert (
        "都连上了" in desk.post("/desk/organisations/units", data=done, follow_redirects=True).text
    )
    other = db.session.scalars(select(Organisation).where(Organisation.name == "乙单位")).one()
    here_ = f"/desk/organisations/{other.id}"
    changed = {"name": "乙集团", "credit_code": PORT}
    assert "乙集团" in desk.post(f"{here_}/change", data=changed, follow_redirects=True).text
    assert (
        "移好了" in desk.post(f"{here_}/move", data={"parent": number}, follow_redirects=True).text
    )
    circle = desk.post(f"{top}/move", data={"parent": other.id})
    assert (circle.status_code, "不能反过来放" in circle.text) == (409, True)
    assert desk.post(f"{top}/merge", data={"into": "99"}).status_code == 400
    merged = desk.post(f"{here_}/merge", data={"into": number}, follow_redirects=True).text
    assert "合并进来的" in merged
    assert desk.get(here_).headers["Location"] == top
    # From another tab, which shows it as it was.
    acts = {"merge": {"into": number}, "move": {"parent": number}, "change": changed}
    for act, data in acts.items():
        late = desk.post(f"{here_}/{act}", data=data)
        assert late.headers["Location"] == top, act
        assert "“乙集团”已经合并到别的组织" in desk.get(top).text, act
    assert "吴敏 把 乙集团 合并到 省总工会" in merged
    assert "乙单位" in merged, "the unit's name of that day"
    assert "撤销了合并" in desk.post(f"{here_}/part", follow_redirects=True).text
    assert "断开" in (page := desk.get(here_).text)
    assert (
        "不再连着" in desk.post(f"{here_}/units/{units[1]}/disconnect", follow_redirects=True).text
    )
    assert desk.get("/desk/organisations?q=" + PORT[:5]).text.count(">乙集团</a>") == 1
    stranger = signed_in(app, create_account("外人"))
    for address in ("", "/units", f"/{other.id}"):
        assert stranger.get("/desk/organisations" + address).status_code == 404
    assert "乙集团" in page
