"""What takes long in a bank: files read whole or not at all, a paper made, whatever dies."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.values.roles import BankRole
from compete.domain.values.states import JobState
from compete.models import ExamPaper, Job, Question, QuestionBank, db
from compete.services.jobs import queue
from compete.services.jobs.queue import find_own_job, job_error, stop_job
from compete.services.jobs.running import do_next
from compete.services.jobs.workers import take_up_jobs
from compete.services.kernel.portions import Portion
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.questions import bank_jobs
from compete.services.questions.bank_jobs import (
    ask_to_assemble,
    ask_to_check,
    ask_to_read,
    faults_found,
)
from compete.services.questions.bank_rights import parts_of_bank, take_part_back
from compete.services.questions.exports import write_rows
from compete.services.questions.papers import SeedFields, bring_table
from compete.services.questions.reviews import withdraw_question
from compete.services.questions.sealing import codes_in
from tests.services.jobs.conftest import KilledError
from tests.support.banks import (
    administrator,
    example_bank,
    file_of_table,
    in_bank,
    question,
    small_bank,
)


@pytest.fixture
def bank(here: Flask, monkeypatch: pytest.MonkeyPatch) -> QuestionBank:
    monkeypatch.setattr(queue, "wake", lambda _nobody: None)
    return small_bank()


def workbook(*answers: str) -> bytes:
    """A workbook of true-or-false questions with these answers."""
    rows = [
        {"kind": "判断", "node": "B-001", "stem": f"第 {n} 道：先关阀。", "key": it}
        for n, it in enumerate(answers)
    ]
    return write_rows(rows)


def again(job: Job) -> Job:
    return db.session.get_one(Job, job.id, populate_existing=True)


def written() -> int:
    query = select(Question).where(Question.made_by.is_not(None))
    return len(db.session.scalars(query).all())


@pytest.mark.each_database
def test_a_large_file_is_written_whole_though_its_worker_dies(
    bank: QuestionBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = in_bank(bank, BankRole.AUTHOR, "author", administrator())
    job = ask_to_read(bank, workbook(*"对错" * 20), author)
    assert ask_to_read(bank, workbook("对"), author).id == job.id
    parts: list[Any] = []
    write = bank_jobs.write_planned

    def dies_at_the_second(*asked: Any) -> tuple[int, int]:
        parts.append(asked)
        if len(parts) == 2:
            raise KilledError
        return write(*asked)

    monkeypatch.setattr(bank_jobs, "write_planned", dies_at_the_second)
    monkeypatch.setattr(Portion, "size", 15)
    with pytest.raises(KilledError):
        do_next(None)
    db.session.rollback()
    assert written() == 15
    assert again(job).private is not None
    assert do_next(None)
    assert (written(), again(job).state, again(job).private) == (40, JobState.DONE, None)
    assert again(job).result == {
        **{"bank": bank.id, "wrong": 0, "same": 0, "added": 40, "changed": 0},
    }
    assert not do_next(None)


def test_every_fault_is_told_to_who_asked_alone_and_nothing_is_written(bank: QuestionBank) -> None:
    admin = administrator()
    author, other = (in_bank(bank, BankRole.AUTHOR, name, admin) for name in ("a", "b"))
    job = ask_to_read(bank, workbook("对", "也许", "错", ""), author)
    assert do_next(None)
    faults = faults_found(again(job), author)
    assert faults is not None
    assert [it.place for it in faults] == ["4 答案", "6 答案"]
    assert written() == 0
    assert faults_found(again(job), other) is None
    assert find_own_job(job.public_id, other) is None
    assert "也许" not in str(again(job).result)


def test_who_lost_the_role_meanwhile_writes_nothing(bank: QuestionBank) -> None:
    admin = administrator()
    author = in_bank(bank, BankRole.AUTHOR, "a", admin)
    job = ask_to_read(bank, workbook("对"), author)
    take_part_back(parts_of_bank(bank)[0], admin)
    assert do_next(None)
    assert again(job).state is JobState.FAILED
    assert "命题人" in str(job_error(again(job)))
    assert written() == 0
    with pytest.raises(Refused) as refused:
        ask_to_read(bank, workbook("对"), author)
    assert refused.value.kind is Refusal.FORBIDDEN


def test_a_paper_is_made_once_and_a_stopped_one_is_not(
    bank: QuestionBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, admin = example_bank(), administrator()
    by = in_bank(other, BankRole.ASSEMBLER, "assembler", admin)
    table = bring_table(other, file_of_table(), by)
    job = ask_to_assemble(table, SeedFields(7), by)
    assert (job.arguments, job.private) == ({"table": table.id, "bank": other.id}, "7")
    stop_job(job, by)
    assert not do_next(None)
    job = ask_to_assemble(table, SeedFields(7), by)
    assembled = bank_jobs.assemble_paper

    def stopped_meanwhile(*asked: Any, still: Any, kept: Any) -> Any:
        stop_job(again(job), by)
        return assembled(*asked, still=still, kept=kept)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(bank_jobs, "assemble_paper", stopped_meanwhile)
        do_next(None)
    assert again(job).state is JobState.STOPPED
    assert db.session.scalars(select(ExamPaper)).all() == []
    job = ask_to_assemble(table, SeedFields(7), by)
    woken: list[int | None] = []
    monkeypatch.setattr("compete.services.jobs.workers.wake", woken.append)
    take_up_jobs()
    assert woken == [None]
    assert do_next(None)
    paper = db.session.scalars(select(ExamPaper)).one()
    assert again(job).result == {"paper": paper.id, "met": True, "bank": other.id}
    assert again(job).private is None
    # Held against its bank once more, as that is now.
    checked = ask_to_check(paper, by)
    assert do_next(None)
    result = {"paper": paper.id, "bank": other.id, "changed": False, "wrong": 0}
    assert again(checked).result == result
    withdraw_question(
        question(min(codes_in(paper))), "旧标准", in_bank(other, BankRole.KEEPER, "k", admin)
    )
    checked = ask_to_check(paper, by)
    assert do_next(None)
    assert again(checked).result == result | {"changed": True, "wrong": 1, "files": 1}
    (fault,) = faults_found(again(checked), by) or ()
    assert "不在用" in str(fault.why)
