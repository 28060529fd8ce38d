"""The scorer against a second one written from the format's sentences alone."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import randoms

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values import points
from tests.domain.reference import score_bundle
from tests.domain.scoring.competitions import several_events
from tests.domain.strategies import bundles, labour_bundles

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "sample_events").glob("*/bundle.*"))
# Evaluations have a second scorer of their own: tests/domain/evaluation/test_evaluations.py.
CONTESTS = [file for file in FILES if file.parent.name != "pump-evaluation"]


def compared(results: bytes) -> Any:
    """The results as JSON, without the reasons of grades."""
    whole = json.loads(results)
    for event in whole["events"]:
        for row in event.get("grades", ()):
            row.pop("reasons")
    return whole


def check(bundle: Bundle) -> None:
    plain = json.loads(write_bundle(expand_packs(bundle), "json"))
    assert compared(write_results(score(bundle))) == score_bundle(plain)


@pytest.mark.parametrize("file", CONTESTS, ids=lambda file: file.parent.name)
def test_every_sample_comes_out_the_same(file: Path) -> None:
    check(read_bundle(file.read_bytes(), form="json" if file.suffix == ".json" else "yaml"))


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(bundles())
def test_every_competition_comes_out_the_same(bundle: Bundle) -> None:
    check(bundle)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(bundles())
def test_without_shared_denominators_it_comes_out_the_same(bundle: Bundle) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(points, "LONGEST_UNIT", 0)
        check(bundle)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(randoms(use_true_random=False))
def test_every_table_over_several_events_comes_out_the_same(rng: Random) -> None:
    check(read_bundle(json.dumps(several_events(rng)).encode()))


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(labour_bundles())
def test_every_labour_competition_comes_out_the_same(bundle: Bundle) -> None:
    check(bundle)


def test_numbers_of_thirty_digits_are_neither_rounded_nor_refused() -> None:
    plain = json.loads((ROOT / "tests/examples/coal-sampling.bundle.json").read_bytes())
    module = plain["events"][0]["stages"][0]["modules"][0]
    longest = "999999999999999999.999999999999"
    module |= {"full": longest, "pass": "60"}
    module["aspects"][0] |= {"max": longest, "step": "0.000000000001"}
    plain["marks"][0]["value"] = "999999999999999999.999999999998"
    check(read_bundle(json.dumps(plain).encode()))
