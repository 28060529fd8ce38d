"""A bank or a paper taken out as a file: one asks, a second person agrees, who asked fetches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from compete.domain.values.examination_states import BankRequestKind
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Account, BankRequest, ExamPaper, Question, QuestionBank, utc_now
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting, reason_field
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.bank_files import write_bank
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.by_two import ask_for_two, is_over, record_request
from compete.services.questions.looks import LookWay, note_look
from compete.services.questions.pictures import picture_reader
from compete.services.questions.printed_papers import PRINTED, printed_paper
from compete.services.questions.question_fields import QUESTION_FIELDS
from compete.services.questions.question_writing import rows_of_bank
from compete.services.questions.sealing import codes_in, refuse_if_sealed
from compete.sheets.headed_rows import write_headed_rows
from compete.sheets.questions.qti_writing import write_package

FORMS = {
    "file": msg("题库文件（compete-bank/1）"),
    "workbook": msg("Excel，每题一行"),
    "qti": msg("QTI 3，给别的系统用，带着图"),
}


@dataclass(frozen=True, slots=True)
class ExportFields:
    """Why a bank is to be taken out."""

    form: Annotated[str, Setting(msg("写成"), choices=FORMS)]
    reason: Annotated[str, reason_field(msg("为什么取出"), needed=msg("写明为什么取出"))]


PAPER_FORMS = {**PRINTED, "file": msg("试卷文件（compete-paper/1）")}


@dataclass(frozen=True, slots=True)
class PaperExportFields:
    """What of a paper is to leave, and why."""

    form: Annotated[str, Setting(msg("取什么"), choices=PAPER_FORMS)]
    reason: Annotated[str, reason_field(msg("为什么取出"), needed=msg("写明为什么取出"))]


def ask_for_export(bank: QuestionBank, fields: ExportFields, by: Account) -> BankRequest:
    """Ask for the bank as a file."""
    return ask_for_two(BankRequestKind.FILE, bank, by, fields.reason, form=fields.form)


def ask_for_paper(paper: ExamPaper, fields: PaperExportFields, by: Account) -> BankRequest:
    """Ask for a paper of the bank in print, its answer sheet, its key, or as its file."""
    return ask_for_two(BankRequestKind.FILE, paper, by, fields.reason, form=fields.form)


def fetch_export(export: BankRequest, by: Account) -> bytes:
    """The file, once, for who asked, within the hour after the second word."""
    require_in_bank(by, export.bank, Right.TAKE_OUT_QUESTIONS)
    _refuse_to_fetch(export, by)
    # Written before the transaction, for whose end all others wait.
    content = _content_of(export)
    with unit_of_work() as session:
        audit.claim_chain(None)
        export = session.get_one(BankRequest, export.id, populate_existing=True)
        _refuse_to_fetch(export, by)
        export.ended_at = utc_now()
        bank, paper = export.bank, export.paper
        inside = select(Question).where(Question.bank_id == bank.id)
        if paper is not None:
            inside = inside.where(Question.code.in_(codes_in(paper)))
        note_look(bank, by, LookWay.FILE, session.scalars(inside).all(), paper=paper)
        record_request(export, "bank.fetch_file", by)
    return content


def _refuse_to_fetch(export: BankRequest, by: Account) -> None:
    if export.asked_by != by.id:
        raise Refused(msg("谁要的谁取"))
    if export.agreed_at is None:
        raise Refused(msg("还没有第二个人同意"))
    if export.ended_at is not None or is_over(export):
        raise Refused(msg("过了一小时，或者取过了：要用再要一次"))
    if export.paper is not None:
        refuse_if_sealed(export.paper)


def _content_of(export: BankRequest) -> bytes:
    if export.paper is not None and export.form in PRINTED:
        return printed_paper(export.paper, export.form)
    if export.paper is not None:
        return export.paper.content.encode()
    if export.form == "file":
        return write_bank(export.bank)
    if export.form == "qti":
        return write_package(rows_of_bank(export.bank), picture_reader(export.bank))
    return write_rows(rows_of_bank(export.bank))


def write_rows(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A workbook of these questions, which reads back as it is."""
    return write_headed_rows(msg("试题"), QUESTION_FIELDS, rows)
