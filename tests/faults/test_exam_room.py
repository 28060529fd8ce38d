"""The room of browsers in small, so that it runs with every other test."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.tablets.exam_browsers import RoomTrial, rehearse_room
from tests.tablets.run import database

SMALL = RoomTrial(browsers=3, questions=8, seconds=15, pace=0.8, cut=2)


@pytest.mark.slow
def test_every_answer_that_a_page_was_told_is_held_is_there_once(
    chromium: Browser, tmp_path: Path
) -> None:
    with database("sqlite", tmp_path) as url:
        outcome = rehearse_room(SMALL, url, tmp_path, chromium)
    assert outcome.faults == {}
    assert outcome.made == outcome.acknowledged == outcome.in_database > 20
    # Without these it would show nothing.
    assert outcome.while_cut > 3
