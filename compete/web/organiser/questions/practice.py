"""Practice of a bank (开放练习): opened and closed by scope, its link, how many sets went."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.values.rights import Right
from compete.models import Practice, SyllabusNode
from compete.services.accounts.access import may_in_bank
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.practice import (
    SET_MINUTES,
    SET_SIZE,
    close_practice,
    days_of,
    open_practice,
    practice_lines,
)
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.organiser.blueprint import face
from compete.web.organiser.questions.bank import bank_or_404
from compete.web.pages import or_404
from compete.web.refusals import problem_of, refusal_on


def _show(number: int, refused: Refused | None = None) -> str:
    here = bank_or_404(number)
    require_in_bank(current_user, here, Right.SEE_QUESTIONS)
    return render_template(
        "organiser/questions/practices.html",
        bank=here,
        lines=practice_lines(here),
        keeps=may_in_bank(current_user, here, Right.KEEP_QUESTIONS),
        problem=problem_of(refused),
    )


def _practice(number: int, practice_number: int) -> Practice:
    here = bank_or_404(number)
    practice = or_404(find(Practice, practice_number))
    return or_404(practice if practice.bank_id == here.id else None)


@face.get("/banks/<int:number>/practice")
@guard.may(Right.SEE_QUESTIONS)
def bank_practices(number: int) -> ResponseReturnValue:
    """The whole bank and its scopes, each with what there is to practise."""
    return _show(number)


@face.post("/banks/<int:number>/practice/<int:node_number>/open")
@guard.may(Right.KEEP_QUESTIONS)
@refusal_on(lambda number, node_number, refused=None: _show(number, refused))
def open_bank_practice(number: int, node_number: int) -> ResponseReturnValue:
    """Open a scope by its node's number, the whole bank by 0."""
    here, node = bank_or_404(number), None
    if node_number:
        node = or_404(find(SyllabusNode, node_number))
        or_404(node if node.bank_id == here.id and node.importance is None else None)
    practice = open_practice(here, node, current_user)
    flash(_("开放了，把二维码贴出去或者发给单位"), "ok")
    return redirect(url_for("organiser.bank_practice", number=number, practice_number=practice.id))


@face.get("/banks/<int:number>/practice/<int:practice_number>")
@guard.may(Right.SEE_QUESTIONS)
def bank_practice(number: int, practice_number: int) -> ResponseReturnValue:
    """One practice: its link and code to hang up, how many sets were taken by day."""
    practice = _practice(number, practice_number)
    require_in_bank(current_user, practice.bank, Right.SEE_QUESTIONS)
    address = public_url("practice.page", link=practice.link)
    return render_template(
        "organiser/questions/practice.html",
        practice=practice,
        address=address,
        drawing=Markup(qr_svg(address, _("练习"))),
        size=SET_SIZE,
        minutes=SET_MINUTES,
        days=days_of(practice),
        keeps=may_in_bank(current_user, practice.bank, Right.KEEP_QUESTIONS),
    )


@face.post("/banks/<int:number>/practice/<int:practice_number>/close")
@guard.may(Right.KEEP_QUESTIONS)
@refusal_on(lambda number, practice_number, refused=None: _show(number, refused))
def close_bank_practice(number: int, practice_number: int) -> ResponseReturnValue:
    """Close it; it opens again under the same link."""
    close_practice(_practice(number, practice_number), current_user)
    flash(_("关上了，再开还是这个二维码"), "ok")
    return redirect(url_for("organiser.bank_practices", number=number))
