"""The fault run in small, so that it runs with every other test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tablets.run import Trial, rehearse

SMALL = Trial(
    **{"tablets": 12, "shared": 3, "seconds": 5, "pace": 0.15, "wait": 0.2, "kill_every": 2.5},
    **{"loss": 0.15, "entrants_each": 3},
)


# On PostgreSQL it is `make faults` that runs it: a minute more for every test run.
@pytest.mark.slow
def test_a_killed_server_and_a_lossy_network_lose_no_act(database_url: str, tmp_path: Path) -> None:
    outcome = rehearse(SMALL, database_url, tmp_path)
    assert outcome.findings.faults == {}
    counts = outcome.findings.counts
    assert counts["held"] == counts["acknowledged"] > 300
    # Without these it would show nothing.
    assert outcome.kills >= 1
    assert outcome.total("lost_requests") > 20
    assert outcome.total("lost_answers") > 20
    assert outcome.total("no_answer") > 0
