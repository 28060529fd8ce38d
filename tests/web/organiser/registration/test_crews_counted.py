"""Where crews take part, crews are counted: 个组合, by one function for the word."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

import compete
from compete.domain.bundle.crews import crewed, heads
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.tree import explain
from compete.domain.values.messages import Message
from compete.domain.values.roles import Role
from compete.domain.values.states import CheckInKind
from compete.models import Account, Competition, utc_now
from compete.services.kernel.participants import crewed_in
from compete.services.registration.officials import add_official
from compete.services.results.change_counts import VersionChanges
from compete.services.results.publishing import publish
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins
from compete.web.organiser.certificates.consequences import views
from tests.support.announced import lock
from tests.support.second_day import person
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, read, small
from tools.translations import catalogue_path

PEOPLE, CREWS = frozenset({False}), frozenset({True})


def crews(how_many: int) -> dict[str, object]:
    """Of the four the first so many are crews of two."""
    plain = small(all_marks())
    for entrant in plain["entrants"][:how_many]:
        entrant.pop("id_number", None)
        code = entrant["code"]
        entrant["members"] = [{"code": f"{code}{n}", "name": f"队员{n}"} for n in "甲乙"]
    return plain


@pytest.mark.parametrize(
    ("how_many", "kinds", "head_count"),
    [(0, PEOPLE, "4 人"), (4, CREWS, "4 个组合"), (1, PEOPLE | CREWS, "4 人（组合）")],
)
def test_pages_and_explanations_count_what_takes_part(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    how_many: int,
    kinds: frozenset[bool],
    head_count: str,
) -> None:
    plain = crews(how_many)
    bundle = read(plain)
    assert crewed(bundle.entrants) == kinds
    assert str(heads(4, kinds)) == head_count
    assert any(f"共 {head_count}有名次" in line for line in map(str, lines_of(bundle)))
    competition = load(plain)
    assert crewed_in(competition) == crewed_in(competition, competition.events[0]) == kinds
    desk, code = signed_in(app, organiser), "P1"
    lock(competition, organiser)
    assert f"{head_count}有名次" in desk.get("/desk/X/publish").text
    publish(competition, organiser)
    visitor = app.test_client()
    assert f"共 {head_count}" in visitor.get("/p/X").text
    token = person(competition, code).badge_token
    assert f"{head_count}参评" in visitor.get(f"/c/{token}").text
    assert f"{head_count}参评" in desk.get(f"/desk/X/entrants/{code}/").text


def lines_of(bundle: Bundle) -> list[Message]:
    return [step.text for _path, step in every_step(explain(bundle, "P1").steps)]


def test_nobody_says_people_where_crews_may_be_ranked() -> None:
    """These counts go through `heads`; a sentence with its own word would say people of crews."""
    text = catalogue_path(Path(compete.__file__).parent.parent, "en").read_text(encoding="utf-8")
    own = re.compile(r'^msgid ".*%\(\w+\)s 人(?:有名次；|参评|没有工位")', re.MULTILINE)
    assert own.findall(text) == []


@pytest.mark.parametrize(
    ("how_many", "sentence"), [(0, "个人 2"), (4, "2 个组合"), (1, "2 人（组合）")]
)
def test_what_moved_between_versions_counts_crews(
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
    how_many: int,
    sentence: str,
) -> None:
    competition = load(crews(how_many))
    lock(competition, organiser)
    moved = VersionChanges(ranks=2, awards=2, team_awards=0, grades=0)
    monkeypatch.setattr(views, "changes_of", lambda _publication: moved)
    with here.test_request_context():
        facts = views.summary(publish(competition, organiser))
    assert facts[1][1] == sentence
    assert facts[0][1] == f"{heads(2, crewed_in(competition))}变了"


PAGES = (
    *("", "entrants", "draws", "arrivals", "floor", "judges", "standings", "awards", "decisions"),
    *("recheck", "events", "self-entry", "conditions", "units", "publish"),
)
COUNTED = re.compile(r"[^<>]*\d+ 人[^<>]*")
PEOPLE_THERE = re.compile(r"8 人|组合|裁判|考评|单位")
"""The eight people of four crews are people; officials, and those of a unit, are too."""


def test_pages_of_a_competition_of_crews_count_no_crew_as_people(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(crews(4))
    desk = signed_in(app, organiser)
    add_official(competition, Role.CLERK, "丁一鸣", organiser)
    wrong_counts = {}
    for when in ("before", "checked in", "published"):
        if when == "checked in":
            seen = tuple(member.code for member in person(competition, "P1").members)
            act = CheckInIn(
                uuid=str(uuid4()),
                kind=CheckInKind.PASSED,
                entrant="P1",
                stage="S",
                at=utc_now(),
                compared=True,
                seen=seen,
            )
            assert take_check_ins(competition, [act], organiser).refused == []
        if when == "published":
            lock(competition, organiser)
            publish(competition, organiser)
        for page in PAGES:
            answer = desk.get(f"/desk/X/{page}", follow_redirects=True)
            assert answer.status_code == 200, page
            for count_text in COUNTED.findall(answer.text):
                if not PEOPLE_THERE.search(count_text):
                    wrong_counts[when, page] = count_text.strip()
    assert wrong_counts == {}
    assert "4 个组合" in desk.get("/desk/").text
    english = app.test_client()
    english.set_cookie("lang", "en")
    assert "4 in all (crews)" in english.get("/p/X").text
