"""What takes two in a bank: papers sealed, opened and made void; the second word on anything."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from compete.domain.values.examination_states import BankRequestKind
from compete.domain.values.rights import Right
from compete.models import BankRequest
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.questions.by_two import (
    KINDS,
    SealFields,
    agree_to_it,
    ask_for_two,
    ask_to_seal,
    drop_it,
)
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.questions.bank import bank_or_404
from compete.web.organiser.questions.exports import show_exports
from compete.web.organiser.questions.papers import paper_or_404, show_paper
from compete.web.organiser.questions.question import show_question
from compete.web.organiser.questions.waiting import url_of_request
from compete.web.pages import or_404
from compete.web.posted import posted_reason
from compete.web.refusals import refusal_on
from compete.web.setting_forms import typed_act


def _request(number: int, request_number: int) -> BankRequest:
    here, row = bank_or_404(number), or_404(find(BankRequest, request_number))
    return or_404(row if row.bank_id == here.id else None)


def _back(request: BankRequest, word: int) -> ResponseReturnValue:
    flash(say(KINDS[request.kind].words[word]), "ok")
    return redirect(url_of_request(request))


def _show(number: int, request_number: int, refused: Refused) -> ResponseReturnValue:
    request = _request(number, request_number)
    if request.kind is BankRequestKind.FILE:
        return show_exports(number, refused)
    if request.question_id is not None:
        return show_question(number, request.question_id, refused)
    assert request.paper_id is not None, "of a paper or a question"
    return show_paper(number, request.paper_id, refused)


@face.post("/banks/<int:number>/papers/<int:paper_number>/seal")
@guard.may(Right.ASSEMBLE_PAPERS)
@refusal_on(show_paper)
def ask_paper_seal(number: int, paper_number: int) -> ResponseReturnValue:
    """Ask for the seal."""
    paper = paper_or_404(number, paper_number)
    return _back(ask_to_seal(paper, typed_act(SealFields), current_user), 0)


@face.post("/banks/<int:number>/papers/<int:paper_number>/open")
@guard.may(Right.SEE_PAPERS)
@refusal_on(show_paper)
def ask_paper_open(number: int, paper_number: int) -> ResponseReturnValue:
    """Open it as the first of two, before its moment with a reason."""
    paper = paper_or_404(number, paper_number)
    return _back(ask_for_two(BankRequestKind.OPEN, paper, current_user, posted_reason()), 0)


@face.post("/banks/<int:number>/papers/<int:paper_number>/void")
@guard.may(Right.SEE_PAPERS)
@refusal_on(show_paper)
def ask_paper_void(number: int, paper_number: int) -> ResponseReturnValue:
    """Ask that it be made void."""
    paper = paper_or_404(number, paper_number)
    return _back(ask_for_two(BankRequestKind.VOID, paper, current_user, posted_reason()), 0)


@face.post("/banks/<int:number>/asked/<int:request_number>/agree")
@guard.may(Right.SEE_PAPERS)
@refusal_on(_show)
def agree_bank_request(number: int, request_number: int) -> ResponseReturnValue:
    """Agree, as the second of two."""
    request = _request(number, request_number)
    agree_to_it(request, current_user)
    return _back(request, 1)


@face.post("/banks/<int:number>/asked/<int:request_number>/drop")
@guard.may(Right.SEE_PAPERS)
@refusal_on(_show)
def drop_bank_request(number: int, request_number: int) -> ResponseReturnValue:
    """Drop what was asked for."""
    request = _request(number, request_number)
    drop_it(request, current_user)
    return _back(request, 2)
