"""Departments: whose indicators, who enters for them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.kernel.refusal import Refused
from compete.services.labour.departments import (
    department_links,
    departments_of,
    end_recorder,
    make_department_link,
    recorders_of,
    save_department,
)
from compete.services.labour.sign_off import sign_off
from tests.services.labour.made_up import PIN, Contest, act, everything, made_up
from tests.support.signing_in import signed_in


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


def test_an_indicator_is_one_departments_alone(contest: Contest, organiser: Account) -> None:
    competition = contest.competition
    for name, codes, over, why in (
        (" ", ["安全"], None, "部门要有名称"),
        ("质量部", [], None, "至少勾一项"),
        ("质量部", ["没有的"], None, "至少勾一项"),
        ("质量部", ["隐患"], None, "隐患 已经由安全部打分"),
        ("工程部", ["隐患"], None, "已经有叫“工程部”的部门了"),
        ("质量部", ["安全"], Decimal(-1), "不能小于 0"),
    ):
        with pytest.raises(Refused, match=why):
            save_department(competition, name, codes, over, organiser)
    save_department(competition, "安监部", ["安全"], None, organiser, department=contest.safety)
    assert [row.name for row in departments_of(competition)] == ["安监部", "工程部"]
    contest.enter(*[act for act in everything() if act.indicator == "安全"])
    sign_off(contest.safety, "二月", pin=PIN, name="周茹", by=contest.zhou)
    with pytest.raises(Refused, match="已经签核过"):
        save_department(competition, "安监部", ["隐患"], None, organiser, department=contest.safety)


def test_a_link_brings_the_recorder_in_and_a_new_one_ends_it(
    here: Flask, contest: Contest, organiser: Account
) -> None:
    competition = contest.competition
    third = save_department(
        competition, "安监部", ["安全"], None, organiser, department=contest.safety
    )
    extra = save_department(competition, "质量部", ["隐患"], None, organiser)
    with pytest.raises(Refused, match="写上谁来打分"):
        make_department_link(extra, competition, " ", organiser)
    token = make_department_link(extra, competition, "赵敏", organiser)
    (own,) = recorders_of(competition)[extra.id]
    assert department_links(extra, competition, organiser) == {own.account.id: token}
    assert (own.account.name, own.standing) == ("赵敏", True)
    assert [recorder.account for recorder in recorders_of(competition)[third.id]] == [contest.zhou]
    latest = make_department_link(extra, competition, "赵敏", organiser)
    assert latest != token
    # Who came by a link asks for a link, and for no card of a chief judge's.
    page = here.test_client().get(f"/sign-in/{latest}").text
    assert "请组委会换一个链接" in page
    assert "裁判长" not in page
    (own,) = recorders_of(competition)[extra.id]
    assert own.account.name == "赵敏"


def test_several_enter_for_a_department_each_by_an_own_link(
    app: Flask, here: Flask, contest: Contest, organiser: Account
) -> None:
    competition, safety = contest.competition, contest.safety
    tokens = {
        name: make_department_link(safety, competition, name, organiser)
        for name in ("李红", "王强")
    }
    names = [recorder.account.name for recorder in recorders_of(competition)[safety.id]]
    assert names == ["周茹", "李红", "王强"]
    accounts = {
        recorder.account.name: recorder.account for recorder in recorders_of(competition)[safety.id]
    }
    assert department_links(safety, competition, organiser) == {
        accounts[name].id: token for name, token in tokens.items()
    }
    # Each has the same rights, and sees what the others wrote.
    first, second = (contest.writer(safety, accounts[name]) for name in ("李红", "王强"))
    assert contest.enter(act("甲", "安全", "28"), by=first).stored
    contest.enter(*[entry for entry in everything() if entry.unit != "甲"], by=second)
    contest.enter(act("甲", "隐患", "0"), by=second)
    sign_off(safety, "二月", pin=PIN, name="周茹", by=contest.zhou)
    # A new link for one leaves the others theirs; who is taken off enters no more.
    anew = make_department_link(safety, competition, "李红", organiser)
    assert department_links(safety, competition, organiser) == {
        accounts["李红"].id: anew,
        accounts["王强"].id: tokens["王强"],
    }
    with pytest.raises(Refused, match="理由"):
        end_recorder(safety, competition, "王强", " ", organiser)
    end_recorder(safety, competition, "王强", "调走了", organiser)
    names = [recorder.account.name for recorder in recorders_of(competition)[safety.id]]
    assert names == ["周茹", "李红"]
    assert "PIN" not in here.test_client().get(f"/sign-in/{tokens['王强']}").text
    with pytest.raises(Refused, match="没有这位"):
        end_recorder(safety, competition, "王强", "调走了", organiser)
    desk = signed_in(app, organiser)
    page = desk.get(f"/desk/L/departments/{safety.id}").text
    assert anew in page
    assert "周茹不再打分" in page
    assert "安全部 李红" in desk.post("/desk/L/units/links").text
    assert "周茹、李红" in desk.get("/desk/L/departments").text
    end = f"/desk/L/departments/{safety.id}/recorder/end"
    assert desk.post(end, data={"recorder": "李红", "reason": ""}).status_code == 400
    assert desk.post(end, data={"recorder": "李红", "reason": "休假"}).status_code == 302
    assert "周茹、李红" not in desk.get("/desk/L/departments").text
