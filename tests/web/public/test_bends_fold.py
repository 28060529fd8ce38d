"""A public page has the result first; what was done otherwise than promised is one line below."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, render_template_string

from compete.models import Account, Competition
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from tests.support.second_day import certify, person, with_prizes


@pytest.fixture
def bent(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    with unit_of_work():
        for _time in range(2):
            audit.record(
                competition,
                organiser,
                "competition.agree_terms",
                "X",
                before={"notice_days": 5},
                after={"notice_days": 3},
                reason="月底要上报",
                bends=True,
            )
    return competition


def test_equal_sentences_are_one_place_with_their_count(here: Flask) -> None:
    lines = ["登录卡不满 24 小时", "公示提前结束", "登录卡不满 24 小时"]
    macro = "{% from 'public/_bends.html' import bent with context %}{{ bent(lines) }}"
    with here.test_request_context():
        page = render_template_string(macro, lines=lines)
        empty = render_template_string(macro, lines=[])
    assert "和原定不同 2 处" in page
    assert page.count("登录卡不满 24 小时") == 1
    assert "2 次" in page
    assert " open" not in page
    assert empty.strip() == ""


def test_the_result_stands_before_what_bends_it(here: Flask, bent: Competition) -> None:
    ranking = here.test_client().get("/p/X").text
    assert ranking.index('id="people"') < ranking.index("和原定不同 ")
    own = here.test_client().get(f"/c/{person(bent, 'P1').badge_token}").text
    assert own.index("分项成绩") < own.index("和原定不同 ")
