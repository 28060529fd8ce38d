"""The check of the fault run finds what is wrong. A check that cannot fail shows nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select, text

from compete.models import Act, Competition, Judge, Sheet, db
from compete.services.accounts.accounts import account_of_judge
from compete.services.judging.act_intake import take_acts
from compete.services.judging.tablet_view import sheet_data
from compete.services.sheets.act_rules import ActIn
from tests.tablets.checking import Findings, check
from tests.tablets.contest import make_contest
from tests.tablets.journal import Journal, Read, read_journal
from tests.tablets.marks import Marks

NAME = "J001-a"


@pytest.fixture
def journal(here: Flask, tmp_path: Path) -> Read:
    """A judge has marked two sheets; everything was held."""
    make_contest(5, entrants_each=2)
    judge = db.session.scalars(select(Judge).filter_by(code="J001")).one()
    sheets = db.session.scalars(select(Sheet).filter_by(judge_id=judge.id)).all()
    written = Journal(tmp_path / f"{NAME}.jsonl")
    acts = list(Marks(NAME, [sheet_data(sheet) for sheet in sheets], True, Random(1)))
    for act in acts:
        written.append(act)
    by = account_of_judge(judge, db.session.get_one(Competition, judge.competition_id), None)
    taken = take_acts(judge, [msgspec.convert(act, ActIn) for act in acts], by)
    written.settle(taken.stored, [])
    written.close()
    return read_journal(tmp_path / f"{NAME}.jsonl")


def findings_of(journal: Read) -> Findings:
    db.session.rollback()
    return check([journal], frozenset({NAME}))


def spoil(statement: str, **values: object) -> None:
    """Do behind the program's back what must never happen."""
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)


def act_of(journal: Read, kind: str = "mark") -> str:
    return next(uuid for uuid, act in journal.acts.items() if act["kind"] == kind)


def test_what_is_whole_is_found_whole(journal: Read) -> None:
    findings = findings_of(journal)
    assert findings.faults == {}
    assert findings.counts["held"] == len(journal.acts) > 20


def test_an_act_that_is_gone_is_lost(journal: Read) -> None:
    spoil("DELETE FROM act WHERE uuid = :uuid", uuid=act_of(journal))
    assert findings_of(journal).lost == [act_of(journal)]


def test_an_act_that_nobody_acknowledged_may_be_missing(journal: Read) -> None:
    spoil("DELETE FROM act WHERE uuid = :uuid", uuid=act_of(journal))
    journal.stored.discard(act_of(journal))
    assert findings_of(journal).lost == []


@pytest.mark.parametrize(
    "change",
    [
        *("value = value + 1", "aspect = 'gap'", "kind = 'clear'", "tablet_seq = 999"),
        "note = 'x'",
        "sheet_id = (SELECT max(id) FROM sheet WHERE judge_id = act.judge_id)",
    ],
)
def test_an_act_in_the_wrong_place_is_named(journal: Read, change: str) -> None:
    spoil(f"UPDATE act SET {change} WHERE uuid = :uuid", uuid=act_of(journal))
    assert len(findings_of(journal).misplaced) == 1


def test_an_act_under_another_judges_name_is_lost(journal: Read) -> None:
    spoil("UPDATE act SET judge_id = judge_id + 1 WHERE uuid = :uuid", uuid=act_of(journal))
    assert findings_of(journal).lost == [act_of(journal)]


def test_an_act_that_was_refused_but_is_held_is_named(journal: Read) -> None:
    journal.refused[act_of(journal)] = "不行"
    findings = findings_of(journal)
    assert findings.refused == [f"{NAME}: 不行"]
    assert len(findings.misplaced) == 1


def test_an_act_that_no_tablet_made_is_named(journal: Read) -> None:
    secret = act_of(journal)
    del journal.acts[secret]
    assert findings_of(journal).unknown == [secret]


def test_acts_in_another_order_than_the_taps_are_named(journal: Read) -> None:
    last = db.session.scalar(select(Act.id).order_by(Act.id.desc()).limit(1)) or 0
    spoil("UPDATE act SET id = :new WHERE uuid = :uuid", new=last + 1, uuid=act_of(journal))
    assert findings_of(journal).out_of_order


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sheet SET version = version + 1 WHERE version > 0",
        "UPDATE sheet SET state = 'begun' WHERE version > 0",
        "UPDATE sheet SET state = 'submitted' WHERE version = 0",
    ],
)
def test_a_sheet_that_says_something_else_is_named(journal: Read, statement: str) -> None:
    spoil(statement)
    assert findings_of(journal).wrong_standing


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET subject = 'x' WHERE action = 'acts.take'",
        "DELETE FROM audit_entry WHERE action = 'acts.take'",
    ],
)
def test_records_that_do_not_hold_are_named(journal: Read, statement: str) -> None:
    spoil(statement)
    assert findings_of(journal).chain


def test_a_journal_reads_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "J009-b.jsonl"
    written = Journal(path)
    for number in ("a", "b", "c"):
        written.append({"uuid": number})
    written.settle(["a", "zz"], [{"uuid": "b", "reason": "已提交"}])
    written.close(seconds=[0.5])
    read = read_journal(path)
    assert (read.tablet, list(read.acts), read.stored) == ("J009-b", ["a", "b", "c"], {"a"})
    assert (read.refused, read.counts) == ({"b": "已提交"}, {"seconds": [0.5]})
    assert list(written.waiting) == ["c"]


def test_an_act_that_was_changed_where_no_journal_sees_it_does_not_fit_its_seal(
    journal: Read,
) -> None:
    spoil("UPDATE act SET held_at = '2001-01-01' WHERE uuid = :uuid", uuid=act_of(journal))
    assert findings_of(journal).faults.keys() == {"seals"}
