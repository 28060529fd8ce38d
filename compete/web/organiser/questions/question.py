"""One question: its versions, key, reviews and doubles; a new one, a new version, a review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.bank import QuestionState
from compete.domain.exam.exam_words import KIND_WORDS
from compete.domain.values.examination_states import BankRequestKind
from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_PAPER_PHOTO
from compete.models import Question, QuestionBank, QuestionReview, QuestionVersion
from compete.services.accounts.access import may_in_bank
from compete.services.kernel.fields import read_texts
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.questions.bank_files import nodes_of
from compete.services.questions.bank_questions import (
    last_versions,
    question_of,
    uses_of,
    versions_of,
)
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.by_two import ask_for_two, second_word, standing
from compete.services.questions.doubles import doubles_of
from compete.services.questions.figures import figures_of_question
from compete.services.questions.looks import LookWay, looks_of_question, note_look
from compete.services.questions.pictures import (
    NO_PICTURES,
    BroughtPictures,
    drawn_anew,
    own_pictures,
    pictures_of,
)
from compete.services.questions.question_fields import (
    POOL_WORDS,
    QuestionFields,
    key_text,
    texts_of_question,
)
from compete.services.questions.question_writing import write_question
from compete.services.questions.reviews import (
    ReviewFields,
    may_keep,
    put_back_question,
    review_question,
    why_no_review,
    withdraw_question,
)
from compete.sheets.questions.brought import LETTERS
from compete.sheets.workbook.pictures import name_of_picture
from compete.web import guard
from compete.web.marked_texts import shown_text
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.questions.bank import STATE_WORDS, bank_or_404
from compete.web.pages import or_404, sent_file
from compete.web.posted import posted_number, posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, posted_texts, typed_act

_LOOKS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFace:
    """A version as the page shows it."""

    row: QuestionVersion
    stem: Markup
    options: list[tuple[str, Markup, bool]]
    """Letter, text, and whether it is right."""
    key: str
    deviation: str
    explanation: Markup
    guide: str
    difficulty: str
    reviews: list[QuestionReview]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleFace:
    """A question beside which another is nearly the same."""

    question: Question
    ratio: int
    stem: Markup
    key: str


def _face(kind: QuestionKind, row: Any, pictures: Mapping[str, bytes]) -> VersionFace:
    version: Mapping[str, Any] = row.version
    own = own_pictures(version, pictures)
    texts = texts_of_question({"code": "", "node": "", "kind": kind}, version)
    right = version.get("key") if kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE) else ()
    return VersionFace(
        row=row.row,
        stem=shown_text(version["stem"], own),
        options=[
            (letter, shown_text(option["text"], own), option["id"] in (right or ()))
            for letter, option in zip(LETTERS, version.get("options") or (), strict=False)
        ],
        key=texts["key"],
        deviation=texts["tolerance"],
        explanation=shown_text(texts["explanation"], own),
        guide=texts["guide"],
        difficulty=texts["difficulty"],
        reviews=list(row.reviews),
    )


def _own(number: int, question_number: int) -> Question:
    """The question of the bank, for who may see it; else 404, or the refusal in words."""
    here = bank_or_404(number)
    require_in_bank(current_user, here, Right.SEE_QUESTIONS)
    return or_404(question_of(here, question_number))


def show_question(number: int, question_number: int, refused: Refused | None = None) -> str:
    """The page of a question, which leaves a row."""
    question = _own(number, question_number)
    versions = versions_of(question)
    last = versions[0]
    doubles = doubles_of(question)
    texts = last_versions([it.question for it in doubles])
    note_look(
        question.bank,
        current_user,
        LookWay.QUESTION,
        [question, *(it.question for it in doubles)],
    )
    pictures = pictures_of(question.bank_id, [it.version for it in versions])
    reviews = may_in_bank(current_user, question.bank, Right.REVIEW_QUESTIONS)
    waits = reviews and question.state is QuestionState.DRAFT
    keeps = may_keep(current_user, question)
    release = standing(BankRequestKind.RELEASE, question) if keeps else None
    looks, looks_total = looks_of_question(question, _LOOKS_SHOWN) if keeps else ((), 0)
    return render_template(
        "organiser/questions/question.html",
        question=question,
        versions=[_face(question.kind, it, pictures) for it in versions],
        kind_word=KIND_WORDS[question.kind],
        state_word=STATE_WORDS[question.state],
        pool_word=POOL_WORDS[question.pool],
        doubles=[
            DoubleFace(
                question=it.question,
                ratio=it.ratio,
                stem=shown_text(texts[it.question.id]["stem"]),
                key=key_text(it.question.kind, texts[it.question.id]),
            )
            for it in doubles
        ],
        uses=uses_of(question),
        figures=figures_of_question(question),
        may_review=waits,
        why_not=why_no_review(last.row, last.reviews, current_user) if waits else None,
        form=act_form(ReviewFields, refused),
        writes=may_in_bank(current_user, question.bank, Right.WRITE_QUESTIONS),
        keeps=keeps,
        release=second_word(release, current_user) if release else None,
        looks=looks,
        looks_total=looks_total,
        problem=problem_of(refused),
    )


@face.get("/banks/<int:number>/questions/<int:question_number>")
@guard.may(Right.SEE_QUESTIONS)
def question(number: int, question_number: int) -> ResponseReturnValue:
    """Show a question, which leaves a row."""
    return show_question(number, question_number)


def _show_form(
    here: QuestionBank, question: Question | None, refused: Refused | None
) -> ResponseReturnValue:
    require_in_bank(current_user, here, Right.WRITE_QUESTIONS)
    stands = None
    if question is not None:
        version = last_versions([question])[question.id]
        filed = {
            "code": question.code,
            "node": question.node.code,
            "kind": question.kind,
            "family": question.family,
            "pool": question.pool,
        }
        stands, _faults = read_texts(QuestionFields, texts_of_question(filed, version))
        note_look(here, current_user, LookWay.QUESTION, [question])
    form = act_form(
        QuestionFields, refused, stands, but=["code", "kind"] if question is not None else ()
    )
    return render_template(
        "organiser/questions/write.html",
        bank=here,
        question=question,
        points=[node for node in nodes_of(here) if node.importance is not None],
        form=form,
        problem=problem_of(refused),
    )


def _show_new(number: int, refused: Refused | None = None) -> ResponseReturnValue:
    return _show_form(bank_or_404(number), None, refused)


def _show_change(
    number: int, question_number: int, refused: Refused | None = None
) -> ResponseReturnValue:
    question = _own(number, question_number)
    return _show_form(question.bank, question, refused)


def _with_picture(texts: Mapping[str, str]) -> tuple[Mapping[str, str], BroughtPictures]:
    """What was typed with the mark of the picture that was sent, at the end of the stem.

    Raises `FieldRefused` for one that is no picture.
    """
    sent = sent_file("picture", LARGEST_PAPER_PHOTO)
    if not sent:
        return texts, NO_PICTURES
    name = name_of_picture(sent)
    brought = drawn_anew({name: sent})
    for why in brought.faults.values():
        raise FieldRefused("stem", why)
    stem = f'{texts.get("stem", "")}\n<img name="{name}"/>'.strip()
    return {**texts, "stem": stem}, brought


@face.get("/banks/<int:number>/questions/new")
@guard.may(Right.WRITE_QUESTIONS)
def new_question(number: int) -> ResponseReturnValue:
    """The form of a new question."""
    return _show_new(number)


@face.post("/banks/<int:number>/questions/new")
@guard.may(Right.WRITE_QUESTIONS)
@only_once
@refusal_on(_show_new)
def add_question(number: int) -> ResponseReturnValue:
    """Write a new question, which waits for its reviews."""
    texts, brought = _with_picture(posted_texts(QuestionFields))
    made = write_question(bank_or_404(number), texts, current_user, brought=brought)
    flash(_("写好了，等两个人审"), "ok")
    return redirect(url_for("organiser.question", number=number, question_number=made))


@face.get("/banks/<int:number>/questions/<int:question_number>/change")
@guard.may(Right.WRITE_QUESTIONS)
def question_form(number: int, question_number: int) -> ResponseReturnValue:
    """The form of a question's next version."""
    return _show_change(number, question_number)


@face.post("/banks/<int:number>/questions/<int:question_number>/change")
@guard.may(Right.WRITE_QUESTIONS)
@refusal_on(_show_change)
def change_question(number: int, question_number: int) -> ResponseReturnValue:
    """Write a new version, which waits for its reviews; the former ones stay."""
    question = _own(number, question_number)
    texts, brought = _with_picture(posted_texts(QuestionFields))
    texts = {**texts, "kind": str(KIND_WORDS[question.kind])}
    write_question(question.bank, texts, current_user, question.code, brought)
    flash(_("出了新的一版，等两个人审"), "ok")
    return redirect(url_for("organiser.question", number=number, question_number=question_number))


@face.post("/banks/<int:number>/questions/<int:question_number>/review")
@guard.may(Right.REVIEW_QUESTIONS)
@refusal_on(show_question)
def decide_question_review(number: int, question_number: int) -> ResponseReturnValue:
    """Say of the last version whether it may be used."""
    question, fields = _own(number, question_number), typed_act(ReviewFields)
    in_use = review_question(question, posted_number("version"), fields, current_user)
    flash(_("审过了，在用") if in_use else _("审过了"), "ok")
    return redirect(url_for("organiser.question", number=number, question_number=question_number))


@face.post("/banks/<int:number>/questions/<int:question_number>/withdraw")
@guard.may(Right.KEEP_QUESTIONS)
@refusal_on(show_question)
def withdraw_bank_question(number: int, question_number: int) -> ResponseReturnValue:
    """Take a question out of use."""
    withdraw_question(_own(number, question_number), posted_reason(), current_user)
    flash(_("停用了，用过它的卷不变"), "ok")
    return redirect(url_for("organiser.question", number=number, question_number=question_number))


@face.post("/banks/<int:number>/questions/<int:question_number>/put-back")
@guard.may(Right.KEEP_QUESTIONS)
@refusal_on(show_question)
def put_bank_question_back(number: int, question_number: int) -> ResponseReturnValue:
    """Put a withdrawn question back."""
    question = _own(number, question_number)
    put_back_question(question, current_user)
    flash(_("恢复了"), "ok")
    return redirect(url_for("organiser.question", number=number, question_number=question_number))


@face.post("/banks/<int:number>/questions/<int:question_number>/release")
@guard.may(Right.KEEP_QUESTIONS)
@refusal_on(show_question)
def ask_question_release(number: int, question_number: int) -> ResponseReturnValue:
    """Ask that a secret question be practised on."""
    question = _own(number, question_number)
    ask_for_two(BankRequestKind.RELEASE, question, current_user, posted_reason())
    flash(_("等另一个保密员同意"), "ok")
    return redirect(url_for("organiser.question", number=number, question_number=question_number))
