"""Rows are held against their seals some at a time, and what is found is the same."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from compete.commands.progress_bar import progress_bar
from compete.commands.verify import all_faults
from compete.models import Competition, db
from compete.services.kernel import row_checks
from compete.services.kernel.progress import passed
from compete.services.sheets import act_seals
from tests.support.small import all_marks, small

SPOILING = (
    "UPDATE entrant SET name = '别人' WHERE id = (SELECT max(id) FROM entrant)",
    "UPDATE entrant SET birth = 'nie' WHERE id = (SELECT min(id) FROM entrant)",
    "DELETE FROM assignment WHERE id = (SELECT max(id) FROM assignment)",
    "INSERT INTO assignment (event_id, stage, module, judge_id, station, timekeeper)"
    " SELECT event_id, stage, module, judge_id, '7', 0 FROM assignment LIMIT 1",
    "UPDATE row_seal SET columns = '{}' WHERE id = (SELECT max(id) - 9 FROM row_seal)",
    "UPDATE row_seal SET columns = '{' WHERE id = (SELECT min(id) + 3 FROM row_seal)",
    "DELETE FROM row_seal WHERE id = (SELECT max(id) - 5 FROM row_seal)",
    "UPDATE act SET value = value + 1 WHERE id = (SELECT max(id) FROM act)",
    "UPDATE sheet SET state = 'begun' WHERE id = (SELECT max(id) - 2 FROM sheet)",
)


@pytest.mark.parametrize("many", [1, 3])
def test_what_is_spoilt_is_found_alike_however_many_are_read_at_a_time(
    here: Flask,
    load: Callable[..., Competition],
    monkeypatch: pytest.MonkeyPatch,
    many: int,
) -> None:
    load(small(all_marks()))
    assert all_faults() == []
    with db.engine.begin() as connection:
        for statement in SPOILING:
            connection.execute(text(statement))
    db.session.rollback()
    whole = all_faults()
    assert len(whole) >= len(SPOILING)
    monkeypatch.setattr(row_checks, "_PORTION", many)
    monkeypatch.setattr(act_seals, "_PORTION", many)
    db.session.rollback()
    assert all_faults() == whole


def test_a_bar_is_drawn_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress_bar(4):
        passed(2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_bar(4):
        passed(2)
    drawn = capsys.readouterr().err
    assert " 50%" in drawn
    assert drawn.endswith("\r")
    passed(2)
    assert capsys.readouterr().err == ""
