"""What takes long in a bank, done by jobs of the installation: large files read, papers made.

What such a job is given (a file, a seed) is sealed and goes as it ends; so is what it found wrong.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import func, select

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Account, ExamPaper, Job, PaperTable, Question, QuestionBank, db
from compete.services.jobs.packed_sentences import packed, unpacked
from compete.services.jobs.papers.kept import (
    forget_later,
    forget_papers,
    keep_piece,
    paper_bytes,
    pieces_of,
)
from compete.services.jobs.queue import ask_above
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.refusal import Refused
from compete.services.kernel.remembered_columns import remembered_columns
from compete.services.questions.bank_files import WrongFileError, bring_bank
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.papers import SeedFields, assemble_paper, check_paper
from compete.services.questions.pictures import drawn_anew
from compete.services.questions.question_fields import QUESTION_FIELDS, QUESTION_ROWS
from compete.services.questions.question_writing import plan_questions, write_planned
from compete.services.questions.sealing import refuse_if_sealed
from compete.sheets.headed_rows import HeadedRows, read_headed_rows
from compete.sheets.reading.answers import NOTHING_SAID, Answers, ColumnRead, arrangement
from compete.sheets.registration.table import row_name

READ_QUESTIONS = "questions.read"
BRING_BANK = "bank.bring"
ASSEMBLE = "paper.assemble"
CHECK = "paper.check"
LARGE_BANK = 2000
"""From so many questions on a paper is held against its bank by a job."""
MOST_FAULTS = 500
"""So many are told of a file."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong at a place of a file."""

    place: str
    why: Message


def ask_to_read(bank: QuestionBank, content: bytes, by: Account) -> Job:
    """Have a large file of questions read, and written if nothing in it is wrong."""
    still = partial(require_in_bank, by, bank, Right.WRITE_QUESTIONS)
    still()
    private = base64.b64encode(content).decode()
    what, arguments = f"{bank.id} {by.id}", {"bank": bank.id, "filename": ""}
    return ask_above(READ_QUESTIONS, by, what, arguments, private=private, still=still)


def ask_to_bring(content: bytes, by: Account) -> Job:
    """Have a bank made of a large file; for administrators, which the work asks again."""
    private = base64.b64encode(content).decode()
    arguments = {"filename": ""}
    return ask_above(BRING_BANK, by, str(by.id), arguments, private=private, still=lambda: None)


def ask_to_assemble(table: PaperTable, fields: SeedFields, by: Account) -> Job:
    """Have a paper put together by the table."""
    still = partial(require_in_bank, by, table.bank, Right.ASSEMBLE_PAPERS)
    still()
    if table.ended_at is not None:
        raise Refused(msg("这个方案有了新的，用新的组"))
    what, arguments = f"{table.id} {by.id}", {"table": table.id, "bank": table.bank_id}
    # With the bank the seed would tell what is in the paper.
    private = json.dumps(fields.seed)
    return ask_above(ASSEMBLE, by, what, arguments, private=private, still=still)


def is_large(bank: QuestionBank) -> bool:
    """True of a bank that is not read within a request."""
    query = select(func.count(Question.id)).where(Question.bank_id == bank.id)
    return (db.session.scalar(query) or 0) >= LARGE_BANK


def ask_to_check(paper: ExamPaper, by: Account) -> Job:
    """Have a paper held against its table and its bank once more."""
    still = partial(require_in_bank, by, paper.bank, Right.SEE_PAPERS)
    still()
    refuse_if_sealed(paper)
    what, arguments = (
        f"{paper.id} {by.id}",
        {"paper": paper.id, "bank": paper.bank_id, "filename": ""},
    )
    return ask_above(CHECK, by, what, arguments, still=still)


def faults_found(job: Job, by: Account) -> Sequence[FileFault] | None:
    """What the job found wrong in its file, for who asked; None where that is gone."""
    file = paper_bytes(job, 1, by)
    if file is None:
        return None
    rows: list[tuple[str, dict[str, Any]]] = json.loads(file[1])
    return [FileFault(place, why) for place, it in rows if (why := unpacked(it)) is not None]


@work_for(READ_QUESTIONS)
def _read(run: Run) -> None:
    bank = db.session.get_one(QuestionBank, run.arguments["bank"])
    require_in_bank(run.by, bank, Right.WRITE_QUESTIONS)
    run.step(msg("读出文件里的题"))
    rows = read_headed_rows(_file_of(run), QUESTION_ROWS, _answers)
    if rows.missing:
        raise Refused(msg("有的列认不出来：取一张空表，照它的列名改好再放"))
    run.step(msg("核对 %(n)s 道题", n=len(rows)))
    brought = drawn_anew(rows.pictures)
    plans = plan_questions(bank, rows, brought=brought)
    faults = [
        (_place(rows, plan.number, field), why)
        for plan in plans
        for field, why in {**rows.faults.get(plan.number, {}), **plan.faults}.items()
    ]
    if faults:
        _finish_with(run, faults, bank=bank.id)
        return
    doing = [it for it in plans if it.state in ("added", "changed")]
    kept = {"added": 0, "changed": 0, **run.kept}
    total = kept["added"] + kept["changed"] + len(doing)
    while doing:
        run.step(msg("写入"), total - len(doing), total)
        with run.writing():
            part = doing[: run.portion]
            added, changed = write_planned(bank, part, run.by, brought)
            kept = {"added": kept["added"] + added, "changed": kept["changed"] + changed}
            doing = doing[len(part) :]
            run.keep(total - len(doing), **kept)
    run.finish(bank=bank.id, wrong=0, same=len(plans) - total, **kept)


@work_for(BRING_BANK)
def _bring(run: Run) -> None:
    run.step(msg("读题库文件"))
    try:
        bank = bring_bank(_file_of(run), run.by, partial(run.step, msg("写入")))
    except WrongFileError as error:
        _finish_with(run, [(it.path, it.message) for it in error.problems])
        return
    run.finish(bank=bank.id, wrong=0)


@work_for(ASSEMBLE)
def _assemble(run: Run) -> None:
    table = db.session.get_one(PaperTable, run.arguments["table"])
    assemble_paper(
        table,
        SeedFields(json.loads(run.private or "null")),
        run.by,
        still=partial(run.step, msg("组卷，最多 30 秒")),
        kept=lambda paper: run.finish(paper=paper.id, met=paper.is_met, bank=paper.bank_id),
    )


@work_for(CHECK)
def _check(run: Run) -> None:
    run.step(msg("再查一遍"))
    paper = db.session.get_one(ExamPaper, run.arguments["paper"])
    result: dict[str, Any] = {"paper": paper.id, "bank": paper.bank_id}
    check = check_paper(paper, run.by)
    result["changed"] = check.bank_changed
    if check.differences:
        _finish_with(run, [(it.path, it.message) for it in check.differences], **result)
    else:
        run.finish(wrong=0, **result)


def _file_of(run: Run) -> bytes:
    return base64.b64decode(run.private or "")


def _answers(columns: Sequence[ColumnRead]) -> Answers:
    """The columns as somebody said last of a file with these headings."""
    earlier = remembered_columns(QUESTION_ROWS.name, arrangement(columns))
    return Answers(earlier.columns) if earlier is not None else NOTHING_SAID


def _place(rows: HeadedRows, number: int, field: str) -> str:
    return f"{row_name(number, rows.sheets)} {QUESTION_FIELDS.get(field, field)}"


def _finish_with(run: Run, faults: Sequence[tuple[str, Message]], **result: Any) -> None:
    listed = [(place, packed(why)) for place, why in faults[:MOST_FAULTS]]
    content = json.dumps(listed, ensure_ascii=False).encode()
    with run.writing():
        forget_papers()
        for number, piece in enumerate(pieces_of(content)):
            keep_piece(run.job_id, 0, number, piece)
        run.keep(0, files=1)
        run.finish(wrong=len(faults), files=1, **result)
    forget_later()
