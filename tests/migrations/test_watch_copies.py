"""Readings of watches, once copied into a table of times, stand in the acts alone."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade

from compete.models import TimeEntry, db
from compete.resources import resource_dir
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.entry_seals import check_entries
from tests.support.panels import Panel, bundle_of, open_panel

BEFORE = "0011"


@pytest.mark.each_database
def test_the_middle_reading_counts_after_the_upgrade(app: Flask) -> None:
    brought = {"stage": "final", "module": "practice", "entrant": "E2", "seconds": 450}
    with app.app_context():
        panel = open_panel({**bundle_of(timed=True), "times": [brought]})
        for judge, seconds in (("J1", "470"), ("J2", "480"), ("J3", "500")):
            panel.act(panel.sheet(judge), "watch_stop", aspect="run", value=seconds)
        folder = str(resource_dir("migrations"))
        db.session.remove()
        downgrade(directory=folder, revision=BEFORE)
        upgrade(directory=folder)
        again = Panel().competition
        assert db.session.query(TimeEntry).count() == 1
        times = {time.entrant: str(time.seconds) for time in export_bundle(again).times}
        assert times == {"E1": "480", "E2": "450"}
        assert list(check_entries(again)) == []
