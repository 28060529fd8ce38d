"""A bank or a paper taken out as a file: one asks, a second person agrees, who asked fetches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Account, BankExport, ExamPaper, Question, QuestionBank, db, utc_now
from compete.services.accounts.second_persons import why_not_second
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting, reason_field
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.bank_files import write_bank
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.looks import LookWay, codes_in, note_look
from compete.services.questions.printed_papers import PRINTED, printed_paper
from compete.services.questions.question_fields import QUESTION_FIELDS
from compete.services.questions.question_writing import rows_of_bank
from compete.services.questions.sealing import refuse_if_sealed
from compete.sheets.headed_rows import write_headed_rows
from compete.sheets.questions.qti_writing import write_package

GOOD_FOR = timedelta(hours=1)
"""So long after the second word the file can be fetched."""


FORMS = {
    "file": msg("题库文件（compete-bank/1）"),
    "workbook": msg("Excel，每题一行"),
    "qti": msg("QTI 3，给别的系统用，图片不带"),
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


def open_exports(bank: QuestionBank) -> Sequence[BankExport]:
    """What was asked for and is neither fetched, refused nor over, the oldest first."""
    query = select(BankExport).where(BankExport.bank_id == bank.id, BankExport.ended_at.is_(None))
    rows = db.session.scalars(
        query.options(joinedload(BankExport.asker), joinedload(BankExport.paper)).order_by(
            BankExport.id
        )
    ).all()
    return [row for row in rows if row.agreed_at is None or not is_over(row)]


def is_over(export: BankExport) -> bool:
    """True if the hour after the second word is over."""
    return export.agreed_at is not None and utc_now() - export.agreed_at > GOOD_FOR


def ask_for_export(bank: QuestionBank, fields: ExportFields, by: Account) -> BankExport:
    """Ask for the bank as a file."""
    return _ask(bank, fields.form, fields.reason, by)


def ask_for_paper(paper: ExamPaper, fields: PaperExportFields, by: Account) -> BankExport:
    """Ask for a paper of the bank in print, its answer sheet, its key, or as its file."""
    return _ask(paper.bank, fields.form, fields.reason, by, paper)


def _ask(
    bank: QuestionBank, form: str, reason: str, by: Account, paper: ExamPaper | None = None
) -> BankExport:
    require_in_bank(by, bank, Right.TAKE_OUT_QUESTIONS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        if paper is not None:
            refuse_if_sealed(paper)
        if any(it.asked_by == by.id for it in open_exports(bank)):
            raise Refused(msg("您要的还没有取，先等同意，或者先取走"))
        export = BankExport(
            bank_id=bank.id,
            form=form,
            reason=reason,
            asked_by=by.id,
            paper_id=paper.id if paper else None,
        )
        session.add(export)
        session.flush()
        named = {"paper": paper.name, "form": form} if paper else None
        audit.record(None, by, "bank.ask_file", bank.code, after=named, reason=reason)
    return export


def why_not_agree(export: BankExport, by: Account) -> Message | None:
    """Say why somebody is no second person for the file; None: they are."""
    if export.asked_by == by.id:
        return msg("自己要的，请另一个保密员同意")
    return why_not_second(export.asked_by, by)


def agree_to_export(export: BankExport, by: Account) -> None:
    """Agree to the file, as the second of two."""
    require_in_bank(by, export.bank, Right.KEEP_QUESTIONS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        export = session.get_one(BankExport, export.id, populate_existing=True)
        if export.ended_at is not None or export.agreed_at is not None:
            raise Refused(msg("已经办过了"))
        refuse_if(why_not_agree(export, by))
        export.agreed_by, export.agreed_at = by.id, utc_now()
        _record(export, "bank.agree_file", by)


def refuse_export(export: BankExport, by: Account) -> None:
    """Refuse the file, or drop what oneself asked for."""
    if export.asked_by != by.id:
        require_in_bank(by, export.bank, Right.KEEP_QUESTIONS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        export = session.get_one(BankExport, export.id, populate_existing=True)
        if export.ended_at is not None:
            raise Refused(msg("已经办过了"))
        export.ended_at = utc_now()
        _record(export, "bank.refuse_file", by)


def fetch_export(export: BankExport, by: Account) -> bytes:
    """The file, once, for who asked, within the hour after the second word."""
    require_in_bank(by, export.bank, Right.TAKE_OUT_QUESTIONS)
    _refuse_to_fetch(export, by)
    # Written before the transaction, for whose end all others wait.
    content = _content_of(export)
    with unit_of_work() as session:
        audit.claim_chain(None)
        export = session.get_one(BankExport, export.id, populate_existing=True)
        _refuse_to_fetch(export, by)
        export.ended_at = utc_now()
        bank, paper = export.bank, export.paper
        inside = select(Question).where(Question.bank_id == bank.id)
        if paper is not None:
            inside = inside.where(Question.code.in_(codes_in(paper)))
        note_look(bank, by, LookWay.FILE, session.scalars(inside).all(), paper=paper)
        _record(export, "bank.fetch_file", by)
    return content


def _refuse_to_fetch(export: BankExport, by: Account) -> None:
    if export.asked_by != by.id:
        raise Refused(msg("谁要的谁取"))
    if export.agreed_at is None:
        raise Refused(msg("还没有第二个人同意"))
    if export.ended_at is not None or is_over(export):
        raise Refused(msg("过了一小时，或者取过了：要用再要一次"))
    if export.paper is not None:
        refuse_if_sealed(export.paper)


def _content_of(export: BankExport) -> bytes:
    if export.paper is not None and export.form in PRINTED:
        return printed_paper(export.paper, export.form)
    if export.paper is not None:
        return export.paper.content.encode()
    if export.form == "file":
        return write_bank(export.bank)
    if export.form == "qti":
        return write_package(rows_of_bank(export.bank))
    return write_rows(rows_of_bank(export.bank))


def write_rows(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A workbook of these questions, which reads back as it is."""
    return write_headed_rows(msg("试题"), QUESTION_FIELDS, rows)


def _record(export: BankExport, action: str, by: Account) -> None:
    db.session.flush()
    after = {"asked_by": export.asker.name}
    if export.paper is not None:
        after |= {"paper": export.paper.name, "form": export.form}
    audit.record(None, by, action, export.bank.code, after=after)
