"""Two teams with one total: which tie key put them in order, or that they share a place."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.ties import any_parted, explain_ties
from compete.domain.explanation.tree import explain
from compete.domain.scoring.scorer import Scorer

SCORES = {"A1": ("T1", 90, 100), "A2": ("T1", 70, 120), "B1": ("T2", 80, 90), "B2": ("T2", 80, 95)}


def contest(ties: list[str], scores: dict[str, tuple[str, int, int]] = SCORES) -> Bundle:
    """Two teams of two, a score of 100 and a time each."""
    module = {
        "code": "m",
        "name": "实操",
        "weight": 100,
        "full": 100,
        "aspects": [{"code": "a", "name": "成品", "type": "score", "max": 100}],
    }
    event: dict[str, Any] = {
        "code": "E",
        "name": "叉车司机",
        "stages": [{"code": "S", "name": "决赛", "modules": [module]}],
        "team_ranking": {"best": 2, "ties": ties},
    }
    at = {"stage": "S", "module": "m"}
    plain = {
        "format": "compete-bundle/1",
        "competition": {"code": "X", "name": "小赛", "kind": "skills", "level": "enterprise"},
        "units": [{"code": "U1", "name": "甲港"}],
        "teams": [{"code": t, "name": t, "event": "E", "unit": "U1"} for t in ("T1", "T2")],
        "judges": [{"code": "J1", "name": "许静", "role": "judge"}],
        "entrants": [
            {"code": code, "name": code, "event": "E", "unit": "U1", "team": team}
            for code, (team, *_) in scores.items()
        ],
        "events": [event],
        "marks": [
            {**at, "entrant": code, "judge": "J1", "aspect": "a", "value": str(score)}
            for code, (_, score, _seconds) in scores.items()
        ],
        "times": [
            {**at, "entrant": code, "seconds": str(seconds)}
            for code, (*_, seconds) in scores.items()
        ],
    }
    return read_bundle(json.dumps(plain).encode())


@pytest.mark.parametrize(
    ("ties", "code", "sentence"),
    [
        (["best"], "A1", "在 T2 之前：总分相同，队里最高总成绩 90.00 > 80.00"),
        (["best"], "B1", "在 T1 之后：总分相同，队里最高总成绩 90.00 > 80.00"),
        (["best_rank"], "A1", "在 T2 之前：总分相同，队里最好名次 1 < 2"),
        (
            ["module:m", "time:m"],
            "B1",
            "在 T1 之前：总分相同，实操用时之和 3:05（185 秒） < 3:40（220 秒）",
        ),
        ([], "A1", "与 T2 并列：总分和同分要比的各项都相同"),
    ],
)
def test_teams_with_one_total_are_told_apart(ties: list[str], code: str, sentence: str) -> None:
    texts = [str(step.text) for _depth, step in every_step(explain(contest(ties), code).steps)]
    assert sentence in texts


def test_other_totals_say_nothing() -> None:
    scores = SCORES | {"B2": ("T2", 79, 95)}
    texts = [
        str(step.text)
        for _depth, step in every_step(explain(contest(["best"], scores), "A1").steps)
    ]
    assert not [text for text in texts if "T2" in text]


def test_every_team_behind_an_equal_total_is_told_by_which_key() -> None:
    scorer = Scorer(contest(["best"]))
    (event,) = scorer.results.events
    words_of_teams = explain_ties(scorer.events[event.code], event).teams
    equal = {
        worse.team
        for better, worse in pairwise(event.teams or ())
        if better.rank is not None and better.total == worse.total and better.rank != worse.rank
    }
    assert equal
    assert any_parted(event)
    assert words_of_teams.keys() == equal
    assert all("队里最高总成绩" in message.render() for message in words_of_teams.values())
