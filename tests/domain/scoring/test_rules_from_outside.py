"""Rule sets of other sports and trades, with the results that they come to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.reading import bundle_warnings
from compete.domain.bundle.schema import bundle_schema, results_schema
from compete.domain.bundle.writing import write_bundle

RULES = sorted((Path(__file__).parents[2] / "examples/rules").glob("*.bundle.json"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_set_comes_to_its_results(path: Path) -> None:
    wanted = json.loads(path.with_name(path.name.replace(".bundle.", ".results.")).read_bytes())
    bundle = read_bundle(path.read_bytes())
    # Weights that are points add up to what they will.
    assert {warning.path for warning in bundle_warnings(bundle)} <= {"events[0].stages[0]"}
    results = write_results(score(bundle))
    assert json.loads(results) == wanted
    assert read_bundle(write_bundle(bundle)) == bundle
    assert Draft202012Validator(bundle_schema()).is_valid(json.loads(path.read_bytes()))
    assert Draft202012Validator(results_schema()).is_valid(json.loads(results))
