"""From marks to certificates of an evaluation: every step and link leads to a page that it has."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain import read_bundle
from compete.domain.values.roles import Role
from compete.domain.values.states import GradeState
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.closing.approving_jobs import asked_approvals
from compete.services.closing.grade_proposals import grade_decisions_of
from compete.services.competitions.loading import load_bundle
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.registration.applicant_eligibility import who_meets
from compete.services.registration.corrections import correct_person
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.scoring import live
from compete.services.sheets import counts
from tests.bench.evaluations import LACKING, evaluation_of
from tests.support.announced import announce, body_for, plain
from tests.support.signing_in import signed_in
from tests.support.statements import statements
from tests.web.test_evaluations import RANKED, words

STEPS = ("lock", "publish", "awards/approve/proposed", "agree", "certificates/issue/grade")
PAGES = (
    *("", "review", "review?show=all", "verdicts", "verdicts?show=pass", "verdicts?q=申报人1"),
    *("entrants", "certificates?state=valid", "results"),
)
FEW, MANY = 20, 200
ALIKE = 2


@pytest.fixture
def made(organiser: Account) -> Callable[..., Competition]:
    def make(people: int, code: str = "TRY", *, marked: bool = True) -> Competition:
        bundle = read_bundle(json.dumps(evaluation_of(people, code=code, marked=marked)).encode())
        competition = load_bundle(bundle, by=organiser)
        grant_role(organiser, competition, Role.ORGANISER, by=organiser)
        plain(competition)
        return competition

    return make


def links_of(page: str, code: str) -> set[str]:
    """Addresses of the desk to which a page leads by a click."""
    links = re.findall(rf'<a [^>]*href="(/desk/{code}/[^"#]*)', page)
    return {link.replace("&amp;", "&") for link in links}


def dead(desk: FlaskClient, code: str, pages: Sequence[str]) -> list[tuple[str, str, int]]:
    """Links of these pages that lead nowhere; of those that differ in numbers alone, two."""
    tried: dict[str, int] = {}
    alike = Counter[str]()
    broken = []
    for page in pages:
        for link in sorted(links_of(desk.get(f"/desk/{code}/{page}").text, code)):
            shape = re.sub(r"\d+", "0", link)
            if link not in tried and alike[shape] < ALIKE:
                alike[shape] += 1
                tried[link] = desk.get(link).status_code
            if tried.get(link, 200) >= 400:
                broken.append((page, link, tried[link]))
    return broken


@pytest.mark.slow
@pytest.mark.parametrize("large", [False, True])
def test_every_step_leads_on_to_a_page_and_no_link_to_one_of_contests(
    app: Flask,
    here: Flask,
    organiser: Account,
    made: Callable[..., Competition],
    monkeypatch: pytest.MonkeyPatch,
    large: bool,
) -> None:
    if large:
        monkeypatch.setattr(counts, "MOST_AT_ONCE", 0)
        monkeypatch.setattr(queue, "wake", lambda _competition: None)
    competition = made(FEW)
    body_for(competition)
    code, number = competition.code, competition.id
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER)
    for step in STEPS:
        desk, at = signed_in(app, organiser), f"/desk/{code}/{step}"
        if step == "agree":
            (asked,) = asked_approvals(db.session.get_one(Competition, number))
            at = f"/desk/{code}/awards/agree/{asked.first}?asked={asked.mark}"
            desk = signed_in(app, second)
        answer = desk.post(at, data={"reason": "急用"}, follow_redirects=True)
        assert answer.status_code == 200, step
        if large:
            assert do_next(number)
            db.session.rollback()
            # The job's page leads to what came of it.
            where = answer.request.path.removeprefix(f"/desk/{code}/")
            answer = desk.get(f"/desk/{code}/{where}", follow_redirects=True)
            assert (answer.status_code, dead(desk, code, [where])) == (200, [])
        assert not RANKED.search(words(answer.text.split("<main")[-1])), step
        if not large or step == STEPS[-1]:
            pages = ("", "verdicts", "results", "certificates", "entrants/E00001/")
            assert dead(desk, code, pages) == [], step
    assert f"{FEW - FEW // LACKING}" in desk.get(f"/desk/{code}/certificates").text


@pytest.mark.slow
def test_ten_times_as_many_people_are_no_statement_more(
    app: Flask, here: Flask, organiser: Account, made: Callable[..., Competition]
) -> None:
    desk, grown = signed_in(app, organiser), []
    both = made(FEW, "FEW"), made(MANY, "MANY")
    for page in PAGES:
        costs = []
        for competition in both:
            path = f"/desk/{competition.code}/{page}"
            desk.get(path)
            correct(competition, organiser, len(costs) + PAGES.index(page) * 2)
            with statements(db.engine) as queries:
                assert desk.get(path).status_code == 200, path
            costs.append(len(queries))
        if costs[1] > costs[0] + 5:
            grown.append((page, costs))
    assert grown == []


def correct(competition: Competition, by: Account, turn: int) -> None:
    """Somebody's certificate is of another day than was written, another day each time."""
    who = entrants_by_code(competition, ["E00001"])["E00001"]
    correct_person(who, {"grade_since": f"2019-{turn % 12 + 1:02d}-{turn + 1:02d}"}, "看了", by)


def test_conditions_are_looked_at_without_marks_and_as_they_stand(
    app: Flask,
    here: Flask,
    organiser: Account,
    made: Callable[..., Competition],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    competition = made(FEW)

    def scores(_competition: Competition) -> None:
        raise AssertionError("what is asked here needs no marks")

    monkeypatch.setattr(live, "_scored", scores)
    desk = signed_in(app, organiser)
    assert desk.get("/desk/TRY/review").status_code == 200
    short = [verdict.entrant for verdict in who_meets(competition) if not verdict.eligible]
    assert short == ["E00000", "E00010"]
    who = entrants_by_code(competition, ["E00001"])["E00001"]
    correct_person(who, {"grade_since": "2025-03-02"}, "看了原件", organiser)
    short = [verdict.entrant for verdict in who_meets(competition) if not verdict.eligible]
    assert short == ["E00000", "E00001", "E00010"]
    assert "E00001" in desk.get("/desk/TRY/review").text


def test_who_meets_no_line_has_acts_and_is_told_before_it_begins(
    app: Flask, here: Flask, organiser: Account, load: Callable[..., Competition]
) -> None:
    load(evaluation_of(3, marked=False), registering=True)
    desk = signed_in(app, organiser)
    page = desk.get("/desk/TRY/review?show=all").text
    assert 'name="who" value="E00000"' in page
    assert "/desk/TRY/entrants/E00000/identity" in page
    facts = desk.get("/desk/TRY/open").text
    assert "没有通过审核的 3 人" in facts
    assert "还有 3 人没有通过审核" in desk.post("/desk/TRY/open", follow_redirects=True).text
    whys = [why for name, why in re.findall(r"(考生\d+|\w+)（([^（）]+)）", facts)]
    assert "还没有人按通过" in whys
    assert any(why.startswith("还差") for why in whys)


def test_one_grade_is_held_or_refused_on_the_list_with_a_reason(
    app: Flask, here: Flask, organiser: Account, made: Callable[..., Competition]
) -> None:
    competition = made(3)
    desk = signed_in(app, organiser)
    assert 'formaction="' not in desk.get("/desk/TRY/verdicts").text
    announce(competition, organiser)
    page = desk.get("/desk/TRY/verdicts").text
    refuse = "/desk/TRY/awards/refuse/E00001"
    assert f'formaction="{refuse}"' in page
    # Who does not meet the conditions has no grade to decide.
    assert "/desk/TRY/awards/refuse/E00000" not in page
    assert desk.post(refuse, data={"reason": ""}).status_code == 400
    answer = desk.post(refuse, data={"reason": "别处发过了"}, follow_redirects=True)
    assert (answer.status_code, "不批准" in answer.text) == (200, True)
    states = {row.person.code: row.state for row in grade_decisions_of(competition)}
    assert states == {"E00001": GradeState.REFUSED, "E00002": GradeState.PROPOSED}
    again = desk.get("/desk/TRY/verdicts").text
    assert refuse not in again
    assert "/desk/TRY/awards/approve/E00001" in again
