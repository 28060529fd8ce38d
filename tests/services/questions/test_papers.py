"""Papers from a bank by a table: met and short, checked as files, used, and kept secret."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from compete.domain.exam.bank import read_bank
from compete.domain.exam.basis import Basis
from compete.domain.exam.files import file_sha256
from compete.domain.exam.paper import paper_differences, read_paper
from compete.domain.exam.table import read_table
from compete.domain.values.roles import BankRole
from compete.models import Account, AuditEntry, ExamPaper, PaperTable, QuestionBank, QuestionUse, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.questions import assembling
from compete.services.questions.bank_files import WrongFileError, write_bank
from compete.services.questions.looks import looks_of_question
from compete.services.questions.papers import (
    SeedFields,
    UseFields,
    assemble_paper,
    bring_table,
    check_paper,
    look_at_paper,
    table_file,
    tables_of,
    use_paper,
)
from compete.services.questions.reviews import withdraw_question
from compete.services.questions.sealing import codes_in
from tests.support.banks import (
    administrator,
    example_bank,
    file_of_table,
    in_bank,
    question,
    too_many,
)


class Room:
    """A bank, its table, and who assembles papers."""

    def __init__(self) -> None:
        self.admin = administrator()
        self.bank: QuestionBank = example_bank()
        self.by: Account = self.somebody(BankRole.ASSEMBLER, "assembler")
        self.table: PaperTable = bring_table(self.bank, file_of_table(), self.by)

    def somebody(self, role: BankRole, name: str) -> Account:
        return in_bank(self.bank, role, name, self.admin)

    def paper(self, seed: int | None = 7, table: PaperTable | None = None) -> ExamPaper:
        return assemble_paper(table or self.table, SeedFields(seed), self.by)


@pytest.fixture
def room(here: Flask) -> Room:
    return Room()


def differences(paper: ExamPaper) -> list[str]:
    """What `compete paper check` finds in the paper, the bank and the table as files."""
    bank, table = write_bank(paper.bank), table_file(paper.table)
    basis = Basis(read_bank(bank), read_table(table), file_sha256(bank), file_sha256(table))
    read = read_paper(paper.content.encode())
    return [f"{it.path}: {it.message}" for it in paper_differences(read, basis)]


@pytest.mark.each_database
def test_a_paper_meets_its_table_and_holds_as_files(room: Room) -> None:
    paper = room.paper()
    assert paper.is_met
    assert differences(paper) == []
    forms = read_paper(paper.content.encode()).forms
    assert [form.form for form in forms] == ["A", "B"]
    assert len(codes_in(paper)) == 20
    assert room.paper().sha256 == paper.sha256
    assert room.paper(8).sha256 != paper.sha256
    assert room.paper(None).sha256 != room.paper(None).sha256
    check = check_paper(paper, room.by)
    assert (list(check.differences), check.bank_changed) == ([], False)


def test_what_is_missing_is_told_by_line_in_words(room: Room) -> None:
    short = room.paper(table=bring_table(room.bank, too_many(), room.by))
    assert not short.is_met
    assert differences(short) == []
    lacks = [str(it) for it in look_at_paper(short, room.by).lacks]
    assert any(it.startswith("A 卷 第 1 行 单选 少 ") for it in lacks)
    assert list(check_paper(short, room.by).differences) == []


def test_a_check_says_what_no_longer_holds_of_the_bank(room: Room) -> None:
    paper = room.paper()
    keeper = room.somebody(BankRole.KEEPER, "keeper")
    gone = min(codes_in(paper))
    withdraw_question(question(gone), "标准改了", keeper)
    check = check_paper(paper, keeper)
    assert check.bank_changed
    assert [str(it.message) for it in check.differences] == ["这道题不在用"]


def test_which_questions_a_paper_has_lies_in_no_table_and_no_record(room: Room) -> None:
    paper = room.paper()
    look_at_paper(paper, room.by)
    code = min(codes_in(paper))
    stored = db.session.execute(text("SELECT content FROM exam_paper")).scalar_one()
    assert b'"question"' not in stored
    assert b'"seed"' not in stored
    looks = db.session.execute(text("SELECT way, questions, paper_id FROM question_look")).all()
    assert [tuple(row) for row in looks] == [("paper", "", paper.id)]
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("bank.%")))
    records = [json.dumps([row.before, row.after, row.reason], ensure_ascii=False) for row in rows]
    assert any(paper.name in record for record in records)
    assert not any(f'"{code}"' in record or '"seed"' in record for record in records)
    assert list(verify_chain(None)) == []
    assert list(check_rows(None)) == []
    seen, total = looks_of_question(question(code), 5)
    assert [look.account_id for look in seen] == [room.by.id]
    assert total == 1
    # Q05 is withdrawn, and in no paper.
    assert looks_of_question(question("Q05"), 5) == ([], 0)


def test_a_used_paper_marks_its_questions_once_and_the_next_has_none_of_them(room: Room) -> None:
    paper = room.paper()
    use_paper(paper, UseFields(date(2026, 12, 1)), room.by)
    uses = db.session.scalars(select(QuestionUse).where(QuestionUse.paper == paper.name)).all()
    assert {it.day for it in uses} == {date(2026, 12, 1)}
    assert len(uses) == len(codes_in(paper))
    with pytest.raises(Refused, match="已经写过"):
        use_paper(paper, UseFields(date(2026, 12, 2)), room.by)
    assert list(check_rows(None)) == []
    check = check_paper(paper, room.by)
    assert (list(check.differences), check.bank_changed) == ([], False)
    after = room.paper(3)
    assert not after.is_met
    assert not codes_in(after) & codes_in(paper)


def test_a_table_takes_the_place_of_one_of_its_code_and_a_wrong_one_is_refused(room: Room) -> None:
    with pytest.raises(Refused, match="一个字不差"):
        bring_table(room.bank, file_of_table(), room.by)
    paper = room.paper()
    anew = bring_table(room.bank, file_of_table(minutes=60), room.by)
    assert list(tables_of(room.bank)) == [anew]
    assert paper.table.content["minutes"] == 30
    with pytest.raises(Refused, match="有了新的"):
        room.paper(table=room.table)
    nowhere = [{"node": "没有", "kind": "single", "count": 20, "points": "1"}]
    with pytest.raises(WrongFileError) as wrong:
        bring_table(room.bank, file_of_table(lines=nowhere), room.by)
    assert [it.path for it in wrong.value.problems] == ["lines[0].node"]
    with pytest.raises(WrongFileError):
        bring_table(room.bank, b"{", room.by)


@pytest.mark.parametrize("role", [BankRole.AUTHOR, BankRole.REVIEWER, BankRole.KEEPER])
def test_who_does_not_assemble_is_refused(room: Room, role: BankRole) -> None:
    paper, other = room.paper(), room.somebody(role, "other")
    acts: list[Any] = [
        lambda: bring_table(room.bank, file_of_table(code="T2"), other),
        lambda: assemble_paper(room.table, SeedFields(1), other),
        lambda: use_paper(paper, UseFields(date(2026, 12, 1)), other),
    ]
    if role is not BankRole.KEEPER:
        acts += [lambda: look_at_paper(paper, other), lambda: check_paper(paper, other)]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.kind is Refusal.FORBIDDEN


def test_what_takes_too_long_or_breaks_writes_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembling, "SECONDS", 0.01)
    with pytest.raises(Refused, match="秒里没有算完"):
        room.paper()
    with assembling._turn, pytest.raises(Refused, match="等一会儿"):
        room.paper()
    monkeypatch.setattr(assembling, "SECONDS", 30.0)
    with monkeypatch.context() as broken:
        broken.setattr(assembling.sys, "executable", str(Path("/nowhere/python")))
        with pytest.raises(Refused, match="中断了"):
            room.paper()
    assert db.session.scalars(select(ExamPaper)).all() == []
    assert room.paper().is_met
