"""Keys of an examination put right, questions struck out: asked by one, agreed to by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.exam.exam_results import Changed
from compete.domain.exam.exam_words import KIND_WORDS
from compete.domain.values.examination_states import KeyState
from compete.domain.values.rights import Right
from compete.models import Competition, ExamKey
from compete.services.accounts.access import may
from compete.services.examinations.key_corrections import (
    KeyFields,
    agree_key,
    ask_key,
    drop_key,
    key_of_exam,
    key_word,
    key_words,
    keys_of,
    questions_asked,
    who_would_change,
)
from compete.services.examinations.setting_up import place_of_exam
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.examinations.exam import exam_or_404
from compete.web.pages import or_404
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFace:
    """A key that was put right, or waits for it."""

    row: ExamKey
    words: str
    waits: bool
    changed: Sequence[Changed]
    """Whom it changes; while it waits."""
    why_not: str | None
    """Why the reader does not agree."""


def _face(row: ExamKey) -> KeyFace:
    waits = row.state is KeyState.ASKED
    why = key_word(row).why_not(current_user) if waits else None
    return KeyFace(
        row=row,
        words=say(key_words(row)),
        waits=waits,
        changed=who_would_change(row) if waits else (),
        why_not=say(why) if why else None,
    )


def _show_keys(competition: Competition, number: int, refused: Refused | None = None) -> str:
    exam = exam_or_404(competition, number)
    return render_template(
        "organiser/examinations/keys.html",
        competition=competition,
        exam=exam,
        place=place_of_exam(exam),
        rows=[_face(row) for row in keys_of(exam)],
        questions=[(it, say(KIND_WORDS[it.kind])) for it in questions_asked(exam)],
        leads=may(current_user, competition, Right.LEAD),
        form=act_form(KeyFields, refused, _asked_about()),
        problem=problem_of(refused),
    )


def _asked_about() -> KeyFields | None:
    """The question that another page leads to, or None."""
    question = request.args.get("question", "")
    return KeyFields(question=question) if question else None


@face.get("/<code>/exams/<int:number>/keys")
@guard.may(Right.SEE)
def exam_keys(competition: Competition, number: int) -> ResponseReturnValue:
    """What was put right, what waits for a second person, and whom it changes."""
    return _show_keys(competition, number)


@face.post("/<code>/exams/<int:number>/keys")
@guard.may(Right.LEAD)
@refusal_on(_show_keys)
def ask_exam_key(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask for a key to be put right."""
    ask_key(exam_or_404(competition, number), typed_act(KeyFields), current_user)
    flash(_("等第二个人同意"), "ok")
    return redirect(url_for("organiser.exam_keys", number=number))


def _show_key(
    competition: Competition, number: int, key_number: int, refused: Refused | None = None
) -> str:
    return _show_keys(competition, number, refused)


def _key(competition: Competition, number: int, key_number: int) -> ExamKey:
    return or_404(key_of_exam(exam_or_404(competition, number), key_number))


@face.post("/<code>/exams/<int:number>/keys/<int:key_number>/agree")
@guard.may(Right.AGREE)
@refusal_on(_show_key)
def agree_exam_key(competition: Competition, number: int, key_number: int) -> ResponseReturnValue:
    """Agree to it as the second person."""
    agree_key(_key(competition, number, key_number), current_user)
    flash(_("定了，下一次算成绩照新的"), "ok")
    return redirect(url_for("organiser.exam_keys", number=number))


@face.post("/<code>/exams/<int:number>/keys/<int:key_number>/drop")
@guard.may(Right.AGREE)
@refusal_on(_show_key)
def drop_exam_key(competition: Competition, number: int, key_number: int) -> ResponseReturnValue:
    """Drop what was asked for."""
    drop_key(_key(competition, number, key_number), current_user)
    flash(_("不改了"), "ok")
    return redirect(url_for("organiser.exam_keys", number=number))
