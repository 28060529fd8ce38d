"""题库: the list of banks, and one made of a file by an administrator."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_TYPED_ROWS
from compete.services.kernel.refusal import Refused, invalid
from compete.services.questions.bank_files import LARGEST_BANK, WrongFileError, bring_bank
from compete.services.questions.bank_jobs import ask_to_bring
from compete.services.questions.bank_questions import banks_of
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.questions.waiting import describe_bank_waits
from compete.web.pages import sent_file
from compete.web.refusals import problem_of, refusal_on


def _show_banks(refused: Refused | None = None) -> str:
    return render_template(
        "organiser/questions/banks.html",
        rows=banks_of(current_user),
        waits=describe_bank_waits(),
        may_bring=current_user.is_admin,
        problem=problem_of(refused),
        faults=refused.problems if isinstance(refused, WrongFileError) else (),
    )


@face.get("/banks")
@guard.may(Right.OPEN_BANKS)
def banks() -> ResponseReturnValue:
    """The banks that the reader may open."""
    return _show_banks()


@face.post("/banks")
@guard.may(Right.ADMINISTER)
@only_once
@refusal_on(_show_banks)
def bring_bank_file() -> ResponseReturnValue:
    """Make a bank of a file; of a large one by a job."""
    content = sent_file("file", LARGEST_BANK)
    if not content:
        raise invalid(msg("选一个题库文件"))
    if len(content) > LARGEST_TYPED_ROWS:
        return redirect(job_url(ask_to_bring(content, current_user)))
    bank = bring_bank(content, current_user)
    flash(_("建好了 %(name)s，给人职责以后才有人看得到题", name=bank.name), "ok")
    return redirect(url_for("organiser.bank", number=bank.id))
