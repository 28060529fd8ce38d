"""All or nothing, and nothing outside a unit of work."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import bindparam, select, update

from compete.models import Account, Competition, Unit, db
from compete.models.compiled_statements import Prepared, table_of
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.submissions import submitted_once
from compete.services.kernel.transactions import (
    OutsideWorkError,
    for_update,
    statements_alone,
    unit_of_work,
)
from compete.services.kernel.versions import is_writing, write_prepared
from tests.support.together import together

pytestmark = pytest.mark.each_database


def names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Unit.name).order_by(Unit.id)))


def test_an_error_undoes_all_of_it(fresh: Competition) -> None:
    def work() -> None:
        with unit_of_work() as session:
            fresh.units[0].name = "改了"
            session.flush()
            session.add(Unit(competition_id=fresh.id, code="U9", name="新"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert names() == ["甲单位", "乙单位"]


def test_work_inside_work_stands_and_falls_with_it(fresh: Competition) -> None:
    def work() -> None:
        with unit_of_work():
            with unit_of_work() as session:
                session.add(Unit(competition_id=fresh.id, code="U9", name="新"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert names() == ["甲单位", "乙单位"]


def test_a_change_outside_is_refused(fresh: Competition) -> None:
    fresh.name = "偷改"
    with pytest.raises(OutsideWorkError):
        db.session.flush()
    db.session.rollback()
    assert db.session.scalar(select(Competition.name)) == "小赛"


def test_a_change_before_it_is_not_taken_along(fresh: Competition) -> None:
    fresh.name = "偷改"
    with unit_of_work() as session:
        session.add(Unit(competition_id=fresh.id, code="U9", name="新"))
    assert db.session.scalar(select(Competition.name)) == "小赛"
    assert names()[-1] == "新"


def test_what_is_read_inside_is_current(here: Flask, fresh: Competition) -> None:
    assert fresh.name == "小赛"
    number = fresh.id

    def rename() -> None:
        with unit_of_work() as session:
            session.get_one(Competition, number).name = "改名"

    assert together(here, rename) == [None]
    with unit_of_work():
        assert for_update(fresh).name == "改名"


def test_two_who_hold_a_competition_wait_for_each_other(here: Flask, fresh: Competition) -> None:
    number, inside, most = fresh.id, 0, 0
    lock = threading.Lock()

    def add(code: str) -> None:
        nonlocal inside, most
        with unit_of_work() as session:
            competition = for_update(session.get_one(Competition, number))
            with lock:
                inside += 1
                most = max(most, inside)
            count = len(session.scalars(select(Unit.id)).all())
            session.add(Unit(competition_id=competition.id, code=code, name=f"第{count}"))
            session.flush()
            with lock:
                inside -= 1

    assert together(here, *[lambda code=f"N{n}": add(code) for n in range(6)]) == [None] * 6
    assert most == 1
    assert sorted(names()[2:]) == [f"第{n}" for n in range(2, 8)]


@pytest.mark.parametrize("text", ["字" * 201, "有\0洞"])
def test_a_text_that_cannot_be_kept_is_refused_in_words(fresh: Competition, text: str) -> None:
    with pytest.raises(Refused) as refused, unit_of_work():
        fresh.name = text
    assert refused.value.kind is Refusal.INVALID
    assert db.session.scalar(select(Competition.name)) == "小赛"


_RENAME = Prepared(update(table_of(Unit)).where(Unit.code == bindparam("unit")), columns=("name",))


def test_statements_alone_are_all_or_nothing(fresh: Competition) -> None:
    with statements_alone() as connection:
        _RENAME.run(connection, unit="U1", name="一")

    def broken_off() -> None:
        with statements_alone() as connection:
            _RENAME.run(connection, unit="U2", name="二")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert names() == ["一", "乙单位"]


def test_statements_alone_join_the_unit_of_work_around_them(fresh: Competition) -> None:
    def work() -> None:
        with unit_of_work() as session:
            session.add(Unit(competition_id=fresh.id, code="U9", name="新"))
            with statements_alone() as connection:
                _RENAME.run(connection, unit="U9", name="九")
            assert session.scalar(select(Unit.name).where(Unit.code == "U9")) == "九"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert names() == ["甲单位", "乙单位"]


def test_beside_statements_alone_the_session_writes_nothing(fresh: Competition) -> None:
    with statements_alone():
        fresh.name = "偷改"
        with pytest.raises(OutsideWorkError):
            db.session.flush()
    db.session.rollback()
    assert db.session.scalar(select(Competition.name)) == "小赛"


def test_what_was_read_before_statements_alone_is_read_anew_after_them(fresh: Competition) -> None:
    unit = fresh.units[0]
    assert unit.name == "甲单位"
    with statements_alone() as connection:
        _RENAME.run(connection, unit="U1", name="一")
        assert unit.name == "甲单位"
    assert unit.name == "一"


def test_one_writes_by_statements_alone_while_another_waits(
    here: Flask, fresh: Competition
) -> None:
    count = Prepared(select(Unit.name).where(Unit.code == bindparam("unit")).with_for_update())

    def add() -> None:
        with statements_alone() as connection:
            ((name,),) = count.rows(connection, unit="U1")
            _RENAME.run(connection, unit="U1", name=f"{name}+")

    assert together(here, *[add] * 6) == [None] * 6
    assert names()[0] == "甲单位++++++"


def test_what_was_worked_out_before_the_lock_is_written_of_the_version_that_it_read(
    here: Flask, fresh: Competition, organiser: Account
) -> None:
    locked: list[bool] = []

    def prepare() -> str:
        locked.append(is_writing())
        read = fresh.name
        if len(locked) == 1:
            _recorded_elsewhere(here, fresh, organiser)
        return read

    def write(read: str) -> str:
        assert is_writing()
        fresh.units[0].name = read
        return read

    assert write_prepared(fresh, prepare, write) == "小赛1"
    assert locked == [False, False]
    assert names() == ["小赛1", "乙单位"]


def test_what_is_overtaken_leaves_nothing_and_comes_to_an_end(
    here: Flask, fresh: Competition, organiser: Account
) -> None:
    locked: list[bool] = []
    written: list[None] = []

    def prepare(refusing: int) -> None:
        locked.append(is_writing())
        if len(locked) == refusing:
            raise Refused("不行了")
        if not is_writing():
            _recorded_elsewhere(here, fresh, organiser)

    with submitted_once("form") as claim, pytest.raises(Refused):
        write_prepared(fresh, lambda: prepare(2), written.append)
    # What gave way to another was not the form's one act.
    assert not claim.stored
    assert (locked, written) == ([False, False], [])
    locked.clear()
    write_prepared(fresh, lambda: prepare(0), written.append)
    # Of a competition that never rests it is worked out under the lock, once.
    assert locked == [False] * 5 + [True]
    assert written == [None]


def _recorded_elsewhere(app: Flask, competition: Competition, by: Account) -> None:
    """Somebody else is quicker."""
    number, who = competition.id, by.id

    def act() -> None:
        with unit_of_work() as session:
            changed = for_update(session.get_one(Competition, number))
            changed.name += "1"
            audit.record(changed, session.get_one(Account, who), "details.edit", "X")

    assert together(app, act) == [None]
