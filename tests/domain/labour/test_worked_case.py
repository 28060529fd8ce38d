"""The worked case of a key-projects competition, to the digit."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from compete.domain.bundle.reading import read_bundle
from compete.domain.labour.rows import score_labour

CASES = Path(__file__).parents[2] / "examples"


def test_the_quarter_of_six_sections_comes_out_to_the_digit() -> None:
    bundle = read_bundle((CASES / "key-projects-labour.bundle.json").read_bytes())
    expected = json.loads((CASES / "key-projects-labour.results.json").read_bytes())
    results = json.loads(msgspec.json.encode(score_labour(bundle)))
    assert results == expected["labour"]
