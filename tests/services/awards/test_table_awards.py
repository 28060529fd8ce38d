"""Awards that units get for their place in a table over several events: 团体一等奖."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.models import Account, Competition, Distinction
from compete.services.awards.nominated_awards import (
    Nominee,
    agree_distinction,
    change_rules,
    propose_distinctions,
)
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.kernel.competition_settings import DistinctionRule
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.results.consequences import consequences_of
from compete.services.results.given_by_hand import standing_of
from tests.domain.scoring.test_overall import RANKS, two_events
from tests.services.awards.test_nominated_awards import certificate_of
from tests.support.announced import announce
from tests.support.second_day import second_version
from tests.support.signing_in import official, signed_in

FIRST = "团体一等奖"


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Competition:
    """U2 with 15.5 is first in the table, U3 second, U1 third."""
    plain: dict[str, Any] = json.loads(write_bundle(two_events(**RANKS, ties=["events"])))
    plain["overall"][0]["name"] = "代表队总分"
    for person, name in zip(plain["entrants"], "王李张赵钱孙", strict=True):
        person["name"] = f"{name}小明"
    plain["judges"] += [
        {"code": "C1", "name": "沈国梁", "role": "chief"},
        {"code": "S1", "name": "卞志强", "role": "supervisor"},
    ]
    competition = load(plain)
    change_rules(competition, (DistinctionRule(FIRST, DistinctionKind.UNIT),), organiser)
    return competition


def nominate(competition: Competition, by: Account, *units: str) -> list[Distinction]:
    people = [Nominee(code) for code in units]
    return propose_distinctions(competition, FIRST, people, "规程第 9 条", by, table="all")


def granted(competition: Competition, by: Account, *units: str) -> list[Distinction]:
    rows = nominate(competition, by, *units)
    for row in rows:
        agree_distinction(row, official(competition, "S1"))
    return rows


def test_a_unit_gets_it_for_its_published_place(contest: Competition, organiser: Account) -> None:
    with pytest.raises(Refused, match="公布以后"):
        nominate(contest, organiser, "U2")
    announce(contest, organiser)
    with pytest.raises(Refused, match="没有名次"):
        propose_distinctions(contest, FIRST, [Nominee("U2")], "规程", organiser, table="none")
    (row,) = granted(contest, organiser, "U2")
    basis = {"table": "all", "named": "代表队总分", "rank": 1, "total": "15.50", "version": 1}
    assert row.basis == basis
    issue_award_certificates(contest, organiser, "急用")
    face = certificate_of(row).face
    assert (face["award"], face["rank"], face["total"]) == (FIRST, 1, "15.50")


@pytest.mark.parametrize("certified", [True, False])
def test_a_new_version_takes_it_from_who_is_behind_that_place(
    contest: Competition, organiser: Account, certified: bool
) -> None:
    announce(contest, organiser)
    lost, kept = granted(contest, organiser, "U2", "U3")
    if certified:
        issue_award_certificates(contest, organiser, "急用")
    second_version(contest, organiser, "Q1")
    publication = latest_publication(contest)
    assert publication is not None
    taken = standing_of(lost, publication)
    assert taken.lost
    assert str(taken.ground and taken.ground.words) == "代表队总分 第 1 → 第 3 名"
    better = standing_of(kept, publication)
    assert (better.lost, better.place and better.place.rank) == (False, 1)
    by_hand = {
        row.certificate.distinction_id if row.certificate else row.why["distinction"]: row.now
        for row in consequences_of(contest)
        if row.certificate is None or row.certificate.distinction_id
    }
    assert by_hand[lost.id] is None
    # Where a paper is out it bears the place, which is a better one now.
    moved = by_hand.get(kept.id)
    assert (moved and moved["rank"]) == (1 if certified else None)


def test_who_fell_behind_before_the_second_word_is_not_granted_it(
    contest: Competition, organiser: Account
) -> None:
    announce(contest, organiser)
    first, second = nominate(contest, organiser, "U2", "U3")
    second_version(contest, organiser, "Q1")
    with pytest.raises(Refused, match="第 1 名，现在是第 3 名"):
        agree_distinction(first, official(contest, "S1"))
    agree_distinction(second, official(contest, "S1"))
    assert (first.state, second.state) == (DistinctionState.PROPOSED, DistinctionState.GRANTED)
    assert second.basis is not None
    assert (second.basis["rank"], second.basis["version"]) == (1, 2)


def test_the_page_offers_tables_and_says_places(
    app: Flask, contest: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    address = f"/desk/{contest.code}/distinctions"
    assert "照哪张总表的名次" not in desk.get(address).text
    announce(contest, organiser)
    page = desk.get(address).text
    assert "照哪张总表的名次" in page
    assert page.index("代表队总分第 1 名") < page.index("代表队总分第 2 名")
    sent = {"title": FIRST, "people": ["U2"], "table": "all", "reason": "规程第 9 条"}
    page = desk.post(f"{address}/nominate", data=sent, follow_redirects=True).text
    assert "代表队总分 第 1 名，按第 1 版" in page
