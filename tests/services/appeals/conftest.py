"""Who decides on appeals."""

from __future__ import annotations

import pytest

from compete.models import Account, Competition
from tests.support.appealing import Bench, bench_of


@pytest.fixture
def bench(judged: Competition, organiser: Account) -> Bench:
    """Two arbiters and a head arbiter."""
    return bench_of(judged, organiser)
