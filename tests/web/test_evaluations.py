"""An evaluation on pages: every one opens and ranks nobody; nobody learns who did not pass."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from compete.domain import read_bundle
from compete.domain.evaluation.verdicts import evaluate
from compete.domain.identity.masks import mask_name
from compete.domain.values.states import GradeState
from compete.models import Account, Certificate, Competition, Entrant, db
from compete.services.closing.competition_lock import left_locked
from compete.services.closing.grade_proposals import grade_decisions_of
from compete.services.kernel.refusal import Refused
from compete.services.results.contestants import find_by_badge
from compete.services.results.publishing import publish
from compete.services.results.result_moves import withdraw_notice
from tests.services.results.test_evaluations import settled
from tests.sheets.reading.files import id_of
from tests.support.announced import (
    agree_to_grades,
    announce,
    approve_all,
    body_for,
    end_appeals,
    lock,
    plain,
)
from tests.support.application import serving
from tests.support.browser import Visitor
from tests.support.issuing import issue_grade_certificates
from tests.support.signing_in import signed_in
from tests.support.sittings import correct, take_off

RANKED = re.compile(r"名次|第 ?\d+ ?名|奖项|获奖|一等奖|晋升")


def rules(app: Flask, under: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if str(rule).startswith(under) and "GET" in (rule.methods or ()):
            yield rule


def address(app: Flask, rule: Rule, competition: Competition) -> str:
    """The rule's address for the competition and the first person, official and event in it."""
    person = db.session.scalars(
        select(Entrant).where(Entrant.competition_id == competition.id)
    ).first()
    assert person is not None
    event = competition.events[0]
    known: dict[str, Any] = {
        "code": competition.code,
        "number": person.code,
        "token": person.badge_token,
        "event": event.code,
    }
    wanted = {
        name: 1
        if isinstance(kind, IntegerConverter)
        else min(kind.items)
        if isinstance(kind, AnyConverter)
        else known.get(name, "x")
        for name, kind in rule._converters.items()
    }
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, wanted))


def numbered() -> dict[str, Any]:
    """The same, everybody with a number of nobody's."""
    plain_file = settled()
    for place, entrant in enumerate(plain_file["entrants"], 1):
        entrant.setdefault("id_number", id_of(place))
    return plain_file


def with_more(count: int) -> dict[str, Any]:
    """The same, with so many more whose marks are those of one who passed."""
    plain_file = numbered()
    first = evaluate(read_bundle(json.dumps(plain_file).encode())).events[0]
    passed = next(row.entrant for row in first.verdicts if row.verdict == "pass")
    model = next(it for it in plain_file["entrants"] if it["code"] == passed)
    marks = [it for it in plain_file["marks"] if it["entrant"] == passed]
    for place in range(count):
        code = f"M{place:03}"
        plain_file["entrants"].append(model | {"code": code, "id_number": id_of(500 + place)})
        plain_file["marks"] += [mark | {"entrant": code} for mark in marks]
    return plain_file


def words(html: str) -> str:
    body = re.sub(
        r"<script.*?</script>|<template.*?</template>|<style.*?</style>", " ", html, flags=re.S
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def in_state(competition: Competition, organiser: Account, state: str) -> None:
    plain(competition)
    if state == "locked":
        lock(competition, organiser)
    if state in ("notice", "certified"):
        announce(competition, organiser)
    if state == "certified":
        end_appeals(competition)
        approve_all(competition, organiser)
        issue_grade_certificates(competition, body_for(competition), organiser, "急着上岗")


def test_whoever_is_led_to_ranks_or_awards_finds_the_verdicts(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(numbered())
    in_state(competition, organiser, "judging")
    desk, code = signed_in(app, organiser), competition.code
    event = competition.events[1].code
    for page in ("awards", "standings"):
        led = desk.get(f"/desk/{code}/{page}?event={event}")
        assert led.location == f"/desk/{code}/verdicts?event={event}"
    assert desk.post(f"/desk/{code}/lock", follow_redirects=True).status_code == 200
    publish(competition, organiser)
    end_appeals(competition)
    for step in ("publish", "awards/approve/proposed"):
        answer = desk.open(
            f"/desk/{code}/{step}",
            method="GET" if step == "publish" else "POST",
            follow_redirects=True,
        )
        assert (answer.status_code, answer.request.path) == (200, f"/desk/{code}/verdicts")


def test_a_level_whose_notice_was_withdrawn_says_so_and_the_other_keeps_its_days(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(numbered())
    in_state(competition, organiser, "notice")
    first, second = competition.events[:2]
    withdraw_notice(second, "漏了一个人", organiser)
    desk = signed_in(app, organiser)

    def head(event: str) -> str:
        page = desk.get(f"/desk/{competition.code}/verdicts?event={event}").text
        return words(page.split('class="page-head"')[1].split('class="acts"')[0])

    assert "公示中，到" in head(first.code)
    assert "公示已撤下" in head(second.code)
    assert "公示中" not in head(second.code)
    visitor, notice = here.test_client(), f"/p/{competition.code}/notice.pdf?event="
    assert visitor.get(notice + first.code).mimetype == "application/pdf"
    assert visitor.get(notice + second.code).mimetype == "text/html"
    assert "公示文件" in visitor.get(f"/p/{competition.code}?event={first.code}").text


def test_many_modules_that_stay_locked_are_one_row(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(numbered())
    in_state(competition, organiser, "notice")
    home = f"/desk/{competition.code}/unlock"
    opened = signed_in(app, organiser).post(home, data={"reason": "录错"}, follow_redirects=True)
    assert len(left_locked(competition)) > 3
    assert opened.text.count("去解锁") == 1


def test_a_correction_tells_how_many_marks_and_grades_moved_and_no_ranks(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(numbered())
    in_state(competition, organiser, "notice")
    passed = grade_decisions_of(competition, GradeState.PROPOSED)[0].person
    correct(competition, organiser, lambda: take_off(passed, "theory", 90))
    desk = signed_in(app, organiser)
    for page in ("consequences", "consequences/changes"):
        page_text = words(desk.get(f"/desk/{competition.code}/{page}").text.split("<main")[-1])
        assert "成绩 1 人变了" in page_text
        assert "等级 1 人变了" in page_text
        assert RANKED.findall(page_text) == []


def test_a_page_from_before_overwrites_no_approval(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(numbered())
    in_state(competition, organiser, "notice")
    end_appeals(competition)
    row = grade_decisions_of(competition, GradeState.PROPOSED)[0]
    desk, at = signed_in(app, organiser), f"/desk/{competition.code}/awards"
    shown = desk.get(f"/desk/{competition.code}/verdicts?event={row.event.code}").text
    assert 'name="seen" value="proposed"' in shown
    assert (
        desk.post(f"{at}/approve/{row.person.code}", data={"seen": "proposed"}).status_code == 302
    )
    assert agree_to_grades(competition) == 1
    stale = {"seen": "proposed", "reason": "等材料"}
    assert desk.post(f"{at}/hold/{row.person.code}", data=stale).status_code == 409
    db.session.expire_all()
    assert row.state is GradeState.APPROVED


@pytest.mark.parametrize("state", ["notice", "certified"])
def test_everybodys_page_on_the_desk_says_what_they_came_to(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account, state: str
) -> None:
    competition = load(numbered())
    in_state(competition, organiser, state)
    desk = signed_in(app, organiser)
    results = evaluate(read_bundle(json.dumps(numbered()).encode())).events
    got = {row.entrant for event in results for row in event.grades}
    verdict_words = {"pass": "合格", "fail": "不合格", "absent": "缺考", "dsq": "取消成绩"}
    rows = [row for event in results for row in event.verdicts]
    assert {row.verdict for row in rows} >= {"pass", "fail", "absent"}
    for row in rows:
        answer = desk.get(f"/desk/{competition.code}/entrants/{row.entrant}/")
        assert answer.status_code == 200, row.entrant
        page = words(answer.text.split("<main")[-1])
        assert f"结论 {verdict_words[row.verdict]}" in page, row.entrant
        assert ("拟认定" in page) == (row.entrant in got), row.entrant
        assert not RANKED.search(page), row.entrant


def test_nothing_public_tells_of_who_did_not_pass(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain_file = numbered()
    competition = load(plain_file)
    in_state(competition, organiser, "notice")
    results = evaluate(read_bundle(json.dumps(plain_file).encode()))
    got = {row.entrant for event in results.events for row in event.grades}
    others = [entrant for entrant in plain_file["entrants"] if entrant["code"] not in got]
    assert got
    assert others
    visitor = app.test_client()
    seen = ""
    for rule in rules(app, "/"):
        if str(rule).startswith(("/desk", "/static", "/c/", "/judge")):
            continue
        answer = visitor.get(address(app, rule, competition))
        assert answer.status_code < 500, rule
        if answer.status_code == 200 and "pdf" not in answer.content_type:
            seen += answer.get_data(as_text=True)
    for event in competition.events:
        seen += visitor.get(f"/p/{competition.code}?event={event.code}").text
    for entrant in others:
        assert f'"{entrant["code"]}"' not in seen
        assert f">{entrant['code']}<" not in seen
        assert f">{mask_name(entrant['name'])}<" not in seen or any(
            mask_name(entrant["name"]) == mask_name(it["name"])
            for it in plain_file["entrants"]
            if it["code"] in got
        )
    assert not RANKED.search(words(visitor.get(f"/p/{competition.code}").text))
    passed = json.loads(visitor.get(f"/p/{competition.code}/bundle.json").data)
    assert passed["format"] == "compete-passed/1"
    assert {row["entrant"] for event in passed["events"] for row in event["passed"]} == got


def test_the_levels_of_those_who_passed_add_up_and_a_search_names_one(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(numbered())
    in_state(competition, organiser, "notice")
    visitor = here.test_client()
    page = visitor.get(f"/p/{competition.code}").text
    levels = page[page.index('id="levels"') : page.index('id="people"')]
    total = int(re.search(r"(\d+) 人合格", levels)[1])
    counts = [int(n) for n in re.findall(r"> *[^<>]*? (\d+)</a>", levels)] or [total]
    assert total > 0
    assert sum(counts) == total
    first = competition.events[0].code
    people = visitor.get(f"/p/{competition.code}?event={first}").text
    numbers = re.findall(r'<span class="under at-phone">([^<]+)</span>', people)
    asked = visitor.get(f"/p/{competition.code}?event={first}&q={numbers[0]}").text
    assert re.findall(r'<span class="under at-phone">([^<]+)</span>', asked) == numbers[:1]


def test_the_own_page_says_what_is_short_and_whoever_passed_reads_of_the_grade(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(numbered())
    in_state(competition, organiser, "certified")
    verdicts = {
        row.entrant: row
        for event in evaluate(read_bundle(json.dumps(numbered()).encode())).events
        for row in event.verdicts
    }
    visitor = app.test_client()
    pages: dict[str, str] = {}
    for person in db.session.scalars(select(Entrant)):
        assert find_by_badge(person.badge_token) is person
        shown = visitor.get(f"/c/{person.badge_token}").text
        # No ranks are worked out again here: the link leads on by itself, without a script.
        assert 'data-part="prove"' not in shown
        page = words(shown)
        assert not RANKED.search(page), person.code
        pages[verdicts[person.code].verdict] = page
        if verdicts[person.code].verdict == "fail":
            assert "分" in page
        grade_less = verdicts[person.code].verdict == "pass" and not verdicts[person.code].eligible
        assert ("考试合格，这次没有认定" in page) == grade_less
    assert "不合格" in pages["fail"]
    assert "已认定" in pages["pass"] or "没有认定" in pages["pass"]
    issued = db.session.scalars(select(Certificate)).all()
    assert issued
    assert {row.face["ground"] for row in issued} == {"考核认定"}
    book = signed_in(app, organiser).get(f"/desk/{competition.code}/certificates")
    assert "考核认定" in book.text


def test_no_grade_of_a_firms_own_goes_out_before_it_is_final(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(numbered())
    in_state(competition, organiser, "notice")
    end_appeals(competition)
    approve_all(competition, organiser)
    body = body_for(competition)
    with pytest.raises(Refused, match="理由"):
        issue_grade_certificates(competition, body, organiser)
    assert issue_grade_certificates(competition, body, organiser, "急着上岗")


def test_a_phone_has_the_first_of_those_who_passed_and_what_to_do_at_its_foot(
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    visitor: Callable[..., Visitor],
    picture: Callable[..., Path],
) -> None:
    competition = load(with_more(20))
    in_state(competition, organiser, "notice")
    with serving(here) as address:
        page = visitor("phone").page()
        page.goto(f"{address}/p/{competition.code}")
        picture(page, "passed-phone")
        rows = page.locator("#people tbody tr").filter(visible=True)
        all_of_them = page.locator("#people tbody tr").count()
        assert rows.count() == 6 < all_of_them
        foot = page.locator(".results-foot")
        expect(foot.get_by_role("link", name="有意见")).to_be_visible()
        foot.get_by_role("link", name="有意见").click()
        expect(page.locator("#opinions")).to_be_in_viewport()
        page.get_by_role("link", name=f"看全部 {all_of_them} 人").click()
        assert rows.count() == all_of_them
