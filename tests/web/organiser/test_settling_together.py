"""Settling one after the other, and two at once: nobody overturns what he has not read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from compete.models import Account, Competition, db
from compete.services.accounts import create_account
from compete.services.certificates import settle
from compete.services.publication import consequences_of
from tests.support.second_day import certify, second_version, with_prizes
from tests.support.signing_in import signed_in

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
    said = "撤回了 1 件"
    seen = re.search(r'name="seen" value="(\w*)"', desk.get(f"{PAGE}?open={first}").text)
    assert seen is not None
    act = {"rows": first, "act": "withdraw", "reason": "", "seen": seen[1]}
    assert desk.post(PAGE, data=act).status_code == 302
    page = desk.get(f"{PAGE}?open={other}").text
    # The page stands at that row, far below its top.
    assert page.count(said) == 1
    assert page.index(f'id="row-{other}"') < page.index(said) < page.index('class="settle"')
