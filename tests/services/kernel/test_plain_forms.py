"""Records of form 1, which anybody can hash, count up to the record that ends them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from compete.models import Account, AuditEntry, Competition, db
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work

UNENDED = "旧记录没有封口，谁都能重算。先运行 compete db upgrade"


def faults(chain: Competition | None) -> list[tuple[int, str]]:
    db.session.rollback()
    db.session.expire_all()
    return [(entry.seq, str(entry.fault)) for entry in verify_chain(chain)]


def rows_of(chain: Competition | None) -> list[AuditEntry]:
    number = chain.id if chain else None
    query = select(AuditEntry).filter_by(competition_id=number).order_by(AuditEntry.seq)
    return list(db.session.scalars(query))


def make_plain(chain: Competition | None, upto: int | None = None, actor: str = "") -> int:
    """Hash the chain plainly, as the program's first days did; the number of its last row."""
    before = audit.GENESIS
    with unit_of_work():
        for row in rows_of(chain)[:upto]:
            row.form, row.prev_hash, row.actor = audit.PLAIN, before, actor or row.actor
            row.hash = before = audit.row_hash(row)
    return row.seq


def end() -> None:
    with unit_of_work():
        audit.end_plain_forms()


@pytest.fixture
def old(fresh: Competition, organiser: Account) -> Competition:
    """A competition whose chain, and that of the installation, are of form 1."""
    for chain in (None, fresh):
        for number in range(3):
            with unit_of_work():
                audit.record(chain, organiser, "test.act", f"第{number}")
        make_plain(chain)
    return fresh


def test_rows_that_nothing_ends_are_told(old: Competition) -> None:
    for chain in (None, old):
        assert faults(chain) == [(len(rows_of(chain)), UNENDED)]


def test_an_upgrade_ends_them_in_every_chain_and_once(old: Competition) -> None:
    lasts = {chain: (row.seq, row.hash) for chain in (None, old) for row in rows_of(chain)[-1:]}
    end()
    for chain, (seq, hash_) in lasts.items():
        assert faults(chain) == []
        row = rows_of(chain)[-1]
        assert (row.seq, row.action, row.form) == (seq + 1, audit.ENDED, audit.KEYED)
        assert (row.actor, row.subject) == ("系统", "1")
        assert row.after == {"seq": seq, "hash": hash_}
    end()
    assert [rows_of(chain)[-1].seq for chain in lasts] == [seq + 1 for seq, _ in lasts.values()]


def test_a_chain_that_is_ended_keeps_no_other_from_its_end(
    fresh: Competition, organiser: Account
) -> None:
    chains = [None, fresh]
    for chain in chains:
        with unit_of_work():
            audit.record(chain, organiser, "test.act", "一")
        make_plain(chain)
        end()
        assert faults(chain) == []


def test_rows_hashed_anew_are_not_those_that_were_ended(old: Competition) -> None:
    last = len(rows_of(old))
    end()
    make_plain(old, last, "别人")
    assert (last, UNENDED) in faults(old)


def test_a_row_of_the_old_form_behind_the_end_is_told(old: Competition, organiser: Account) -> None:
    end()
    with unit_of_work():
        row = audit.record(old, organiser, "test.act", "后来的")
        row.form = audit.PLAIN
        row.hash = audit.row_hash(row)
    assert (row.seq, "封存的方式被改成了旧的") in faults(old)
