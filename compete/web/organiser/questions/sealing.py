"""A paper's seal: asked for, closed by a second person, opened by two of another hand."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import PaperSeal
from compete.services.questions.sealing import (
    SealFields,
    agree_to_seal,
    ask_to_seal,
    drop_seal,
    open_seal,
    seal_of_paper,
)
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.questions.papers import paper_or_404, show_paper
from compete.web.pages import or_404
from compete.web.refusals import refusal_on
from compete.web.setting_forms import typed_act


def _seal(number: int, paper_number: int) -> PaperSeal:
    return or_404(seal_of_paper(paper_or_404(number, paper_number)))


def _back(number: int, paper_number: int) -> ResponseReturnValue:
    return redirect(url_for("organiser.bank_paper", number=number, paper_number=paper_number))


@face.post("/banks/<int:number>/papers/<int:paper_number>/seal")
@guard.may(Right.ASSEMBLE_PAPERS)
@refusal_on(show_paper)
def ask_paper_seal(number: int, paper_number: int) -> ResponseReturnValue:
    """Ask for the seal."""
    ask_to_seal(paper_or_404(number, paper_number), typed_act(SealFields), current_user)
    flash(_("等一个保密员同意"), "ok")
    return _back(number, paper_number)


@face.post("/banks/<int:number>/papers/<int:paper_number>/seal/agree")
@guard.may(Right.KEEP_QUESTIONS)
@refusal_on(show_paper)
def agree_paper_seal(number: int, paper_number: int) -> ResponseReturnValue:
    """Close it, as the second of two."""
    agree_to_seal(_seal(number, paper_number), current_user)
    flash(_("封上了"), "ok")
    return _back(number, paper_number)


@face.post("/banks/<int:number>/papers/<int:paper_number>/seal/drop")
@guard.may(Right.SEE_PAPERS)
@refusal_on(show_paper)
def drop_paper_seal(number: int, paper_number: int) -> ResponseReturnValue:
    """Drop what was asked for."""
    drop_seal(_seal(number, paper_number), current_user)
    flash(_("没有封"), "ok")
    return _back(number, paper_number)


@face.post("/banks/<int:number>/papers/<int:paper_number>/open")
@guard.may(Right.SEE_PAPERS)
@refusal_on(show_paper)
def open_paper_seal(number: int, paper_number: int) -> ResponseReturnValue:
    """Open it, as the first or the second of two."""
    opened = open_seal(_seal(number, paper_number), current_user)
    flash(_("打开了") if opened else _("开了第一道，等第二个人"), "ok")
    return _back(number, paper_number)
