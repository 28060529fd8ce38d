"""Workbooks of the floor, of draws held, of accounts and roles, of organisations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.roles import list_accounts, memberships_in
from compete.services.directory.organisations import add_organisation
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.drawn_places import enter_paper_draw
from compete.web.organiser import list_book
from tests.support.drawing import drawn
from tests.support.judging import Tablet, seat_and_open
from tests.support.people import visitor
from tests.support.signing_in import official, signed_in
from tests.web.organiser.desk.test_list_books import offered, people_of, refused, rows
from tests.web.organiser.registration.test_person_moving import planned


def test_the_floor_goes_out_by_station_and_by_the_state_asked_for(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(planned())
    seat_and_open(competition, organiser)
    with unit_of_work():
        next(person for person in people_of(competition) if person.code == "P2").name = "=1+1"
    for judge in ("J1", "J2"):
        tablet = Tablet(competition, judge)
        tablet.send(*tablet.full("P1"))
    desk = signed_in(app, organiser)
    lines = rows(desk, offered(desk, "/desk/X/floor"))
    assert len(lines) == 4
    assert [line[4:6] for line in lines if line[3] == "已完成"] == [("P1", "赵启明")]
    assert {line[5] for line in lines} >= {"=1+1"}
    assert [line[7] for line in lines if line[4] == "P3"] == ["10:00"]
    (done,) = rows(desk, offered(desk, "/desk/X/floor?state=done"))
    assert done[4] == "P1"
    clerk = create_account("检录员")
    grant_role(clerk, competition, Role.CLERK)
    assert len(rows(signed_in(app, clerk), "/desk/X/floor/list.xlsx")) == 4
    assert refused(visitor(app, "judge", competition), "/desk/X/floor/list.xlsx")


def test_draws_go_out_those_on_paper_too(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    assert "导出 Excel" not in desk.get("/desk/X/draws").text
    done = drawn(fresh, organiser)
    lines = rows(desk, offered(desk, "/desk/X/draws"))
    assert [line[0] for line in lines] == [done.name]
    enter_paper_draw(
        fresh.events[0], "S", "m", drawn_on="2022-09-01", supervisor="=吴监督", by=organiser
    )
    paper = rows(desk, "/desk/X/draws/list.xlsx")[1]
    assert (paper[0], paper[6]) == ("在纸上抽的", "=吴监督")
    assert paper[5] == len(people_of(fresh))
    assert refused(visitor(app, "judge", fresh), "/desk/X/draws/list.xlsx")


def test_accounts_and_roles_go_out_with_what_they_may(
    app: Flask, judged: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = signed_in(app, create_account("=管理员", is_admin=True))
    monkeypatch.setattr(list_book, "_PORTION", 1)
    everybody = rows(admin, offered(admin, "/desk/accounts"))
    assert [line[0] for line in everybody] == [row.id for row in list_accounts(limit=99, offset=0)]
    assert ("=管理员", "管理员") in {(line[1], line[3]) for line in everybody}
    assert refused(visitor(app, "organiser", judged), "/desk/accounts/list.xlsx")
    official(judged, "J1")
    desk = visitor(app, "organiser", judged)
    here = rows(desk, offered(desk, "/desk/X/accounts"))
    assert len(here) == len(memberships_in(judged))
    assert ("裁判", "J1", "登录卡") in {line[2:5] for line in here}
    assert refused(visitor(app, "judge", judged), "/desk/X/accounts/list.xlsx")


def test_organisations_go_out_with_what_they_stand_beneath(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = visitor(app, "organiser", fresh)
    assert "导出 Excel" not in desk.get("/desk/organisations").text
    top = add_organisation("=省总工会", "", None, by=organiser)
    below = add_organisation("港口工会", "", top, by=organiser)
    add_organisation("甲港", "", below, by=organiser)
    db.session.expire_all()
    lines = rows(desk, offered(desk, "/desk/organisations"))
    assert [line[:2] for line in lines] == [
        (None, "=省总工会"),
        ("=省总工会", "港口工会"),
        ("=省总工会 › 港口工会", "甲港"),
    ]
    assert [line[1] for line in rows(desk, offered(desk, "/desk/organisations?q=甲港"))] == ["甲港"]
    stranger = visitor(app, "stranger", fresh)
    assert stranger.get("/desk/organisations/list.xlsx").status_code == 404
