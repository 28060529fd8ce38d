"""The opened row of the standings: who is ahead, and by what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from compete.domain.bundle import read_bundle
from compete.domain.scoring import Scorer
from compete.web.conditions import describe_conditions
from compete.web.organiser.standings.explained_row import describe_explained_row, why_refused

FORKLIFT = Path(__file__).parents[2] / "examples/port-forklift.bundle.json"


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(read_bundle(FORKLIFT.read_bytes()))


def results_of(app: Flask, scorer: Scorer, code: str, language: str = "zh") -> list[str]:
    people = {entrant.code: entrant for entrant in scorer.bundle.entrants}
    with app.test_request_context(headers={"Cookie": f"lang={language}"}):
        row = describe_explained_row(scorer, code, people, 1)
    assert row.compare is not None
    return [line.result for line in row.compare.rows]


@pytest.mark.parametrize("code", ["B14", "B07"])
def test_the_one_ahead_is_named_with_both_values(app: Flask, scorer: Scorer, code: str) -> None:
    names = {entrant.code: entrant.name for entrant in scorer.bundle.entrants}
    last = results_of(app, scorer, code)[-1]
    assert last == f"{names['B14']} 在前：实操成绩 95.00 > 94.00"
    assert results_of(app, scorer, code, "en")[-1].startswith(f"{names['B14']} is ahead: ")


def test_conditions_give_the_facts(app: Flask, scorer: Scorer) -> None:
    plain = json.loads(FORKLIFT.read_bytes())
    event = plain["events"][0]
    event["grades"] = [
        {
            "code": "r",
            "cite": "r",
            "when": {
                "levels": ["national-1", "national-2", "provincial-1", "provincial-2"],
                "awards": ["first"],
                "once_a_year": True,
            },
            "grant": {"to": 3},
        }
    ]
    other = Scorer(read_bundle(json.dumps(plain).encode()))
    code = event["code"]
    grades = other.events[code].grades
    reason = grades.reasons(grades.people("B14")[0])[0]
    with app.test_request_context():
        lines = describe_conditions(reason.conditions, other, code, "B14")
    assert [(line.wanted, line.found) for line in lines] == [
        ("竞赛级别是省级及以上", "省级二类"),
        ("得奖是一等奖", "三等奖"),
        ("本年度未因竞赛晋升", "符合"),
    ]


@pytest.mark.parametrize(
    ("groups", "max_total", "said"),
    [(["student"], None, None), (["worker"], "99.99", "总成绩 99.99 以上")],
)
def test_a_rule_for_another_group_is_no_reason_to_give(
    app: Flask, groups: list[str], max_total: str | None, said: str | None
) -> None:
    plain = json.loads(FORKLIFT.read_bytes())
    when = {"groups": groups, "max_rank": 50} | ({"min_total": max_total} if max_total else {})
    rule = {"code": "r", "cite": "r", "when": when, "grant": {"up": 1}}
    plain["events"][0]["grades"] = [rule]
    with app.test_request_context():
        why = why_refused(Scorer(read_bundle(json.dumps(plain).encode())), "B07")
    assert (why or "").startswith(said) if said else why is None
