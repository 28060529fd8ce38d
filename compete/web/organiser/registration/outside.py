"""外面的成绩: what people of a competition won elsewhere, entered by one, agreed to by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, OutsideResult
from compete.services.kernel.refusal import Refused
from compete.services.series.series_nodes import LEVELS
from compete.services.workers.outside_results import (
    OutsideFields,
    agree_outside,
    ask_to_withdraw,
    correct_outside,
    enter_outside,
    fields_of_outside,
    keep_outside,
    outside_results,
    outside_word,
    waits,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.outside_words import outside_place
from compete.web.pages import own_row
from compete.web.paging import asked_number
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import faults_of, problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLine:
    """A result as the page shows it."""

    row: OutsideResult
    level: str
    place: str
    state: str
    """`ok`, `warn` or empty, with the words beside it."""
    words: str
    corrects: bool
    """True of what stands in another's place once it is agreed to."""
    waits: bool
    why_not: str
    """The reason why the reader is not the second person; empty if they are."""


def _line(row: OutsideResult) -> OutsideLine:
    waiting = waits(row)
    words = _("算数")
    if waiting:
        words = _("等第二个人同意收回") if row.agreed_at is not None else _("等第二个人核对")
    return OutsideLine(
        row=row,
        level=say(LEVELS[row.level]),
        place=outside_place(row),
        state="warn" if waiting else "ok",
        words=words,
        corrects=row.agreed_at is None and row.replaces_id is not None,
        waits=waiting,
        why_not=(say(outside_word(row).why_not(current_user)) or "") if waiting else "",
    )


def _lines(competition: Competition) -> Sequence[OutsideLine]:
    lines = [_line(row) for row in outside_results(competition)]
    return sorted(lines, key=lambda line: not line.waits)


def _show(
    competition: Competition, number: int | None = None, refused: Refused | None = None
) -> str:
    asked = asked_number("correct") if number is None else number
    row = own_row(OutsideResult, competition, asked) if asked is not None else None
    stands = fields_of_outside(row) if row is not None else None
    return render_template(
        "organiser/registration/outside.html",
        competition=competition,
        lines=_lines(competition),
        correcting=row,
        who=posted_text("who") or request.args.get("who", ""),
        form=act_form(OutsideFields, refused, stands),
        faults=faults_of(refused),
        problem=problem_of(refused),
    )


@face.get("/<code>/outside")
@guard.may(Right.AGREE)
def outside(competition: Competition) -> ResponseReturnValue:
    """What people of the competition won elsewhere, with what waits for a second person."""
    return _show(competition)


@face.post("/<code>/outside")
@guard.may(Right.REGISTER)
@only_once
@refusal_on(_show)
def enter_outside_result(competition: Competition) -> ResponseReturnValue:
    """Enter a result by its document."""
    row = enter_outside(competition, posted_text("who"), typed_act(OutsideFields), current_user)
    return _done(competition, _("记下了 %(name)s 的成绩，等第二个人核对", name=row.name))


@face.post("/<code>/outside/<int:number>/correct")
@guard.may(Right.REGISTER)
@only_once
@refusal_on(_show)
def correct_outside_result(competition: Competition, number: int) -> ResponseReturnValue:
    """Enter another in its place."""
    row = own_row(OutsideResult, competition, number)
    correct_outside(row, typed_act(OutsideFields), current_user)
    return _done(competition, _("更正记下了，等第二个人核对；核对以前照原来的算"))


@face.post("/<code>/outside/<int:number>/agree")
@guard.may(Right.AGREE)
@refusal_on(_show)
def agree_outside_result(competition: Competition, number: int) -> ResponseReturnValue:
    """The second person's word."""
    agree_outside(own_row(OutsideResult, competition, number), current_user)
    return _done(competition, _("同意了"))


@face.post("/<code>/outside/<int:number>/withdraw")
@guard.may(Right.AGREE)
@refusal_on(_show)
def withdraw_outside_result(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask that it be taken away; what nobody agreed to yet is gone at once."""
    row = own_row(OutsideResult, competition, number)
    was_counted = row.agreed_at is not None
    ask_to_withdraw(row, posted_reason(), current_user)
    done = _("提出收回了，等第二个人同意") if was_counted else _("不记了")
    return _done(competition, done)


@face.post("/<code>/outside/<int:number>/keep")
@guard.may(Right.AGREE)
@refusal_on(_show)
def keep_outside_result(competition: Competition, number: int) -> ResponseReturnValue:
    """Drop the wish to take it away."""
    keep_outside(own_row(OutsideResult, competition, number), current_user)
    return _done(competition, _("不收回了，照样算数"))


def _done(competition: Competition, words: str) -> ResponseReturnValue:
    flash(words, "ok")
    return redirect(url_for("organiser.outside", code=competition.code))
