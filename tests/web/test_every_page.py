"""Every page and paper of every sample can be drawn, and of one of each kind in English too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.models import Account, Competition, Entrant, Series, db
from compete.resources import resource_dir
from compete.services.accounts.accounts import create_account
from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.issuing_bodies import bodies, may_issue_for
from compete.services.closing.grade_proposals import grade_decisions_of
from compete.services.competitions.demonstration import ORGANISER, demo_links, load_samples
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.loading import load_bundle
from compete.services.examinations.exam_file import exam_file, scored_exam
from compete.services.figures.papers import exams_figured, items_of, sections_of, share_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.allocation import assign_judges, open_judging
from tests.support.announced import announce, approve_all, body_for
from tests.support.competitions import load_sample, sample, sample_names
from tests.support.issuing import issue_grade_certificates
from tests.support.signing_in import signed_in
from tests.web.papers import AFTER, BEFORE, CHINESE, LABOUR, OF_LINKS, doors, print_all

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sound")]

PAGES = [
    "/desk/",
    "/desk/list.xlsx",
    "/desk/new",
    "/desk/new?start=template",
    "/desk/new?start=file",
    "/desk/new?start=blank",
    "/account",
    "/desk/accounts",
    "/desk/tokens",
    "/desk/webhooks",
    "/desk/bodies",
    "/desk/calendar",
    "/desk/organisations",
    "/desk/organisations/units",
    "/desk/people",
    "/desk/people/list.xlsx",
    "/desk/accounts/list.xlsx",
    "/desk/organisations/list.xlsx",
    "/desk/people/same",
    "/desk/personal-data",
    "/desk/personal-data/list.xlsx",
    "/desk/occupations",
    "/desk/occupations/proposed",
    "/desk/occupations/upload",
    "/desk/occupations/workbook.xlsx",
    "/desk/ladders",
    "/desk/ladders/new",
    "/desk/ladders/upload",
    "/desk/ladders/workbook.xlsx",
    "/desk/experts",
    "/desk/experts/upload",
    "/desk/experts/workbook.xlsx",
    "/desk/people/1",
    "/desk/{code}/",
    "/desk/{code}/records.xlsx",
    "/desk/{code}/claims/list.xlsx",
    "/desk/{code}/decisions",
    "/desk/{code}/ties",
    "/desk/{code}/file-version",
    "/desk/{code}/decisions/list.xlsx",
    "/desk/{code}/departments/list.xlsx",
    "/desk/{code}/labour/periods.xlsx",
    "/desk/{code}/labour/safe-days.xlsx",
    "/desk/{code}/progress/list.xlsx",
    "/desk/{code}/accounts",
    "/desk/{code}/coding",
    "/desk/{code}/unblinding",
    "/desk/{code}/analysis",
    "/desk/{code}/appeals",
    "/desk/{code}/applications",
    "/desk/{code}/conditions",
    "/desk/{code}/self-entry",
    "/desk/{code}/arrivals",
    "/desk/{code}/floor",
    "/desk/{code}/floor/times?minutes=10",
    "/desk/{code}/entrants/{who}/stop",
    "/desk/{code}/awards",
    "/desk/{code}/honours",
    "/desk/{code}/second",
    "/desk/{code}/prize-money",
    "/desk/{code}/claims",
    "/desk/{code}/claims/people/1",
    "/desk/{code}/distinctions",
    "/desk/{code}/certificates",
    "/desk/{code}/certificates/body",
    "/desk/{code}/certificates/words",
    "/desk/{code}/consequences",
    "/desk/{code}/results",
    "/desk/{code}/review",
    "/desk/{code}/verdicts",
    "/desk/{code}/verdicts.xlsx",
    "/desk/{code}/details",
    "/desk/{code}/put-away",
    "/desk/{code}/messages",
    "/desk/batches",
    "/desk/batches/list.xlsx",
    "/desk/figures",
    "/desk/figures/certificates",
    "/desk/figures/delays",
    "/desk/figures/items",
    "/desk/figures/participation",
    "/desk/figures/participation/list.xlsx",
    "/desk/figures/pass-rates",
    "/desk/figures/sections",
    "/desk/{code}/dossiers",
    "/desk/{code}/personal-data",
    "/desk/rooms",
    "/desk/banks",
    "/desk/series",
    "/desk/rewards",
    "/desk/mentorships",
    "/desk/mentorships/new",
    "/desk/mentorships/upload",
    "/desk/mentorships/workbook.xlsx",
    "/desk/{code}/outside",
    "/desk/{code}/plan",
    "/desk/{code}/draws",
    "/desk/{code}/plan",
    "/desk/{code}/plan/reports",
    "/desk/{code}/exams",
    "/desk/{code}/practice",
    "/desk/{code}/practice/new",
    "/desk/{code}/practice/codes",
    "/exam/{code}",
    "/desk/{code}/draws?way=paper&by=unit",
    "/desk/{code}/entrants",
    "/desk/{code}/events",
    "/desk/{code}/events/overall",
    "/desk/{code}/events/overall/change",
    "/desk/{code}/scheme.json",
    "/desk/{code}/set-up",
    "/desk/{code}/set-up?part=entry",
    "/desk/{code}/photos",
    "/desk/{code}/units",
    "/desk/{code}/units/{unit}/name",
    "/desk/{code}/entrants/{who}/",
    "/desk/{code}/entrants/{who}/identity",
    "/desk/{code}/entrants/new",
    "/desk/{code}/entrants/upload",
    "/desk/{code}/entrants/list.xlsx",
    "/desk/{code}/arrivals/list.xlsx?session=all",
    "/desk/{code}/units/list.xlsx",
    "/desk/{code}/applications/list.xlsx?show=all",
    "/desk/{code}/judges/list.xlsx",
    "/desk/{code}/appeals/list.xlsx",
    "/desk/{code}/recheck/list.xlsx",
    "/desk/{code}/recusals/list.xlsx",
    "/desk/{code}/distinctions/list.xlsx",
    "/desk/{code}/accounts/list.xlsx",
    "/desk/{code}/floor/list.xlsx",
    "/desk/{code}/draws/list.xlsx",
    "/desk/{code}/entrants/workbook.xlsx",
    "/desk/{code}/judges",
    "/desk/{code}/judges?people=1",
    "/desk/{code}/judges/assign",
    "/desk/{code}/judges/upload",
    "/desk/{code}/judges/workbook.xlsx",
    "/desk/{code}/seating",
    "/desk/{code}/seating.xlsx",
    "/desk/{code}/seating/settling",
    "/desk/{code}/labour",
    "/desk/{code}/labour/units/S005?period=Q2",
    "/desk/{code}/labour/late?period=M01",
    "/desk/{code}/labour/month?period=Q2",
    "/desk/{code}/labour/month.xlsx?period=M01&show=share",
    "/desk/{code}/labour/periods",
    "/desk/{code}/labour/periods/M01",
    "/desk/{code}/labour/changes",
    "/desk/{code}/labour/changes.xlsx",
    "/desk/{code}/labour/rules",
    "/desk/{code}/labour/rules.xlsx",
    "/desk/{code}/labour/rules/form",
    "/desk/{code}/labour/accidents",
    "/desk/{code}/labour/accidents.xlsx",
    "/desk/{code}/labour/bulletin.xlsx?period=M01",
    "/desk/{code}/labour/heads?period=M01",
    "/desk/{code}/labour/heads.xlsx?period=M01",
    "/desk/{code}/labour/safe-days",
    "/desk/{code}/labour/rules/changes/1",
    "/desk/{code}/events/changes/1",
    "/desk/{code}/labour/periods/M01/second-look",
    "/desk/{code}/labour/publish",
    "/desk/{code}/departments",
    "/desk/{code}/lock",
    "/desk/{code}/open",
    "/desk/{code}/locks",
    "/desk/{code}/progress",
    "/desk/{code}/publish",
    "/desk/{code}/recheck",
    "/desk/{code}/standings",
    "/desk/{code}/standings.xlsx",
    "/check-in/{code}/",
    "/p/{code}",
    "/draw/check",
    "/draw/seal",
    "/log",
    "/log/check/{code}",
    "/",
]
OWN = [page for page in PAGES if "{code}" in page]
"""Those of one competition; what the house has besides is opened beside one of each kind."""
CONTESTS = (
    *("/events/overall", "/events/overall/change"),
    "/certificates/words",
    "/claims",
    "/claims/list.xlsx",
    "/distinctions",
    "/distinctions/list.xlsx",
    "/file-version",
    "/events/overall",
    "/events/overall/change",
    "/honours",
    "/prize-money",
    "/set-up",
    "/set-up?part=entry",
    "/standings.xlsx",
    "/ties",
)
"""What an evaluation does not have: nobody is ranked in it or gets an award."""
OF_EACH_KIND = {"yangtze-recovery", "key-projects-labour", "pump-evaluation"}
"""Opened in both languages; what the other samples of skills add is opened in one."""
PRINTED_TWICE = "yangtze-recovery"
"""Each paper of it is printed in both languages; of the others in one, by turns."""


def print_sample(client: FlaskClient, name: str, papers: dict[str, str]) -> None:
    """Print the papers of a sample that is loaded."""
    competition = db.session.scalars(select(Competition)).one()
    if name == PRINTED_TWICE:
        print_all(client, competition, papers)
        return
    for turn, language in enumerate(("zh", "en")):
        print_all(client, competition, dict(list(papers.items())[turn::2]), [language])


def open_every_page(
    client: FlaskClient,
    competition: Competition,
    language: str = "zh",
    pages: Sequence[str] = PAGES,
) -> None:
    """Open every page; none may fail, and none may lead in a circle."""
    first = db.session.scalar(
        select(Entrant.code).where(Entrant.competition_id == competition.id).limit(1)
    )
    unit = competition.units[0].code if competition.units else "nobody"
    for page in pages:
        address = page.format(code=competition.code, who=first or "nobody", unit=unit)
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code in (200, 404), (language, address, answer.status_code)
        page = (answer.status_code, answer.mimetype) == (200, "text/html")
        if page and "可以走下一步" in answer.text:
            assert '<p class="lead-label">' in answer.text, address
        if competition.kind == "labour" and page:
            assert f"/desk/{competition.code}/progress" not in answer.text, (language, address)
        if answer.status_code == 404:
            # A competition without people has no lists of them, one without modules no judging,
            # and departments enter and periods are closed in a labour competition alone.
            lists = competition.kind == "labour" or address.startswith(("/p/", "/log/check/"))
            results = address.removesuffix(".xlsx").endswith(
                ("/analysis", "/locks", "/progress/list", "/seating", "/standings", "/results")
            )
            nothing = results and not competition.events
            nobody = "/nobody/" in address or (first is None and address == "/desk/people/1")
            months = competition.kind != "labour" and (
                "/labour/" in address or "/departments" in address
            )
            unasked = "/events/changes/" in address or "/claims/people/" in address
            unasked |= address.endswith("/seating/settling")  # The chief judge's alone.
            evaluated = address.endswith(("/review", "/verdicts", "/verdicts.xlsx"))
            unasked |= evaluated and competition.kind != "evaluation"
            unasked |= competition.kind == "evaluation" and address.endswith(CONTESTS)
            # No sample is a practice.
            unasked |= address.endswith(("/practice", "/practice/codes"))
            # Sessions are overseen in an evaluation.
            unasked |= competition.kind != "evaluation" and address.endswith("/plan/reports")
            assert lists or nothing or nobody or months or unasked, (language, address)


@pytest.fixture
def admin(app: Flask, here: Flask) -> FlaskClient:
    """Somebody who may open everything."""
    return signed_in(app, create_account("管理员", is_admin=True))


@pytest.mark.parametrize("name", sample_names())
def test_while_it_is_judged(admin: FlaskClient, here: Flask, name: str) -> None:
    competition = load_sample(name)
    for language in ("zh", "en") if name in OF_EACH_KIND else ("zh",):
        admin.get(f"/language/{language}")
        pages = PAGES if name in OF_EACH_KIND else OWN
        open_every_page(admin, competition, language, pages)
    if competition.kind == "labour":
        print_all(admin, competition, LABOUR)


@pytest.mark.parametrize("name", [name for name in sample_names() if "labour" not in name])
def test_when_all_is_done(admin: FlaskClient, organiser: Account, name: str) -> None:
    competition = load_sample(name, organiser)
    announce(competition, organiser)
    if grade_decisions_of(competition):
        approve_all(competition, organiser)
        issue_grade_certificates(competition, body_for(competition), organiser, "急用")
    # As many awards as one page lists on its tabs are due on the others.
    due = unissued_awards(competition)
    tabs = [
        admin.get(f"/desk/{competition.code}/awards?show={show}").text
        for show in ("all", "teams", "items")
    ]
    tabs = [page for place, page in enumerate(tabs) if page not in tabs[:place]]
    listed = re.findall(r'class="award-head"><th[^>]*>.*? (\d+) [人个]', "".join(tabs))
    assert sum(map(int, listed)) == due
    for other in ("certificates", ""):
        page = admin.get(f"/desk/{competition.code}/{other}").text
        assert not due or re.search(rf"\b{due}(</b>)? 张", page), other
    if due:
        issue_award_certificates(competition, organiser, "急用")
    open_every_page(admin, competition, pages=PAGES if name in OF_EACH_KIND else OWN)
    print_sample(admin, name, AFTER)
    print_all(admin, competition, CHINESE, ["en"])


@pytest.mark.parametrize("name", [name for name in sample_names() if "labour" not in name])
def test_every_paper_prints_before_the_first_mark(
    admin: FlaskClient, organiser: Account, name: str
) -> None:
    bundle = sample(name)
    few = {"marks": (), "outcomes": (), "penalties": (), "times": ()}
    firsts = {entrant.event: entrant for entrant in reversed(bundle.entrants)}
    entrants = tuple(firsts[event.code] for event in bundle.events)
    competition = load_bundle(msgspec.structs.replace(bundle, entrants=entrants, **few))
    for event in competition.events:
        stage = rules_of(event).stages[0]
        for module in stage.modules:
            seats = [(judge, "") for judge in competition.judges[: module.panel.size]]
            assign_judges(event, stage.code, module.code, seats, organiser)
    open_judging(competition, organiser, "考评员在路上")
    print_sample(admin, name, BEFORE)


def test_every_door_to_a_paper_is_gone_through(app: Flask) -> None:
    assert doors(app) == {*BEFORE, *AFTER, *CHINESE, *LABOUR, *OF_LINKS}


def test_before_anything_has_happened(admin: FlaskClient, load: Callable[..., Competition]) -> None:
    from tests.support.small import small

    empty = small()
    empty["entrants"] = []
    open_every_page(admin, load(empty))


def test_before_anything_was_settled(admin: FlaskClient, organiser: Account) -> None:
    wanted = Beginnings(name="空的", code="EMPTY")
    open_every_page(admin, make_draft(blank(wanted), Origin.BLANK, "", organiser))


def test_the_demonstration_signs_its_five_people_in(app: Flask, here: Flask) -> None:
    assert len(load_samples(resource_dir("sample_events"))) == len(sample_names())
    assert load_samples(resource_dir("sample_events")) == []
    # Its issuing body may certify every sample's occupation, those without a code too.
    (body,) = bodies()
    for competition in db.session.query(Competition):
        assert may_issue_for(body, competition)
    # Of the year of labour the first quarter is announced, and no value of the next.
    year = app.test_client().get("/p/LB-2022")
    assert "一季度排名" in year.text
    assert app.test_client().get("/p/LB-2022/periods/M04").status_code == 404
    _show_more_than_competitions(app)
    _figures_of_papers_are_those_of_their_files()
    links = list(demo_links())
    assert len(links) == 7
    for link in links:
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        answer = client.post(f"/sign-in/{link.token}", follow_redirects=True)
        assert answer.status_code == 200
        assert link.name in answer.text
    # Whoever was closed is offered no link.
    with unit_of_work():
        db.session.query(Account).filter_by(name=links[1].name).one().active = False
    offered = [link.name for link in demo_links()]
    assert offered == [sign_in_link.name for sign_in_link in links if sign_in_link != links[1]]


def _show_more_than_competitions(app: Flask) -> None:
    """The year's series, what came of a winner elsewhere, mentors, as their pages say them."""
    desk = signed_in(app, db.session.query(Account).filter_by(name=ORGANISER).one())
    (series,) = db.session.query(Series)
    page = re.sub(r"<[^>]+>|\s+", " ", desk.get(f"/desk/series/{series.id}").text)
    words = " ".join(page.split())
    assert "62 站报了 2,000 场" in words
    assert "1,860,000 人次" in words
    assert "348 人合格 570 人考核 61.05%" in words
    assert "全国水利行业决赛 2,001 1,860,004" in words
    outside = desk.get("/desk/PUMP-2023/outside").text
    assert "第 4 名" in outside
    assert "算数" in outside
    assert "师徒 8 对" in " ".join(
        re.sub(r"<[^>]+>", " ", desk.get("/desk/mentorships").text).split()
    )


def _figures_of_papers_are_those_of_their_files() -> None:
    """The shares of questions and sections, worked out again from the files of examinations."""
    exams = exams_figured(db.session.query(Competition).all())
    assert exams
    for exam in exams:
        content = exam_file(exam)
        file = json.loads(content)
        questions = {row["code"]: row for row in file["questions"]}
        shares: dict[str, list[Fraction]] = {}
        for sitting in scored_exam(content).results.sittings:
            for item in sitting.items:
                if item.points is not None:
                    full = Fraction(questions[item.question]["points"])
                    shares.setdefault(item.question, []).append(Fraction(item.points) / full)
        shown = [it for it in items_of(exam) if share_of(it) is not None]
        assert shown
        sums: dict[str, list[Fraction]] = {}
        for it in shown:
            own = shares[it.question.code]
            assert len(own) == it.people
            assert abs(sum(own, Fraction(0)) / len(own) - (share_of(it) or 0)) <= Fraction(1, 1000)
            sums.setdefault(questions[it.question.code]["section"], []).extend(own)
        for section in sections_of(exam.paper.bank, [exam]):
            own = sums[section.code]
            assert abs(sum(own, Fraction(0)) / len(own) - section.share) <= Fraction(1, 1000)
