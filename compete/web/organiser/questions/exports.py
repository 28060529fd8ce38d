"""A bank or a paper taken out as a file: asked for, agreed to by a second person, fetched once."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import BankRequest, QuestionBank
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.by_two import open_files, second_word
from compete.services.questions.exports import (
    FORMS,
    PAPER_FORMS,
    ExportFields,
    ask_for_export,
    fetch_export,
)
from compete.services.questions.printed_papers import PRINTED
from compete.web import guard
from compete.web.downloads import send_file_bytes, send_json, send_pdf, send_workbook
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.questions.bank import bank_or_404
from compete.web.pages import or_404
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act


def _bank(number: int) -> QuestionBank:
    here = bank_or_404(number)
    require_in_bank(current_user, here, Right.TAKE_OUT_QUESTIONS)
    return here


def _own(number: int, export_number: int) -> BankRequest:
    here, export = _bank(number), or_404(find(BankRequest, export_number))
    return or_404(export if export.bank_id == here.id else None)


def show_exports(
    number: int, refused: Refused | None = None, export_number: int | None = None
) -> str:
    """The page of files that were asked for."""
    here = _bank(number)
    return render_template(
        "organiser/questions/exports.html",
        bank=here,
        rows=[second_word(it, current_user) for it in open_files(here)],
        forms=FORMS,
        paper_forms=PAPER_FORMS,
        form=act_form(ExportFields, refused),
        problem=problem_of(refused),
    )


@face.get("/banks/<int:number>/files")
@guard.may(Right.TAKE_OUT_QUESTIONS)
def bank_files(number: int) -> ResponseReturnValue:
    """What was asked for, and the form of one more."""
    return show_exports(number)


@face.post("/banks/<int:number>/files")
@guard.may(Right.TAKE_OUT_QUESTIONS)
@refusal_on(show_exports)
def ask_bank_file(number: int) -> ResponseReturnValue:
    """Ask for the bank as a file."""
    ask_for_export(_bank(number), typed_act(ExportFields), current_user)
    flash(_("等另一个保密员同意"), "ok")
    return redirect(url_for("organiser.bank_files", number=number))


@face.post("/banks/<int:number>/files/<int:export_number>/fetch")
@guard.may(Right.TAKE_OUT_QUESTIONS)
@refusal_on(show_exports)
def take_bank_file(number: int, export_number: int) -> ResponseReturnValue:
    """Hand the file out, once."""
    export = _own(number, export_number)
    content, name = fetch_export(export, current_user), export.bank.name
    if export.paper is not None and export.form in PRINTED:
        return send_pdf(content, f"{export.paper.name}_{say(PRINTED[export.form])}.pdf")
    if export.paper is not None:
        return send_json(content, f"{export.paper.name}.json")
    if export.form == "workbook":
        return send_workbook(content, f"{name}.xlsx")
    if export.form == "qti":
        return send_file_bytes(content, f"{name}.zip", "application/zip", show=False)
    return send_json(content, f"{name}.json")
