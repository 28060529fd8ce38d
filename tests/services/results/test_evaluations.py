"""An evaluation in the database: in and out, marks, the version that is kept, grades."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.writing import write_bundle
from compete.domain.evaluation.unranked_results import unranked, verdicts_of
from compete.domain.evaluation.verdicts import evaluate
from compete.models import Account, Competition, GradeDecision, db
from compete.services.results.snapshots import read_snapshot, snapshot_files
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from tests.domain.evaluation_competitions import evaluation
from tests.support.announced import announce

EXAMPLE = Path("tests/examples/evaluation-small.bundle.json")


def example() -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(EXAMPLE.read_bytes())
    return plain


def settled() -> dict[str, Any]:
    """The example, with nobody whose marks are not there yet."""
    plain = example()
    waiting = {
        row.entrant: event.code
        for event in evaluate(read_bundle(EXAMPLE.read_bytes())).events
        for row in event.verdicts
        if row.verdict == "incomplete"
    }
    stages = {event["code"]: event["stages"][0]["code"] for event in plain["events"]}
    plain["outcomes"] += [
        {"stage": stages[event], "entrant": code, "status": "dns"}
        for code, event in waiting.items()
    ]
    return plain


@pytest.mark.each_database
def test_what_goes_in_comes_out_and_is_scored_alike(load: Callable[..., Competition]) -> None:
    bundle = read_bundle(EXAMPLE.read_bytes())
    competition = load(example())
    out = export_bundle(competition)
    assert write_bundle(out) == write_bundle(bundle)
    live = live_results(competition).results
    assert live == unranked(score(bundle), bundle)
    assert [verdicts_of(event) for event in live.events] == score(bundle).events


@pytest.mark.parametrize("seed", range(12))
def test_random_ones_come_out_as_they_went_in(load: Callable[..., Competition], seed: int) -> None:
    plain = evaluation(Random(seed))
    competition = load(plain)
    bundle = read_bundle(json.dumps(plain).encode())
    assert write_results(score(export_bundle(competition))) == write_results(score(bundle))


def test_what_is_kept_of_a_version_gives_the_results_without_whole_names(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = settled()
    competition = load(plain)
    publication = announce(competition, organiser)
    bundle, results = snapshot_files(publication)
    assert write_results(score(read_bundle(bundle))) == results
    assert results == write_results(score(read_bundle(json.dumps(plain).encode())))
    assert not any(entrant["name"] in bundle.decode() for entrant in plain["entrants"])
    kept_bundle, kept = read_snapshot(publication)
    assert kept == unranked(score(kept_bundle), kept_bundle)
    assert all(row.rank is None for event in kept.events for row in event.standings)


def test_whoever_passes_is_proposed_for_the_grade_and_nobody_else(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(settled())
    announce(competition, organiser)
    got = {
        row.entrant: row
        for event in live_results(competition).results.events
        for row in event.grades or ()
    }
    decisions = {row.person.code: row for row in db.session.scalars(select(GradeDecision))}
    assert decisions.keys() == got.keys() != set()
    assert {code: (row.grade, row.rule) for code, row in decisions.items()} == {
        code: (row.grade, row.rule) for code, row in got.items()
    }
