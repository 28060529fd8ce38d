"""The fault run of an examination in small, so that it runs with every other test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tablets.exam_run import ExamTrial, rehearse_exam

SMALL = ExamTrial(
    **{"people": 12, "questions": 8, "seconds": 8, "pace": 0.25, "loss": 0.1, "wait": 0.2},
    **{"look": 0.3, "kills": (4,), "full_disk": (2, 1), "cut": 3, "cut_from": 1},
    **{"cut_for": 3, "off": 5, "moved": 2, "moved_at": 1},
)


@pytest.mark.slow
def test_every_answer_that_was_acknowledged_is_there_once(
    database_url: str, tmp_path: Path
) -> None:
    outcome = rehearse_exam(SMALL, database_url, tmp_path)
    assert outcome.faults == {}
    assert outcome.counts["held"] == outcome.counts["acknowledged"] > 150
    # Without these it would show nothing.
    assert outcome.kills == 1
    assert outcome.counts["moved"] == 2
    assert outcome.total("lost_requests") > 10
    assert outcome.total("no_answer") > 0
    if database_url.startswith("sqlite"):
        assert outcome.total("failed") > 0
