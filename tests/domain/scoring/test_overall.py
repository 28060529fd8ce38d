"""Tables over several events: worked by hand, explained, shown."""

from __future__ import annotations

import json
from typing import Any

from compete.commands.tables import results_tables
from compete.domain import read_bundle, score
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.tree import explain
from tests.domain.scoring.build import Plain, bundle, event, module, people, stage, totals


def two_events(**overall: Any) -> Bundle:
    """P1 to P3 in one event, Q1 to Q3 in another; U2 stands below U1."""
    first = event(stage(module()), scale={"of": 30})
    whole = bundle(first, people(3), totals(P1=90, P2=80, P3=70))
    text = json.dumps(bundle(first, people(3), totals(P1=60, P2=60, P3=50)))
    other: Plain = json.loads(text.replace('"P', '"Q').replace(f'"{first["code"]}"', '"F"'))
    whole["units"] = [
        {"code": "U1", "name": "一"},
        {"code": "U2", "name": "二", "parent": "U1"},
        {"code": "U3", "name": "三"},
    ]
    for key in ("entrants", "events", "marks"):
        whole[key] = [*whole[key], *other[key]]
    for person, unit in zip(whole["entrants"], ["U1", "U2", "U3", "U2", "U3", "U3"], strict=True):
        person["unit"] = unit
    whole["format"] = "compete-bundle/2"
    whole["overall"] = [{"code": "all", "name": "总分表", **overall}]
    return read_bundle(json.dumps(whole).encode())


def rows(**overall: Any) -> list[tuple[str, int | None, str | None, list[int], int]]:
    results = score(two_events(**overall)).overall
    assert results is not None
    (table,) = results
    return [(it.unit, it.rank, it.value, it.medals, it.events) for it in table.standings]


RANKS = {"by": "ranks", "points": {"1": 9, "2": "6.5"}}


def test_units_are_ranked_by_the_points_of_their_peoples_ranks() -> None:
    # U1: P1 9. U2: P2 6.5, Q1 9. U3: P3 0, Q2 9 (shares the first), Q3 0.
    assert rows(**RANKS) == [
        ("U2", 1, "15.50", [1, 1, 0], 2),
        ("U1", 2, "9.00", [1, 0, 0], 1),
        ("U3", 2, "9.00", [1, 0, 2], 2),
    ]
    assert [row[:3] for row in rows(**RANKS, ties=["events"])] == [
        ("U2", 1, "15.50"),
        ("U3", 2, "9.00"),
        ("U1", 3, "9.00"),
    ]
    assert [row[:3] for row in rows(**RANKS, least_events=2)] == [
        ("U2", 1, "15.50"),
        ("U3", 2, "9.00"),
        ("U1", None, "9.00"),
    ]


def test_the_mean_is_of_those_that_count() -> None:
    # U3: P3 70, then of Q2 60 and Q3 50 the better one.
    table_rows = rows(by="totals", method="mean", best=1, places=1)
    assert [row[:3] for row in table_rows] == [
        ("U1", 1, "90.0"),
        ("U2", 2, "70.0"),
        ("U3", 3, "65.0"),
    ]


def test_a_delegation_is_the_unit_at_the_top() -> None:
    assert rows(by="medals", who="delegations") == [
        ("U1", 1, None, [2, 1, 0], 2),
        ("U3", 2, None, [1, 0, 2], 2),
    ]


def test_standard_scores_of_both_events_are_added_up() -> None:
    # Variance 200 ÷ 3: 10 ÷ 8.165 × 30 = 36.7. Of 60, 60, 50: median 60, so 700, 700, 636.
    assert [row[:3] for row in rows(by="scaled", places=0)] == [
        ("U3", 1, "1999"),
        ("U2", 2, "1400"),
        ("U1", 3, "737"),
    ]


def test_what_an_entrant_brings_is_told_and_the_table_is_printed() -> None:
    contest = two_events(**RANKS)
    sentences = [str(step.text) for _, step in every_step(explain(contest, "Q1").steps)]
    assert sentences[-1] == "总表“总分表”：给 U2 带来 9，它的是 15.50，第 1 名"
    table = results_tables(contest, score(contest), None)
    assert "总表：总分表" in table
    (line,) = (table_line for table_line in table.splitlines() if "15.50" in table_line)
    assert line.split() == ["1", "U2", "二", "15.50", "1", "1", "0", "2"]
    assert any("标准分 737" in text for text in step_texts(contest, "P1"))
    assert any("737" in table_line and "90.00" in table_line for table_line in table.splitlines())


def step_texts(contest: Bundle, code: str) -> list[str]:
    return [str(step.text) for _, step in every_step(explain(contest, code).steps)]
