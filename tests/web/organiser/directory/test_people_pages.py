"""The pages of people: found, merged, taken apart; nothing of others, no whole number."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, Competition, Person, db
from compete.services.accounts.accounts import create_account, grant_role
from tests.services.directory.test_person_records import another, entrant
from tests.support.evaluation import evaluation
from tests.support.signing_in import signed_in
from tests.support.small import IDS, small


def test_an_organiser_says_who_is_one_person_and_takes_it_back(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    first, second = load(small()), load(another(P2={"name": "钱文文"}))
    desk = signed_in(app, organiser)
    page = desk.get("/desk/people?q=赵").text
    assert "赵启明" in page
    assert IDS["P1"] not in page
    assert IDS["P1"][-4:] in page
    assert "钱文" not in page
    same = desk.get("/desk/people/same").text
    assert "证件号码相同" in same
    old, new = entrant(first, "P2").person_id, entrant(second, "P2").person_id
    assert (
        "合并了"
        in desk.post(
            f"/desk/people/{old}/same/{new}", data={"reason": "改过名"}, follow_redirects=True
        ).text
    )
    assert desk.get(f"/desk/people/{new}").headers["Location"].endswith(f"/desk/people/{old}")
    known = desk.get(f"/desk/people/{old}").text
    assert "吴敏 定了 钱文 和 钱文文 是同一个人，合并了，依据：改过名" in known
    assert 'href="/desk/NEXT/entrants/P2' in known
    assert "当时的姓名" in known
    assert desk.post(f"/desk/people/{old}/part/{new}").status_code == 302
    assert desk.post(f"/desk/people/{old}/part/{new}").status_code == 404
    assert desk.post(f"/desk/people/{old}/apart/{new}").status_code == 302
    assert "说过不是同一个人的" in desk.get(f"/desk/people/{old}").text
    assert desk.post(f"/desk/people/{old}/again/{new}").status_code == 302
    other = entrant(first, "P1").person_id
    refused = desk.post(f"/desk/people/{other}/same/{old}")
    assert (refused.status_code, "证件号码不同" in refused.text) == (409, True)
    neighbour = create_account("邻")
    grant_role(neighbour, second, Role.ORGANISER, by=organiser)
    visitor = signed_in(app, neighbour)
    assert visitor.get(f"/desk/people/{old}").status_code == 404
    shown = visitor.get(f"/desk/people/{other}").text
    assert 'href="/desk/NEXT/entrants/P1' in shown
    assert "/desk/X/" not in shown
    assert visitor.post(f"/desk/people/{old}/same/{new}").status_code == 404
    assert set(db.session.scalars(select(Person.merged_into_id))) == {None}


def test_what_somebody_is_stands_in_the_words_of_each_competition(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(small())
    load(evaluation())
    page = signed_in(app, organiser).get("/desk/people").text
    for phrase in (" · 选手 P1，", " · 裁判 J1", " · 考生 P1，", " · 考评员 J1"):
        assert phrase in page
