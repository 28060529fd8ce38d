"""Questions from a file: looked at, put right on the page, written; and the form to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.exam.bank import Pool
from compete.domain.values.rights import Right
from compete.models import QuestionBank
from compete.services.jobs.queue import find_own_job
from compete.services.questions.bank_jobs import CHECK, ask_to_read, faults_found
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.exports import write_rows
from compete.services.questions.pictures import NO_PICTURES, drawn_anew
from compete.services.questions.question_fields import (
    MOST_QUESTION_ROWS,
    QUESTION_FIELDS,
    QUESTION_ROWS,
)
from compete.services.questions.question_writing import (
    PlannedQuestion,
    plan_questions,
    rows_of_bank,
    write_questions,
)
from compete.sheets.headed_rows import HeadedRows
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import (
    SentRows,
    fields_preview,
    looked_at,
    write_looked_at,
)
from compete.web.organiser.jobs.job_faces import face_of, job_url
from compete.web.organiser.questions.bank import bank_or_404
from compete.web.pages import fields_of, or_404

_MOST_SHOWN = 300


def _bank(number: int) -> QuestionBank:
    here = bank_or_404(number)
    require_in_bank(current_user, here, Right.WRITE_QUESTIONS)
    return here


class _Looked:
    """Rows planned with the pictures that came with them, and written with them."""

    def __init__(self, bank: QuestionBank) -> None:
        self.bank, self.brought = bank, NO_PICTURES

    def plan(self, rows: SentRows) -> list[PlannedQuestion]:
        if isinstance(rows, HeadedRows):
            self.brought = drawn_anew(rows.pictures)
        return plan_questions(self.bank, rows, brought=self.brought)

    def write(self, rows: Sequence[Mapping[str, Any]]) -> ResponseReturnValue:
        added, changed = write_questions(self.bank, rows, current_user, brought=self.brought)
        flash(_("新出 %(added)s 道，改出新版 %(changed)s 道", added=added, changed=changed), "ok")
        return redirect(url_for("organiser.bank", number=self.bank.id))


def _show(here: QuestionBank, sent: SentRows, problem: str | None) -> str:
    preview = fields_preview(
        "questions",
        QUESTION_FIELDS,
        _Looked(here).plan,
        sent,
        problem,
        most=_MOST_SHOWN,
        at={"number": here.id},
        back=url_for("organiser.bank", number=here.id),
    )
    page = fields_of(preview)
    return render_template(
        "organiser/questions/upload.html", bank=here, most_rows=MOST_QUESTION_ROWS, **page
    )


@face.route("/banks/<int:number>/upload", methods=["GET", "POST"])
@guard.may(Right.WRITE_QUESTIONS)
@only_once
def upload_questions(number: int) -> ResponseReturnValue:
    """Look at a workbook, or a file of another program; a job reads and writes a large one."""
    here = _bank(number)

    def large(content: bytes) -> ResponseReturnValue:
        return redirect(job_url(ask_to_read(here, content, current_user)))

    return looked_at(QUESTION_ROWS, partial(_show, here), large)


@face.get("/banks/file-faults/<public_id>")
@guard.may(Right.OPEN_BANKS)
def bank_file_faults(public_id: str) -> ResponseReturnValue:
    """What a job found wrong in a large file, for who asked for it, for an hour."""
    job = or_404(find_own_job(public_id, current_user))
    result = or_404(job.result)
    return render_template(
        "organiser/questions/file_faults.html",
        title=face_of(job).title(job),
        again_url=face_of(job).back(job),
        faults=faults_found(job, current_user),
        of_file=job.kind != CHECK,
        total=result.get("wrong", 0),
    )


@face.post("/banks/<int:number>/write", endpoint="write_questions")
@guard.may(Right.WRITE_QUESTIONS)
@only_once
def write_uploaded_questions(number: int) -> ResponseReturnValue:
    """Write the rows that are in order."""
    here = _bank(number)
    looked = _Looked(here)
    return write_looked_at(QUESTION_ROWS, partial(_show, here), looked.plan, looked.write)


@face.get("/banks/<int:number>/questions.xlsx")
@guard.may(Right.SEE_QUESTIONS)
def questions_workbook(number: int) -> Response:
    """The form of a workbook, with the practice questions; secret ones leave by two alone."""
    here = bank_or_404(number)
    require_in_bank(current_user, here, Right.SEE_QUESTIONS)
    return send_workbook(write_rows(rows_of_bank(here, pool=Pool.PRACTICE)), f"{here.name}.xlsx")
