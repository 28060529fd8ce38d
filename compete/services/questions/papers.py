"""Papers of a bank: tables brought, papers put together by them, looked at, checked, used."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.exam.bank import read_bank
from compete.domain.exam.exam_words import limit_words, short_words
from compete.domain.exam.files import file_sha256
from compete.domain.exam.paper import MET, Paper, read_paper
from compete.domain.exam.table import Table, read_table, refuse_unknown_nodes
from compete.domain.values.canonical import SAFE, canonical_sha256
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import (
    Account,
    ExamPaper,
    PaperTable,
    Question,
    QuestionBank,
    QuestionUse,
    QuestionVersion,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import Refused
from compete.services.kernel.sealed_inserts import insert_sealed
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.assembling import assembled_paper, differences_of_paper
from compete.services.questions.bank_files import (
    WrongFileError,
    nodes_of,
    questions_as_filed,
    syllabus_file,
    write_bank,
)
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.looks import LookWay, note_look
from compete.services.questions.sealing import codes_in, refuse_if_sealed
from compete.services.questions.version_rows import version_of_row

LARGEST_TABLE = 1024 * 1024
Versions = dict[tuple[str, int], dict[str, Any]]
"""Versions of questions as a file has them, by code and number."""


@dataclass(frozen=True, slots=True)
class SeedFields:
    """What a paper is drawn by."""

    seed: Annotated[
        int | None,
        Setting(
            msg("种子"),
            msg("同一个种子、题库和方案组出同一份卷。不写就随机取一个"),
            most=SAFE,
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class UseFields:
    """The day on which a paper was sat."""

    day: Annotated[date, Setting(msg("哪天考的"), needed=msg("写哪天考的"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemShown:
    """An item of a form with its question, in the version that stands in the paper."""

    line: int
    points: str
    question: Question
    version: Mapping[str, Any]
    options: Sequence[str]
    """The ids of its options as they are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormShown:
    """A form with its items, by kind, then by line."""

    form: str
    mean: str
    items: Sequence[ItemShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperShown:
    """A paper as its file says it, and what it lacks."""

    paper: Paper
    forms: Sequence[FormShown]
    lacks: Sequence[Message]
    limits: Sequence[Message]
    """How much better another may be, where the solver came to its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCheck:
    """What a paper was found to be: all that does not hold, and whether the bank is as it was."""

    differences: Sequence[Problem]
    bank_changed: bool


def tables_of(bank: QuestionBank) -> Sequence[PaperTable]:
    """The tables of a bank that stand, by their codes."""
    query = select(PaperTable).where(PaperTable.bank_id == bank.id, PaperTable.ended_at.is_(None))
    return db.session.scalars(query.order_by(PaperTable.code)).all()


def papers_of(bank: QuestionBank) -> Sequence[ExamPaper]:
    """The papers of a bank, the last first."""
    query = select(ExamPaper).where(ExamPaper.bank_id == bank.id).order_by(ExamPaper.id.desc())
    together = joinedload(ExamPaper.table), joinedload(ExamPaper.maker)
    return db.session.scalars(query.options(*together)).all()


def table_file(table: PaperTable) -> bytes:
    """The table as its file, `compete-table/1`."""
    return json.dumps(table.content, ensure_ascii=False, indent=1).encode() + b"\n"


def table_as_read(table: PaperTable) -> Table:
    """The table with its types."""
    return read_table(table_file(table))


def node_names(bank: QuestionBank) -> dict[str, str]:
    """What the nodes of the syllabus are called, by their codes."""
    return {node.code: node.name for node in nodes_of(bank)}


def bring_table(bank: QuestionBank, content: bytes, by: Account) -> PaperTable:
    """Keep a table of the bank; it takes the place of one of the same code.

    Raises `WrongFileError`; `Refused` for one that stands already as it is.
    """
    require_in_bank(by, bank, Right.ASSEMBLE_PAPERS)
    try:
        read = read_table(content)
        refuse_unknown_nodes(read, read_bank(syllabus_file(bank, [])))
    except BundleError as error:
        raise WrongFileError(error) from None
    check_text(read.name, 200)
    sha256 = file_sha256(content)
    with unit_of_work() as session:
        audit.claim_chain(None)
        before = next((it for it in tables_of(bank) if it.code == read.code), None)
        if before is not None and before.sha256 == sha256:
            raise Refused(msg("这个方案已经有了，一个字不差"))
        if before is not None:
            before.ended_at = utc_now()
            session.flush()
        table = PaperTable(
            bank_id=bank.id,
            code=read.code,
            name=read.name,
            content=json.loads(content.decode("utf-8-sig")),
            sha256=sha256,
            made_by=by.id,
        )
        session.add(table)
        session.flush()
        after = {"name": read.code, "sha256": sha256}
        audit.record(None, by, "bank.table", bank.code, after=after)
    return table


def assemble_paper(
    table: PaperTable,
    fields: SeedFields,
    by: Account,
    *,
    still: Callable[[], object] = lambda: None,
    kept: Callable[[ExamPaper], object] = lambda _paper: None,
) -> ExamPaper:
    """Put a paper together by the table from the bank as it stands, and keep it.

    `still` is called now and then; if it raises, the solver ends. `kept` is called in the
    transaction that keeps the paper.
    """
    require_in_bank(by, table.bank, Right.ASSEMBLE_PAPERS)
    if table.ended_at is not None:
        raise Refused(msg("这个方案有了新的，用新的组"))
    seed = secrets.randbelow(SAFE + 1) if fields.seed is None else fields.seed
    bank_content, table_content = write_bank(table.bank), table_file(table)
    # Nothing is kept open in the database while the solver works.
    db.session.rollback()
    content = assembled_paper(bank_content, table_content, seed, still)
    read, sha256 = read_paper(content), file_sha256(content)
    with unit_of_work() as session:
        audit.claim_chain(None)
        codes = {item.question for form in read.forms for item in form.items}
        pool = select(Question.id).where(
            *(Question.bank_id == table.bank_id, Question.code.in_(codes)),
            Question.pool != table_as_read(table).pool,
        )
        if session.scalar(pool.limit(1)) is not None:
            raise Refused(msg("组卷的时候有题转成了练习题，再组一份"))
        paper = ExamPaper(
            bank_id=table.bank_id,
            table_id=table.id,
            is_met=read.state == MET,
            content=content.decode(),
            sha256=sha256,
            made_by=by.id,
        )
        paper.table = table
        session.add(paper)
        session.flush()
        after = {"name": paper.name, "met": paper.is_met, "sha256": sha256}
        audit.record(None, by, "bank.paper", table.bank.code, after=after)
        kept(paper)
    return paper


def look_at_paper(paper: ExamPaper, by: Account) -> PaperShown:
    """The paper with its questions; that somebody saw it is kept. Raises `Refused` under seal."""
    require_in_bank(by, paper.bank, Right.SEE_PAPERS)
    refuse_if_sealed(paper)
    questions = _questions_in(paper)
    note_look(paper.bank, by, LookWay.PAPER, list(questions.values()), paper=paper)
    read = read_paper(paper.content.encode())
    lacks = short_words(read, table_as_read(paper.table))
    return PaperShown(
        paper=read, forms=forms_of_paper(paper), lacks=lacks, limits=limit_words(read)
    )


def forms_of_paper(paper: ExamPaper) -> list[FormShown]:
    """The forms of a paper with their questions; who asks sees to what it takes."""
    read, questions, versions = asked_in(paper)
    return [
        FormShown(
            form=form.form,
            mean="" if form.mean is None else f"{form.mean:f}",
            items=[
                ItemShown(
                    line=item.line,
                    points=f"{item.points:f}",
                    question=questions[item.question],
                    version=versions[item.question, item.version],
                    options=item.options or (),
                )
                for item in form.items
            ],
        )
        for form in read.forms
    ]


def asked_in(paper: ExamPaper) -> tuple[Paper, dict[str, Question], Versions]:
    """The paper as its file says it, its questions by code, and their versions with keys.

    For what is sat, which nobody sees by asking; who looks at a paper asks `look_at_paper`.
    """
    questions = _questions_in(paper)
    return read_paper(paper.content.encode()), questions, _versions_of(questions)


def _versions_of(questions: Mapping[str, Question]) -> Versions:
    codes = {question.id: code for code, question in questions.items()}
    rows = db.session.scalars(select(QuestionVersion).where(QuestionVersion.question_id.in_(codes)))
    return {(codes[row.question_id], row.number): version_of_row(row) for row in rows}


def _questions_in(paper: ExamPaper) -> dict[str, Question]:
    """The questions in a paper, by their codes."""
    query = select(Question).where(
        Question.bank_id == paper.bank_id, Question.code.in_(codes_in(paper))
    )
    rows = db.session.scalars(query.options(joinedload(Question.node)))
    return {question.code: question for question in rows}


def check_paper(paper: ExamPaper, by: Account) -> PaperCheck:
    """Hold the paper against its table, and against the bank as it stands but for its own use."""
    require_in_bank(by, paper.bank, Right.SEE_PAPERS)
    refuse_if_sealed(paper)
    content, table = paper.content.encode(), table_file(paper.table)
    read = read_paper(content)
    tree = json.loads(syllabus_file(paper.bank, _without_use(paper)))
    changed = canonical_sha256(tree) != read.bank.sha256
    bank = json.dumps(tree, ensure_ascii=False).encode()
    db.session.rollback()
    differences = differences_of_paper(content, bank, table, read.bank.sha256)
    return PaperCheck(differences=differences, bank_changed=changed)


def _without_use(paper: ExamPaper) -> list[dict[str, Any]]:
    """The bank's questions as filed, without the uses that come from the paper itself."""
    if paper.used_on is None:
        return list(questions_as_filed(paper.bank))
    own = {"day": paper.used_on.isoformat(), "paper": paper.name}
    rows = []
    for question in questions_as_filed(paper.bank):
        uses = [use for use in question.pop("uses", ()) if use != own]
        rows.append({**question, "uses": uses} if uses else question)
    return rows


def use_paper(paper: ExamPaper, fields: UseFields, by: Account) -> None:
    """Say on which day the paper was sat: each of its questions was used on that day."""
    require_in_bank(by, paper.bank, Right.ASSEMBLE_PAPERS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        paper = session.get_one(ExamPaper, paper.id, populate_existing=True)
        refuse_if_sealed(paper)
        if paper.used_on is not None:
            raise Refused(msg("已经写过用在哪天了"))
        note_paper_sat(paper, fields.day, by)


def note_paper_sat(paper: ExamPaper, day: date, by: Account) -> None:
    """Note that the paper was sat on that day, unless a day stands; inside a unit of work."""
    if paper.used_on is not None:
        return
    audit.claim_chain(None)
    paper.used_on, paper.used_by = day, by.id
    numbers = [question.id for question in _questions_in(paper).values()]
    uses = ({"question_id": it, "day": day, "paper": paper.name} for it in numbers)
    insert_sealed(None, QuestionUse, uses)
    db.session.flush()
    after = {"name": paper.name, "day": day.isoformat(), "n": len(numbers)}
    audit.record(None, by, "bank.paper_used", paper.bank.code, after=after)
