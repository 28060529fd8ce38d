"""Settling one after the other, and two at once: nobody overturns what he has not read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.certificates.settling import settle
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.module_locks import lock_module
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.results.consequences import consequences_of, open_consequences
from tests.support.announced import plain, reopen
from tests.support.second_day import certify, person, second_version, with_prizes
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

PAGE = "/desk/X/consequences"


@pytest.fixture
def second(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    second_version(competition, organiser)
    return competition


def test_what_another_settled_meanwhile_is_not_overturned_unread(
    app: Flask, second: Competition, organiser: Account
) -> None:
    row = next(row for row in consequences_of(second) if row.kind == "award" and row.now)
    desk = signed_in(app, organiser)
    opened = desk.get(f"{PAGE}?open={row.id}").text
    mark = rf'name="rows" value="{row.id}"><input type="hidden" name="seen" value="(.*?)"'
    seen = re.search(mark, opened)
    assert seen is not None
    settle([row], "replace", create_account("郑华"))
    stale = {"rows": str(row.id), "act": "keep", "reason": "仲裁维持", "seen": seen[1]}
    answer = desk.post(PAGE, data=stale)
    assert (answer.status_code, "刚被别人定过" in answer.text) == (409, True)
    assert "仲裁维持" in answer.text
    db.session.refresh(row)
    assert row.state == "replaced"
    now = re.search(mark, answer.text)
    assert now is not None
    assert desk.post(PAGE, data=stale | {"seen": now[1].replace("&#43;", "+")}).status_code == 302


def test_what_was_settled_is_said_beside_the_row_that_is_opened_next(
    app: Flask, second: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    first, other = (row.id for row in consequences_of(second)[:2])
    sentence = "撤回了 1 件"
    seen = re.search(r'name="seen" value="(\w*)"', desk.get(f"{PAGE}?open={first}").text)
    assert seen is not None
    act = {"rows": first, "act": "withdraw", "reason": "", "seen": seen[1]}
    assert desk.post(PAGE, data=act).status_code == 302
    page = desk.get(f"{PAGE}?open={other}").text
    # The page stands at that row, far below its top.
    assert page.count(sentence) == 1
    assert page.index(f'id="row-{other}"') < page.index(sentence) < page.index('class="settle"')


def test_all_that_is_open_is_settled_as_the_version_has_it_with_exceptions(
    app: Flask, second: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    rows = consequences_of(second)
    page = desk.get(PAGE).text.split("照第 2 版全办")[1]
    offered = re.findall(r'name="rows" value="(\d+)" checked', page)
    assert offered == [str(row.id) for row in rows]
    left = rows[-1]
    chosen = [number for number in offered if number != str(left.id)]
    assert desk.post(PAGE, data={"act": "given", "rows": chosen}).status_code == 302
    db.session.expire_all()
    assert open_consequences(second) == 1
    assert left.state == "open"
    assert {row.state for row in rows if row is not left} == {"withdrawn", "replaced"}
    assert desk.post(PAGE, data={"act": "given"}).status_code == 400


def test_before_a_version_goes_out_it_is_told_how_many_certificates_it_moves(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    certify(competition, organiser)
    reopen(competition, organiser)
    wanted = Proposal("penalty", "S", "m", "工具掉落", "录像 3:10", points="1")
    decision = propose_decision(person(competition, "P2"), wanted, official(competition, "C1"))
    confirm_proposal(decision, official(competition, "S1"))
    lock_marks(competition, organiser)
    page = signed_in(app, organiser).get("/desk/X/publish").text
    assert "已发的证书里 1 张和这一版不一样" in page
    assert "其中 1 张奖项和等级不变" in page


def test_who_leaves_is_refused_before_reason_and_evidence_are_asked_for(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    assert 'id="withdraw-evidence"' in desk.get("/desk/X/entrants/P1/").text
    plain(competition)
    lock_module(competition.events[0], "S", "m", organiser)
    page = desk.get("/desk/X/entrants/P1/").text
    assert 'id="withdraw-evidence"' not in page
    assert "已经锁定，要改先由两个人解锁" in page.split('id="withdraw"')[1]
