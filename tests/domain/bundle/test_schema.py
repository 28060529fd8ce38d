"""The schemas take every sample, and refuse what the reader refuses for its shape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.schema import bundle_schema, results_schema
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from tests.domain.bundle.sample import BUNDLES, GONE, changed, labour, skills
from tests.domain.strategies import bundles, labour_bundles

OF_BUNDLES = Draft202012Validator(bundle_schema())
OF_RESULTS = Draft202012Validator(results_schema())
SAMPLES = sorted((Path(__file__).resolve().parents[3] / "sample_events").glob("*.json"))


def complaints(validator: Draft202012Validator, data: bytes) -> list[str]:
    return [
        f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(data))
    ]


def test_they_are_schemas() -> None:
    Draft202012Validator.check_schema(bundle_schema())
    Draft202012Validator.check_schema(results_schema())
    assert bundle_schema("compete-bundle/1")["title"] == "compete-bundle/1"


@pytest.mark.parametrize("path", [*BUNDLES, *SAMPLES], ids=lambda path: path.stem)
def test_a_sample_fits_and_so_do_its_results(path: Path) -> None:
    bundle = read_bundle(path.read_bytes())
    assert complaints(OF_BUNDLES, path.read_bytes()) == []
    assert complaints(OF_BUNDLES, write_bundle(bundle)) == []
    assert complaints(OF_RESULTS, write_results(score(bundle))) == []


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_worked_results_fit(path: Path) -> None:
    results = path.with_name(path.name.replace(".bundle.", ".results."))
    assert complaints(OF_RESULTS, results.read_bytes()) == []


@given(bundle=bundles() | labour_bundles())
@settings(max_examples=12)
def test_made_up_competitions_fit(bundle: Bundle) -> None:
    assert complaints(OF_BUNDLES, write_bundle(bundle)) == []
    assert complaints(OF_RESULTS, write_results(score(bundle))) == []


def test_null_is_the_same_as_leaving_a_key_out() -> None:
    plain = changed(skills(), "events[0].stages[0].modules[0].panel", None)
    plain = changed(plain, "entrants[0].group", None)
    assert complaints(OF_BUNDLES, json.dumps(plain).encode()) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "compete-bundle/3"),
        ("colour", "red"),
        ("competition.level", "town"),
        ("competition.year", "2026"),
        ("units[0].code", ""),
        ("units[0].name", GONE),
        ("units[0].name", None),
        ("entrants[0].grade", 6),
        ("marks[0].value", "1e3"),
        ("marks[0].value", ""),
        ("marks[0].value", "0.0000000000001"),
        ("marks[0].value", []),
        ("events[0].unit_ranking.points.first", 3),
        ("events[0].stages[1].modules[1].panel.size", 0),
        ("events[0].grades", 3),
        ("events[0].grades[0].when.pass_modules", "some"),
    ],
)
def test_a_wrong_shape_does_not_fit(path: str, value: Any) -> None:
    assert complaints(OF_BUNDLES, json.dumps(changed(skills(), path, value)).encode()) != []


def test_the_samples_of_the_tests_fit() -> None:
    for plain in (skills(), labour()):
        assert complaints(OF_BUNDLES, json.dumps(plain).encode()) == []


def test_points_of_results_are_texts_in_digits() -> None:
    kinds = results_schema()["$defs"]
    for kind, name in (("StageRow", "total"), ("ModuleResult", "score")):
        schema = kinds[kind]["properties"][name]
        pattern = next(
            choice for choice in schema.get("anyOf", [schema]) if choice["type"] == "string"
        )
        assert re.search(pattern["pattern"], "-0.50")
        assert not re.search(pattern["pattern"], "1e3")
