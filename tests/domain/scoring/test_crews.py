"""Crews: several people in one place, and what of it is each one's own."""

from __future__ import annotations

from typing import Any

import pytest

from compete.domain.bundle.crews import birth_of, participants, people_in
from compete.domain.bundle.reading import read_bundle
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.tree import explain
from tests.domain.bundle.sample import crew, refused, skills
from tests.domain.scoring.build import (
    Plain,
    bundle,
    entrant,
    event,
    module,
    ranks,
    results_of,
    scored,
    stage,
    totals,
)


def member(code: str, **keys: Any) -> Plain:
    return {"code": code, "name": f"成员{code}", **keys}


def manned(code: str, *members: Plain, **keys: Any) -> Plain:
    return entrant(code, members=list(members), **keys)


PAIR = manned("C1", member("a", grade=5), member("b", grade=4))


def graded(rule: Plain, *entrants: Plain, year: int = 2026) -> Plain:
    the_event = event(stage(module()), grades=[{"code": "r", "cite": "r", **rule}])
    points = {entrant["code"]: 90 - place for place, entrant in enumerate(entrants)}
    return scored(the_event, list(entrants), totals(**points), competition={"year": year})


def promoted(results: Plain) -> list[tuple[str, str | None, int]]:
    return [(row["entrant"], row.get("member"), row["grade"]) for row in results["grades"]]


def test_a_rule_is_for_main_members_unless_it_says_otherwise() -> None:
    alone = entrant("P2", grade=5)
    rule: Plain = {"grant": {"up": 1}}
    assert promoted(graded(rule, PAIR, alone)) == [("C1", "a", 4), ("P2", None, 4)]
    rule["when"] = {"roles": ["assistant"]}
    assert promoted(graded(rule, PAIR, alone)) == [("C1", "b", 3)]
    rule["when"] = {"roles": ["main", "assistant"]}
    assert promoted(graded(rule, PAIR, alone)) == [("C1", "a", 4), ("C1", "b", 3), ("P2", None, 4)]


def test_holds_once_a_year_and_groups_look_at_the_member() -> None:
    both = {"roles": ["main", "assistant"]}
    pair = manned(
        "C1",
        member("a", grade=5, promoted=2026),
        member("b", grade=4, group="student"),
        group="teacher",
    )
    to = {"to": 2}
    assert promoted(graded({"when": {**both, "holds": {"at_least": 4}}, "grant": to}, pair)) == [
        ("C1", "b", 2)
    ]
    assert promoted(graded({"when": {**both, "once_a_year": True}, "grant": to}, pair)) == [
        ("C1", "b", 2)
    ]
    assert promoted(graded({"when": {**both, "groups": ["teacher"]}, "grant": to}, pair)) == [
        ("C1", "a", 2)
    ]


def test_titles_come_in_the_members_order_once_for_each() -> None:
    rule: Plain = {"when": {"roles": ["assistant", "main"]}, "grant": {"titles": ["能手", "能手"]}}
    results = graded(rule, PAIR)
    assert [(row["member"], row["title"]) for row in results["honours"]] == [
        ("a", "能手"),
        ("b", "能手"),
    ]
    assert results["grades"] == []


def test_reasons_tell_the_role_of_who_is_in_a_crew() -> None:
    [row] = graded({"grant": {"to": 3}}, PAIR)["grades"]
    assert row["reasons"][0]["conditions"] == [
        {"key": "roles", "wanted": ["main"], "found": "main", "held": True}
    ]
    [row] = graded({"grant": {"to": 3}}, entrant("P1"))["grades"]
    assert row["reasons"][0]["conditions"] == []


def test_ages_are_those_of_the_first_main_members() -> None:
    old, young = "1980-01-01", "1999-01-01"
    first = manned("C1", member("a", birth=old, role="assistant"), member("b", birth=young))
    second = manned("C2", member("c", birth=young), member("d", birth=old, role="main"))
    nobody = manned("C3", member("e", birth=old, role="assistant"), member("f", birth=old))
    third = entrant("P4", birth="1990-01-01")
    the_event = event(stage(module()), ranking={"ties": ["age:older"]})
    equal = totals(C1=80, C2=80, C3=80, P4=80)
    results = scored(the_event, [first, second, nobody, third], equal)
    # Nobody in C1 is main unless it says so: its second member is an assistant by default.
    assert ranks(results["standings"]) == {"P4": 1, "C2": 2, "C1": 3, "C3": 3}


def test_a_crew_is_one_member_of_its_team_and_as_many_people_as_it_has() -> None:
    rule = {"best": 2, "min_members": 4}
    teams = [{"code": "T", "name": "队", "event": "E", "unit": "U"}]
    the_event = event(stage(module()), team_ranking=rule)
    crewed = [{**PAIR, "team": "T"}, entrant("P2", team="T"), entrant("P3", team="T")]
    points = totals(C1=90, P2=80, P3=70)
    [row] = scored(the_event, crewed, points, teams=teams)["teams"]
    assert (row["rank"], row["members"], row["total"]) == (1, ["C1", "P2"], "170.00")
    [row] = scored(the_event, crewed[:2], points[:2], teams=teams)["teams"]
    assert (row["rank"], row["total"]) == (None, "170.00")


WRONG: list[tuple[Plain, str, str]] = [
    ({"members": crew()[:1]}, "entrants[3].members", "2 名"),
    ({"grade": 3}, "entrants[3].grade", "成员"),
    ({"id_number": "1"}, "entrants[3].id_number", "成员"),
    ({"promoted": 2020}, "entrants[3].promoted", "成员"),
    ({"phone": "1"}, "entrants[3].phone", "成员"),
    ({"gender": "男"}, "entrants[3].gender", "成员"),
    ({"birth": "1990-01-01"}, "entrants[3].birth", "成员"),
]


@pytest.mark.parametrize(("keys", "place", "words"), WRONG)
def test_what_a_crew_can_not_be(keys: Plain, place: str, words: str) -> None:
    plain = skills()
    plain["entrants"][3] |= keys
    assert words in refused(plain)[place]


@pytest.mark.parametrize(
    ("code", "place", "where"),
    [
        ("E1", "entrants[3].members[0].code", "entrants[0]"),
        ("E4", "entrants[3].members[0].code", "entrants[3]"),
        ("E4b", "entrants[3].members[1].code", "entrants[3].members[0]"),
    ],
)
def test_a_members_code_is_nobody_elses(code: str, place: str, where: str) -> None:
    plain = skills()
    plain["entrants"][3]["members"][0]["code"] = code
    assert where in refused(plain)[place]


def test_marks_are_the_crews_not_a_members() -> None:
    plain = skills()
    plain["marks"][-1]["entrant"] = "E4a"
    assert "E4a" in refused(plain)["marks[9].entrant"]


def test_no_members_are_the_same_as_none_given() -> None:
    plain = skills()
    plain["entrants"][0] |= {"members": [], "grade": 4}
    assert refused(plain) == {}
    plain["entrants"][3] |= {"grade": None, "birth": None, "group": "teacher"}
    assert refused(plain) == {}


def test_the_people_of_an_entrant() -> None:
    contest = read_bundle_of(manned("C1", member("a"), member("b", role="main"), group="teacher"))
    people = participants(contest)
    assert [(person.member, person.role, person.group) for person in people] == [
        ("a", "main", "teacher"),
        ("b", "main", "teacher"),
    ]
    assert (people_in(contest), birth_of(contest)) == (2, None)
    alone = read_bundle_of(entrant("P1", grade=3, birth="1990-01-01"))
    [participant] = participants(alone)
    assert (participant.member, participant.role, participant.grade, people_in(alone)) == (
        None,
        "main",
        3,
        1,
    )
    assert birth_of(alone) == participant.birth


def read_bundle_of(the_event: Plain) -> Any:
    import json

    plain = bundle(event(stage(module())), [the_event], [])
    return read_bundle(json.dumps(plain).encode()).entrants[0]


@pytest.mark.parametrize("code", ["C1", "b"])
def test_an_explanation_tells_each_member(code: str) -> None:
    import json

    rule: Plain = {"code": "r", "when": {"roles": ["assistant"]}, "grant": {"to": 3}}
    the_event = event(stage(module()), grades=[rule])
    plain = bundle(the_event, [PAIR], totals(C1=90))
    explanation = explain(read_bundle(json.dumps(plain).encode()), code)
    sentences = [step.text.render() for _, step in every_step(explanation.steps)]
    assert explanation.code == "C1"
    assert any(text.startswith("成员a（a，主选手）：没有晋升") for text in sentences)
    assert any(text.startswith("成员b（b，辅助选手）：由中级工晋升为高级工") for text in sentences)
    assert results_of(plain)["grades"][0]["member"] == "b"
