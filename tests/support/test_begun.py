"""Tests of begun databases: copies only of the same, and only among tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from compete.models import Account, Competition, db
from compete.services.kernel.transactions import unit_of_work
from tests.support import begun
from tests.support.begun import copied


@pytest.mark.each_database
def test_what_is_done_to_the_same_is_copied_and_to_anything_else_done(
    fresh: Competition, organiser: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not begun._is_plain():
        pytest.skip("whoever is no superuser of the server keeps nothing")
    done = []

    def rename() -> None:
        done.append(fresh.name)
        with unit_of_work():
            fresh.venue = f"第 {len(done)} 处"

    given = begun._given()
    before, database = tmp_path / "before.sqlite", begun._file()
    if given:
        rows = given.rows()
    else:
        begun.copy_database(database, before)

    def back() -> None:
        db.session.rollback()
        if given:
            given.lay(rows)
            return
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
    # Numbers go on from where they stood.
    with unit_of_work():
        db.session.add(Account(name="甲", session_epoch=0))
    ids = db.session.scalars(db.select(Account.id).order_by(Account.id)).all()
    assert [*ids] == [*range(1, len(ids) + 1)]
    # It is another database now, and another step.
    copied("rename", rename)
    assert fresh.venue == "第 2 处"
    # A user of the helpers without tests has nowhere to keep copies.
    monkeypatch.setattr(begun._KEPT, "folder", None)
    copied("rename", rename)
    assert fresh.venue == "第 3 处"


def test_who_was_not_asked_for_the_longest_goes_first(
    organiser: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = begun._Kept()
    kept.folder = tmp_path / "kept"
    kept.folder.mkdir()
    monkeypatch.setattr(begun, "AT_MOST", 2)
    made = []

    def ask(name: str) -> bool:
        return kept.made_or_given((name,), lambda: made.append(name))

    assert [ask(name) for name in "abacab"] == [False, False, True, False, True, False]
    assert (made, len([*kept.folder.iterdir()])) == (["a", "b", "c", "b"], 2)
