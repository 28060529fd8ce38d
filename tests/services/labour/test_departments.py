"""Departments: whose indicators, who enters for them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.kernel import Refused
from compete.services.labour import (
    department_link,
    departments_of,
    make_department_link,
    recorders_of,
    save_department,
    sign_off,
)
from tests.services.labour.made_up import PIN, Contest, everything, made_up


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
    assert department_link(extra, competition, organiser) == token
    known = recorders_of(competition)
    assert (known[extra.id].account.name, known[extra.id].standing) == ("赵敏", True)
    assert known[third.id].account == contest.zhou
    latest = make_department_link(extra, competition, "", organiser)
    assert latest != token
    # Who came by a link asks for a link, and for no card of a chief judge's.
    page = here.test_client().get(f"/sign-in/{latest}").text
    assert "请组委会换一个链接" in page
    assert "裁判长" not in page
    assert recorders_of(competition)[extra.id].account.name == "赵敏"
