"""Strategies for property tests: small competitions that the format allows."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import strategies as st

from compete.domain import read_bundle
from compete.domain.bundle.types import Bundle
from tests.domain.labour_competitions import labour_competition
from tests.domain.scoring.competitions import competition

RANDOMS = st.randoms(use_true_random=False)


def bundles(*, relative: bool = True, entrants: int = 9) -> st.SearchStrategy[Bundle]:
    """Skills competitions with aspects of all types, panels, parts, teams, awards, grades."""

    def make(rng: Random) -> Bundle:
        return _read(competition(rng, relative=relative, entrants=entrants, version=None))

    return RANDOMS.map(make)


def labour_bundles() -> st.SearchStrategy[Bundle]:
    """Labour competitions with trees of periods, gaps, adjustments, vetoes and flags."""
    return RANDOMS.map(lambda rng: _read(labour_competition(rng, version=None)))


def _read(plain: dict[str, Any]) -> Bundle:
    return read_bundle(json.dumps(plain).encode())
