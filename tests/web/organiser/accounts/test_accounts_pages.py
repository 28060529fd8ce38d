"""Administrators and organisers see accounts and roles, invite by a link, and take them back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from compete.domain.values.roles import WATCHERS, Role
from compete.models import Account, AuditEntry, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.invitations import first_link, open_invitations
from compete.services.accounts.roles import memberships_in
from tests.services.labour.made_up import made_up
from tests.support.people import visitor
from tests.support.signing_in import signed_in

PASSWORD = "correct horse 港口"


def link_in(page: str) -> str:
    hit = re.search(r'value="http://[^/"]+(/invitation/[\w-]{32})"', page)
    assert hit
    return hit[1]


def taken_up(app: Flask, link: str, username: str) -> str:
    data = {"name": "钱文", "username": username, "password": PASSWORD, "again": PASSWORD}
    return str(app.test_client().post(link, data=data).location)


def test_an_organiser_invites_another_and_takes_the_role_back(
    app: Flask, fresh: Competition
) -> None:
    desk = visitor(app, "organiser", fresh)
    assert desk.post("/desk/X/accounts", data={"name": " "}).status_code == 400
    page = desk.post("/desk/X/accounts", data={"name": "钱文"}).text
    link = link_in(page)
    assert link not in desk.get("/desk/X/accounts").text
    assert taken_up(app, link, "qian") == "/desk/"
    page = desk.get("/desk/X/accounts").text
    assert "用户名 qian" in page
    number = next(row.id for row in memberships_in(fresh) if row.account.username == "qian")
    assert f"/desk/X/accounts/{number}/take-back" in page
    where = f"/desk/X/accounts/{number}/take-back"
    assert "收回钱文的组委会职责" in desk.get(where).text
    refused = desk.post(where, data={"reason": " "})
    assert refused.status_code == 400
    assert "收回职责要写理由" in refused.text
    assert "用户名 qian" in desk.get("/desk/X/accounts").text
    assert desk.post(where, data={"reason": "换人"}).status_code == 302
    # An organiser's part takes two: another one agrees, on the same page.
    assert "用户名 qian" in desk.get("/desk/X/accounts").text
    other = create_account("周颖")
    grant_role(other, fresh, Role.ORGANISER)
    second = signed_in(app, other)
    assert "同意收回钱文" in second.get(where).text
    assert second.post(where).status_code == 302
    assert "用户名 qian" not in desk.get("/desk/X/accounts").text


def invited(app: Flask, desk: FlaskClient, role: Role, username: str) -> tuple[FlaskClient, str]:
    """Somebody who took up a link for this role, and the page to which that led."""
    page = desk.post("/desk/X/accounts", data={"name": username, "role": role.value}).text
    client = app.test_client()
    data = {"name": username, "username": username, "password": PASSWORD, "again": PASSWORD}
    return client, str(client.post(link_in(page), data=data).location)


def test_a_registrar_registers_and_sees_no_marks(app: Flask, fresh: Competition) -> None:
    desk = visitor(app, "organiser", fresh)
    registrar, home = invited(app, desk, Role.REGISTRAR, "bao")
    assert home == "/desk/X/entrants"
    assert registrar.get(home).status_code == 200
    assert registrar.get("/desk/X/applications").status_code == 200
    for page in ("", "progress", "standings", "accounts", "judges", "publish"):
        assert registrar.get(f"/desk/X/{page}").status_code == 404, page
    assert "bao 当报名员" in desk.get("/desk/X/").text


def test_who_plans_the_days_sees_plan_and_check_in_alone(app: Flask, fresh: Competition) -> None:
    desk = visitor(app, "organiser", fresh)
    office, home = invited(app, desk, Role.OFFICE, "sai")
    assert home == "/desk/X/plan"
    for page in ("plan", "draws", "arrivals", "forms/schedule.pdf"):
        assert office.get(f"/desk/X/{page}", follow_redirects=True).status_code == 200, page
    for page in ("", "entrants", "applications", "progress", "accounts", "judges", "publish"):
        assert office.get(f"/desk/X/{page}").status_code == 404, page
    assert "sai 当赛务员" in desk.get("/desk/X/").text


@pytest.mark.parametrize("role", sorted(WATCHERS))
def test_who_only_reads_opens_the_pages_and_does_nothing(
    app: Flask, fresh: Competition, role: Role
) -> None:
    desk = visitor(app, "organiser", fresh)
    watcher, home = invited(app, desk, role, "kan")
    assert home == "/desk/"
    assert watcher.get("/desk/X/progress").status_code == 200
    before = db.session.scalar(select(func.count(AuditEntry.id)))
    refused = watcher.post("/desk/X/decisions", data={"reason": "看看"})
    assert refused.status_code == 403
    assert "只看和打印" in refused.text
    assert watcher.post("/desk/X/lock").status_code == 404
    assert db.session.scalar(select(func.count(AuditEntry.id))) == before
    appeals = watcher.get("/desk/X/appeals").status_code
    assert appeals == (200 if role is Role.OBSERVER else 404)


def test_the_desk_invites_to_its_own_roles_alone(app: Flask, fresh: Competition) -> None:
    desk = visitor(app, "organiser", fresh)
    for role in ("judge", "supervisor", "", "x"):
        answer = desk.post("/desk/X/accounts", data={"name": "钱文", "role": role})
        assert answer.status_code == 400, role
    assert open_invitations(fresh) == []


def test_a_link_is_cancelled_only_after_the_page_that_says_what_it_does(
    app: Flask, fresh: Competition
) -> None:
    desk, admin = visitor(app, "organiser", fresh), visitor(app, "admin", fresh)
    link = link_in(desk.post("/desk/X/accounts", data={"name": "钱文"}).text)
    number = open_invitations(fresh)[0].id
    for asker, base in ((desk, "/desk/X/accounts"), (admin, "/desk/accounts")):
        where = f"{base}/invitations/{number}/cancel"
        assert f'href="{where}"' in asker.get(base).text
        page = asker.get(where).text
        assert "给钱文的链接作废" in page
        assert "理由" not in page
    assert app.test_client().get(link).status_code == 200
    assert desk.post(f"/desk/X/accounts/invitations/{number}/cancel").status_code == 302
    assert app.test_client().get(link).status_code == 410
    assert desk.get(f"/desk/X/accounts/invitations/{number}/cancel").status_code == 404


def test_an_organiser_cannot_make_an_administrator_nor_reach_another_competition(
    app: Flask, fresh: Competition
) -> None:
    stranger = visitor(app, "stranger", fresh)
    number = memberships_in(fresh)[0].id
    assert stranger.post(f"/desk/X/accounts/{number}/take-back").status_code == 404
    for path in ("", "/1/link", "/1/close", "/1/open", "/invitations/1/cancel"):
        assert visitor(app, "organiser", fresh).post(f"/desk/accounts{path}").status_code == 404


def test_an_administrator_sees_everybody_and_makes_another(app: Flask, fresh: Competition) -> None:
    admin = visitor(app, "admin", fresh)
    page = admin.post("/desk/accounts", data={"name": "孙", "competition": ""}).text
    assert taken_up(app, link_in(page), "sun") == "/desk/"
    page = admin.post("/desk/accounts", data={"name": "孙", "competition": "X"}).text
    assert taken_up(app, link_in(page), "li") == "/desk/"
    assert admin.post("/desk/accounts", data={"name": "孙", "competition": "?"}).status_code == 400
    page = admin.get("/desk/accounts").text
    assert "组委会 X" in page
    assert "sun" in page


def test_an_administrator_makes_a_link_that_sets_a_password_anew(
    app: Flask, fresh: Competition
) -> None:
    admin = visitor(app, "admin", fresh)
    link = link_in(admin.post("/desk/X/accounts", data={"name": "钱文"}).text)
    taken_up(app, link, "qian")
    number = next(row.account_id for row in memberships_in(fresh) if row.account.name == "钱文")
    link = link_in(admin.post(f"/desk/accounts/{number}/link").text)
    sent = {
        "name": "钱文",
        "username": "qian",
        "password": f"{PASSWORD}二",
        "again": f"{PASSWORD}二",
    }
    assert app.test_client().post(link, data=sent).status_code == 302
    for password, status in ((PASSWORD, 200), (f"{PASSWORD}二", 302)):
        tried = {"username": "qian", "password": password}
        assert app.test_client().post("/sign-in", data=tried).status_code == status


def test_the_mark_leads_from_a_competition_to_the_list(app: Flask, fresh: Competition) -> None:
    page = visitor(app, "organiser", fresh).get("/desk/X/").text
    assert '<a class="brand" href="/desk/"' in page


def test_the_invited_find_their_name_written_and_may_correct_it(
    app: Flask, fresh: Competition
) -> None:
    desk = visitor(app, "organiser", fresh)
    link = link_in(desk.post("/desk/X/accounts", data={"name": "孙志二"}).text)
    page = app.test_client().get(link).text
    assert 'value="孙志二"' in page
    sent = {"name": "孙志贰", "username": "sun", "password": "short", "again": "short"}
    assert 'value="孙志贰"' in app.test_client().post(link, data=sent).text


def test_the_installations_own_link_is_made_out_to_nobody(app: Flask, fresh: Competition) -> None:
    token = first_link()
    assert 'value="管理员"' not in app.test_client().get(f"/invitation/{token}").text


def test_both_ends_of_a_link_are_told_of_the_day_in_which_it_makes_no_second_person(
    app: Flask, fresh: Competition
) -> None:
    page = visitor(app, "organiser", fresh).post("/desk/X/accounts", data={"name": "孙"}).text
    assert "不能当两个人办的事" in page
    assert "链接是organiser发的" in app.test_client().get(link_in(page)).text
    token = first_link()
    assert "24 小时" not in app.test_client().get(f"/invitation/{token}").text


def test_two_people_of_one_name_are_told_apart(app: Flask, fresh: Competition) -> None:
    desk, admin = visitor(app, "organiser", fresh), visitor(app, "admin", fresh)
    for _twice in range(2):
        link = link_in(desk.post("/desk/X/accounts", data={"name": "钱文"}).text)
        taken_up(app, link, f"qian{_twice}")
    both = [row for row in memberships_in(fresh) if row.account.name == "钱文"]
    numbers = [row.account_id for row in both]
    assert len(set(numbers)) == 2
    for page in (desk.get("/desk/X/accounts").text, admin.get("/desk/accounts").text):
        assert all(page.count(f">编号 {number}<") == 1 for number in numbers)
    for row in both:
        who = f"钱文，编号 {row.account_id}"
        assert who in desk.get(f"/desk/X/accounts/{row.id}/take-back").text
        assert who in admin.get(f"/desk/accounts/{row.account_id}/close").text


def test_ways_into_a_labour_competition_are_called_as_its_own_pages_call_them(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    unit = contest.competition.units[0]
    grant_role(create_account("谢长林"), contest.competition, Role.CONTACT, unit=unit)
    desk = signed_in(app, organiser)
    page = desk.get("/desk/L/accounts").text
    assert [page.count(way) for way in ("自评链接", "打分链接", "报名链接")] == [1, 2, 0]
