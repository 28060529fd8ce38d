"""Examiners of an evaluation on pages: what is lacking, where it is mended, opened all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, db
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.bends import bends_of
from compete.services.results.notice import print_notice
from tests.services.results.test_bends import text_of
from tests.services.results.test_evaluations import settled
from tests.services.schedule.test_examiners import (
    PRACTICE,
    REVIEW,
    THEORY,
    batch,
    certified,
    level,
    seat,
)
from tests.support.announced import announce
from tests.support.passing import passed
from tests.support.signing_in import signed_in
from tests.web.test_evaluations import words

NUMBERS = {"theory_per": "15", "theory_least": "2", "practice_per": "5", "practice_least": "3"}


@pytest.fixture
def desk(app: Flask, here: Flask, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


@pytest.fixture
def short(load: Callable[..., Competition], organiser: Account) -> Competition:
    """Twenty of level A, with one examiner too few at the practice."""
    competition = passed(load(batch(level("A", THEORY, PRACTICE), people=20)))
    seat(competition.events[0], "theory", organiser, 1, 2)
    seat(competition.events[0], "hands", organiser, 3, 4, 5)
    return competition


def test_what_is_lacking_stands_in_the_plan_and_on_the_overview_with_a_way_to_mend_it(
    desk: FlaskClient, short: Competition
) -> None:
    sentence = "“hands”差 1 名考评员"
    page = desk.get("/desk/EV/").text
    assert sentence in page
    assert 'href="/desk/EV/events/rules?event=A"' in page
    assert sentence in desk.get("/desk/EV/judges?people=1").text
    assert sentence in desk.get("/desk/EV/seating?module=A|s|hands").text
    assert sentence not in desk.get("/desk/EV/seating?module=A|s|theory").text


def test_it_opens_all_the_same_with_a_reason_and_not_without(
    desk: FlaskClient, short: Competition
) -> None:
    page = desk.get("/desk/EV/open").text
    assert "“hands”差 1 名考评员" in page
    assert 'name="why"' in page
    refused = desk.post("/desk/EV/open", data={"why": ""}, follow_redirects=True)
    assert "考评员不够" in refused.text
    db.session.rollback()
    assert short.state is CompetitionState.REGISTERING
    desk.post("/desk/EV/open", data={"why": "当天病了一位"})
    db.session.rollback()
    assert short.state is CompetitionState.JUDGING
    assert [bend.why for bend in bends_of(short)] == ["当天病了一位"]
    assert "当天病了一位" in desk.get("/desk/EV/").text


def test_what_no_reason_overrules_blocks_and_names_the_way(
    desk: FlaskClient, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(batch(level("A", THEORY, REVIEW, grade=2), people=6))
    (event,) = competition.events
    seat(event, "theory", organiser, 1, 2)
    seat(event, "review", organiser, 3, 4)
    certified("J1", competition, date(2026, 5, 9), organiser)
    overview, page = desk.get("/desk/EV/").text, desk.get("/desk/EV/open").text
    for sentence in ("“review”排了 2 名考评员", "考评1 的考评员证 2026年5月9日 到期"):
        assert sentence in overview
        assert sentence in page
    assert "前 2 件不办" in words(overview)
    assert 'name="why"' not in page
    assert "/desk/EV/seating?module=A%7Cs%7Creview" in page


def test_the_ratio_is_set_beside_the_panels(desk: FlaskClient, short: Competition) -> None:
    at = "/desk/EV/seating/examiners"
    module = {"module": "A|s|hands"}
    refused = desk.post(at, data=NUMBERS | module | {"practice_per": "150"})
    assert refused.status_code == 400
    assert 'value="150"' in refused.text
    assert "1 到 99 名考生" in refused.text
    refused = desk.post(at, data=NUMBERS | module | {"practice_per": "7"})
    assert "要写理由" in refused.text
    done = desk.post(at, data=NUMBERS | module | {"practice_per": "7", "reason": "分批考"})
    assert done.status_code == 302
    db.session.rollback()
    assert settings_of(short).examiners.practice_per == 7
    assert "考评员不够" not in desk.get("/desk/EV/seating?module=A|s|hands").text
    assert "分批考" in desk.get("/desk/EV/").text


def test_everybody_reads_why_it_opened_all_the_same(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(settled())
    with unit_of_work():
        audit.record(
            competition, organiser, "examiners.overrule", competition.code,
            after={"short": ["“技能考核”差 1 名考评员"]}, reason="当天病了一位", bends=True,
        )  # fmt: skip
    announce(competition, organiser)
    (line,) = (str(bend.line) for bend in bends_of(competition))
    assert "“技能考核”差 1 名考评员" in line
    assert line in here.test_client().get(f"/p/{competition.code}").text
    paper = text_of(print_notice(competition, competition.events[0].code))
    assert line.replace(" ", "") in paper


def test_a_contest_has_no_ratio_to_set(here: Flask, fresh: Competition, organiser: Account) -> None:
    desk = signed_in(here, organiser)
    seating = desk.get(f"/desk/{fresh.code}/seating").text
    assert 'id="examiners"' not in seating
    event = fresh.events[0]
    form = NUMBERS | {"module": f"{event.code}|S|m"}
    assert desk.post(f"/desk/{fresh.code}/seating/examiners", data=form).status_code == 404
