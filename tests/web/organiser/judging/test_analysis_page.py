"""The page of judges judged, and the card on the progress board."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.models import Competition
from compete.services.competitions.loading import load_bundle
from compete.web.organiser.judging.analysis.view_model import bare
from tests.support.contest import contest
from tests.support.signing_in import official, signed_in


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(contest(bias={"J5": -5.0}))


def test_the_chief_reads_who_is_strict_and_what_to_do(app: Flask, competition: Competition) -> None:
    page = signed_in(app, official(competition, "C1")).get("/desk/CUP/analysis").text
    assert "J5 沈岳 偏严，建议赛间复述标准" in page
    assert "只提醒裁判长，不改任何一分" in page
    assert "Krippendorff α" in page
    assert page.count('<g class="interval') == 6


def test_the_card_stands_on_the_progress_board_and_leads_there(
    app: Flask, competition: Competition
) -> None:
    client = signed_in(app, official(competition, "C1"))
    page = client.get("/desk/CUP/progress?module=FORK|final|practice").text
    assert "评分宽严" in page
    assert "偏严，建议赛间复述标准" in page
    assert "/desk/CUP/analysis?module=FORK%7Cfinal%7Cpractice" in page
    paper = client.get("/desk/CUP/progress?module=FORK|final|paper").text
    assert "评分宽严" not in paper


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert [bare(value) for value in (-0.004, -0.2, 0.834)] == ["0.00", "−0.20", "0.83"]


def test_a_module_with_one_judge_says_what_is_missing(app: Flask, competition: Competition) -> None:
    client = signed_in(app, official(competition, "S1"))
    page = client.get("/desk/CUP/analysis?module=FORK|final|paper").text
    assert "还没有可比的" in page


def test_judges_and_recorders_do_not_see_how_judges_judge(
    app: Flask, competition: Competition
) -> None:
    for code in ("J1", "R1"):
        client = signed_in(app, official(competition, code))
        assert client.get("/desk/CUP/analysis").status_code == 404


def test_a_module_that_there_is_not_is_not_found(app: Flask, competition: Competition) -> None:
    client = signed_in(app, official(competition, "C1"))
    assert client.get("/desk/CUP/analysis?module=FORK|final|nothing").status_code == 404
