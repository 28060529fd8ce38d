"""Whatever is changed in the chain behind the program's back is found."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text

from compete.domain.values.canonical import earlier_text
from compete.models import Account, AuditEntry, Competition, db
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work
from tests.support.together import together


def faults(competition: Competition | None) -> list[tuple[int, str]]:
    db.session.rollback()
    db.session.expire_all()
    return [(entry.seq, str(entry.fault)) for entry in verify_chain(competition)]


def write(competition: Competition | None, by: Account | None, count: int) -> None:
    for number in range(count):
        with unit_of_work():
            audit.record(
                competition,
                by,
                "test.act",
                f"第{number}",
                before={"n": number, "list": [1, "二", None]},
                after={"姓名": "孙䶮", "n": number + 1},
                reason="因为",
            )


@pytest.fixture
def chain(fresh: Competition, organiser: Account) -> Competition:
    """A competition with a chain of at least eight rows."""
    write(fresh, organiser, 6)
    assert audit.count(fresh) >= 8
    return fresh


def change(sql: str, **values: object) -> None:
    with unit_of_work() as session:
        session.execute(text(sql), values)


@pytest.mark.each_database
def test_a_chain_that_was_left_alone_holds(chain: Competition) -> None:
    assert faults(chain) == []
    assert faults(None) == []


def test_a_row_hashed_in_the_earlier_writing_still_holds(fresh: Competition) -> None:
    after = {"\ufb33": 1.0, "\U0001f600": 2}
    with unit_of_work() as session:
        row = audit.record(fresh, None, "test.act", "早先的", after=after)
        row.hash = audit.row_hash(row, earlier_text)
        assert row.hash != audit.row_hash(row)
        session.flush()
    assert faults(fresh) == []
    change("UPDATE audit_entry SET subject = '后来的' WHERE subject = '早先的'")
    assert [seq for seq, _fault in faults(fresh)] == [row.seq]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("seq", 99),
        ("at", "2020-01-01 00:00:00.000000"),
        ("actor_id", None),
        ("actor", "别人"),
        ("action", "test.other"),
        ("subject", "别的"),
        ("before", '{"n": 7}'),
        ("after", "null"),
        ("reason", None),
        ("prev_hash", "0" * 64),
        ("hash", "f" * 64),
        ("form", 3),
    ],
)
def test_changing_any_column_is_found(chain: Competition, column: str, value: object) -> None:
    change(
        f'UPDATE audit_entry SET "{column}" = :value WHERE competition_id = :c AND seq = 4',
        value=value,
        c=chain.id,
    )
    faults_there = faults(chain)
    assert faults_there
    assert min(seq for seq, _ in faults_there) in (4, 5)


@pytest.mark.parametrize("column", ["at", "before", "after"])
def test_a_row_spoilt_beyond_reading_is_found(chain: Competition, column: str) -> None:
    # PostgreSQL itself keeps nothing unreadable in these columns.
    change(
        f"UPDATE audit_entry SET \"{column}\" = '{{!' WHERE competition_id = :c AND seq = 4",
        c=chain.id,
    )
    assert (4, "读不出来，写入后被改过") in faults(chain)
    assert (5, "和前一条接不上") in faults(chain)


def test_a_row_with_a_word_for_its_number_is_found(chain: Competition) -> None:
    # On SQLite alone, which keeps a word in a column of numbers, behind them all.
    last = audit.count(chain)
    change("UPDATE audit_entry SET seq = 'x' WHERE competition_id = :c AND seq = 4", c=chain.id)
    assert faults(chain) == [(5, "前面少了第 4 条"), (last + 1, "读不出来，写入后被改过")]


@pytest.mark.each_database
@pytest.mark.parametrize("seq", [1, 4])
def test_a_missing_row_is_found(chain: Competition, seq: int) -> None:
    change("DELETE FROM audit_entry WHERE competition_id = :c AND seq = :s", c=chain.id, s=seq)
    assert (seq + 1, f"前面少了第 {seq} 条") in faults(chain)


@pytest.mark.each_database
def test_two_rows_that_changed_places_are_found(chain: Competition) -> None:
    for old, new in ((4, 0), (5, 4), (0, 5)):
        change(
            "UPDATE audit_entry SET seq = :new WHERE competition_id = :c AND seq = :old",
            new=new,
            old=old,
            c=chain.id,
        )
    assert {seq for seq, _ in faults(chain)} >= {4, 5, 6}


def test_a_row_moved_to_another_chain_is_found_in_both(chain: Competition) -> None:
    change(
        "UPDATE audit_entry SET competition_id = NULL WHERE competition_id = :c AND seq = 4",
        c=chain.id,
    )
    assert faults(chain)
    assert faults(None)


def test_a_row_put_in_between_is_found(chain: Competition) -> None:
    last = audit.count(chain)
    change(
        "INSERT INTO audit_entry (competition_id, seq, at, actor, action, subject,"
        " prev_hash, hash) SELECT competition_id, :new, at, actor, action, subject,"
        " prev_hash, hash FROM audit_entry WHERE competition_id = :c AND seq = 4",
        new=last + 1,
        c=chain.id,
    )
    assert [seq for seq, _ in faults(chain)] == [last + 1, last + 1]


def test_rows_cut_off_at_the_end_show_in_the_head_that_was_written_down(
    chain: Competition,
) -> None:
    before = audit.chain_head(chain)
    change(
        "DELETE FROM audit_entry WHERE competition_id = :c AND seq = :s",
        c=chain.id,
        s=before[0],
    )
    assert audit.chain_head(chain) != before


@pytest.mark.each_database
def test_many_at_once_write_one_chain(here: Flask, fresh: Competition, organiser: Account) -> None:
    number, person, before = fresh.id, organiser.id, audit.count(fresh)

    def act() -> None:
        competition = db.session.get_one(Competition, number)
        write(competition, db.session.get_one(Account, person), 5)

    assert together(here, act, act, act, act) == [None] * 4
    assert audit.count(fresh) == before + 20
    assert faults(fresh) == []


@pytest.mark.each_database
def test_many_at_once_write_one_chain_of_the_installation(here: Flask) -> None:
    assert together(here, *[lambda: write(None, None, 5)] * 4) == [None] * 4
    seqs = db.session.scalars(select(AuditEntry.seq).order_by(AuditEntry.seq)).all()
    assert list(seqs) == list(range(1, 21))
    assert faults(None) == []


def test_a_long_subject_is_cut_rather_than_refused(fresh: Competition) -> None:
    with unit_of_work():
        entry = audit.record(fresh, None, "test.act", "长" * 300)
    assert len(entry.subject) == 200
    assert faults(fresh) == []


def test_a_record_that_is_written_never_vouches_for_what_is_changed_later(
    fresh: Competition,
) -> None:
    with unit_of_work():
        audit.record(fresh, None, "test.act", "一")
    before = audit.chain_head(fresh)
    with unit_of_work() as session:
        session.get_one(Competition, fresh.id).name = "别的名"
    last, written = audit.recent(fresh, 2)
    assert (written.seq, written.hash) == before
    assert (last.seq, last.action, last.actor) == (before[0] + 1, audit.SEALED, "系统")
    assert faults(fresh) == []
