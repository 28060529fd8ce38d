"""Words that stood twice, or without what they belong to, on pages of the samples."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from compete.domain.values.roles import Role
from compete.models import Account, Assignment, Sheet, db
from compete.services.judging.panels.judge_progress import judge_lines
from compete.services.kernel.transactions import unit_of_work
from tests.support.competitions import load_sample
from tests.support.signing_in import signed_in


@pytest.mark.usefixtures("app")
def test_a_station_called_as_its_module_is_said_once(organiser: Account) -> None:
    lines = judge_lines(load_sample("yangtze-recovery", organiser))
    module_names = {module for line in lines for module in line.modules}
    assert {"重型吊车", "理论考试 考场"} <= module_names
    assert not [module for module in module_names if module[: len(module) // 2] * 2 == module]


def test_a_judges_load_is_said_to_be_of_all_modules(app: Flask, organiser: Account) -> None:
    competition = load_sample("yangtze-recovery", organiser)
    page = signed_in(app, organiser).get(f"/desk/{competition.code}/seating").text
    assert "33 人，每个评 1 张" in page
    assert re.findall(r'"seat-load">([^<]*)<', page) == ["共 66 张"]


def test_a_sheets_way_back_reads_as_a_way(app: Flask, organiser: Account) -> None:
    competition = load_sample("yangtze-recovery", organiser)
    sheet = db.session.query(Sheet).first()
    assert sheet is not None
    page = signed_in(app, organiser).get(f"/desk/{competition.code}/sheets/{sheet.public_id}").text
    assert re.search(r'</a><span class="dot"></span><a [^>]*>评分进度</a></p>', page)


def test_who_marked_and_has_no_seat_any_more_is_not_said_to_wait_for_one(
    app: Flask, organiser: Account
) -> None:
    competition = load_sample("yangtze-recovery", organiser)
    marked = next(
        line
        for line in judge_lines(competition)
        if line.judge.role is Role.JUDGE and any(line.sheets.values())
    )
    with unit_of_work():
        for seat in db.session.query(Assignment).filter_by(judge_id=marked.judge.id):
            db.session.delete(seat)
    desk = signed_in(app, organiser)
    page = desk.get(f"/desk/{competition.code}/judges?people=1").text
    assert page.count("现在没有席位") == 1
    assert "还没分工" not in page
