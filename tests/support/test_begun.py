"""Tests of begun databases: copies only of the same, and only among tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from compete.models import Account, Competition, db
from compete.services.kernel.transactions import unit_of_work
from tests.support import begun
from tests.support.begun import copied


def test_what_is_done_to_the_same_is_copied_and_to_anything_else_done(
    fresh: Competition, organiser: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def rename() -> None:
        done.append(fresh.name)
        with unit_of_work():
            fresh.venue = f"第 {len(done)} 处"

    before, database = tmp_path / "before.sqlite", begun._file()
    begun.copy_database(database, before)

    def back() -> None:
        db.session.rollback()
        db.engine.dispose()
        # Over another database SQLite would count how often that was done.
        for file in database.parent.glob(f"{database.name}*"):
            file.unlink()
        begun.copy_database(before, database)

    back()
    copied("rename", rename)
    assert fresh.venue == "第 1 处"
    back()
    copied("rename", rename)
    assert (fresh.venue, len(done)) == ("第 1 处", 1)
    # It is another database now, and another step.
    copied("rename", rename)
    assert fresh.venue == "第 2 处"
    # A user of the helpers without tests has nowhere to keep copies.
    monkeypatch.setattr(begun._KEPT, "folder", None)
    copied("rename", rename)
    assert fresh.venue == "第 3 处"
