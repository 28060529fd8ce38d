"""Who may do what in a bank: given and taken back by administrators."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.roles import BANK_ROLE_WORDS
from compete.models import BankPart
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.questions.bank_rights import (
    BankPartFields,
    give_part,
    parts_of_bank,
    take_part_back,
)
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.questions.bank import bank_or_404
from compete.web.pages import or_404
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act


def _show_people(number: int, refused: Refused | None = None) -> str:
    here = bank_or_404(number)
    return render_template(
        "organiser/questions/people.html",
        bank=here,
        parts=parts_of_bank(here),
        role_words=BANK_ROLE_WORDS,
        form=act_form(BankPartFields, refused),
        problem=problem_of(refused),
    )


@face.get("/banks/<int:number>/people")
@guard.may(Right.ADMINISTER)
def bank_people(number: int) -> ResponseReturnValue:
    """Who has which role in the bank."""
    return _show_people(number)


@face.post("/banks/<int:number>/people")
@guard.may(Right.ADMINISTER)
@only_once
@refusal_on(_show_people)
def give_bank_part(number: int) -> ResponseReturnValue:
    """Give somebody a role."""
    part = give_part(bank_or_404(number), typed_act(BankPartFields), current_user)
    flash(_("给了 %(name)s", name=part.account.name), "ok")
    return redirect(url_for("organiser.bank_people", number=number))


@face.post("/banks/<int:number>/people/<int:part_number>/end")
@guard.may(Right.ADMINISTER)
def take_bank_part(number: int, part_number: int) -> ResponseReturnValue:
    """Take a role back."""
    part = or_404(find(BankPart, part_number))
    here = bank_or_404(number)
    or_404(part if part.bank_id == here.id else None)
    take_part_back(part, current_user)
    flash(_("收回了 %(name)s 的职责", name=part.account.name), "ok")
    return redirect(url_for("organiser.bank_people", number=number))
