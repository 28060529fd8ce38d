"""Forms for the day are printed from the contestants' page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.documents.forms import Form
from compete.models import Account, Competition
from compete.services.registration.printed_forms import print_people_form
from tests.documents.reading import pages
from tests.support.signing_in import signed_in
from tests.support.small import small
from tests.support.varied import varied


@pytest.mark.parametrize(
    ("form", "title"),
    [
        ("attendance", "签到表"),
        ("check_in", "检录表"),
        ("draw", "抽签记录"),
        ("field_record", "现场记录表"),
        ("order_book", "秩序册"),
        ("schedule", "日程"),
    ],
)
def test_each_form_names_everybody_and_is_linked(
    here: Flask, fresh: Competition, organiser: Account, form: str, title: str
) -> None:
    person = signed_in(here, organiser)
    address = f"/desk/{fresh.code}/forms/{form}.pdf"
    assert address in person.get(f"/desk/{fresh.code}/entrants").text
    answer = person.get(address)
    assert answer.status_code == 200
    assert title in pages(answer.data)[0]
    assert person.get(f"/desk/{fresh.code}/forms/coding.pdf").status_code == 404


@pytest.mark.parametrize("form", [Form.ATTENDANCE, Form.CHECK_IN])
def test_each_of_a_crew_has_a_line_and_several_events_are_named(
    load: Callable[..., Competition], form: Form
) -> None:
    paper_text = "".join(pages(print_people_form(load(varied()), form)))
    for word in ("赛项", "双人起重", "单人起重", "组合", "甲一组", "赵启明", "钱文"):
        assert word in paper_text
    alone = "".join(pages(print_people_form(load(small()), form)))
    assert "赛项" not in alone
    assert "组合" not in alone


def test_the_head_of_the_list_keeps_few_buttons_and_the_rest_in_menus(
    here: Flask, fresh: Competition, organiser: Account
) -> None:
    shown = signed_in(here, organiser).get(f"/desk/{fresh.code}/entrants").text
    head = shown[shown.index('class="page-head"') : shown.index('class="filters"')]
    assert head.count('class="button') == 4
    for name in (
        "打印参赛证",
        "加一个人",
        "签到表",
        "单位名单",
        "参赛条件",
        "选手照片",
        "下载报名表",
    ):
        assert head.index('class="menu-list"') < head.index(f"<span>{name}</span>")
