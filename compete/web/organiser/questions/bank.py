"""One bank: the tree of points with weights and counts, and the questions that are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.bank import Pool, QuestionState
from compete.domain.exam.exam_words import KIND_WORDS
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Question, QuestionBank
from compete.services.accounts.access import may_in_bank
from compete.services.kernel.rows_by_number import find
from compete.services.questions.bank_questions import (
    LEAST_SOUGHT,
    QuestionFilter,
    find_questions,
    last_versions,
    syllabus_of,
)
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.looks import LookWay, note_look
from compete.services.questions.question_fields import POOL_WORDS
from compete.web import guard
from compete.web.marked_texts import shown_text
from compete.web.organiser.blueprint import face
from compete.web.pages import or_404
from compete.web.paging import asked_number, asked_page, asked_text, describe_page
from compete.web.shapes import choices

PAGE_SIZE = 50
FEW = 10
"""Below so many usable questions a point is marked as having few."""
STATE_WORDS: dict[QuestionState, Message] = {
    QuestionState.DRAFT: msg("等审"),
    QuestionState.IN_USE: msg("在用"),
    QuestionState.WITHDRAWN: msg("停用"),
}
Sought = TypeVar("Sought", bound=StrEnum)


def bank_or_404(number: int) -> QuestionBank:
    """The bank of that number, for who may open it; else 404, or the refusal in words."""
    bank = or_404(find(QuestionBank, number))
    or_404(bank.brought_at)
    require_in_bank(current_user, bank, Right.OPEN_BANKS)
    return bank


def _asked(kind: type[Sought], key: str) -> Sought | None:
    wanted = request.args.get(key, "")
    return kind(wanted) if wanted in list(kind) else None


def _shown(questions: Sequence[Question]) -> list[tuple[Question, Markup]]:
    stems = last_versions(questions)
    return [(it, shown_text(stems[it.id]["stem"])) for it in questions]


@face.get("/banks/<int:number>")
@guard.may(Right.OPEN_BANKS)
def bank(number: int) -> ResponseReturnValue:
    """A bank; its questions for those who have a part in it."""
    here, page = bank_or_404(number), asked_page()
    tree = syllabus_of(here)
    node = asked_number("node")
    wanted = QuestionFilter(
        sought=asked_text(),
        node=node if any(it.node.id == node for it in tree) else None,
        kind=_asked(QuestionKind, "kind"),
        state=_asked(QuestionState, "state"),
        pool=_asked(Pool, "pool"),
    )
    sees = may_in_bank(current_user, here, Right.SEE_QUESTIONS)
    rows: list[tuple[Question, Markup]] = []
    total = 0
    if sees:
        questions, total = find_questions(
            here, wanted, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
        )
        rows = _shown(questions)
        note_look(here, current_user, LookWay.LIST, questions)
    kept: dict[str, Any] = {
        "q": wanted.sought,
        "node": wanted.node or "",
        "kind": wanted.kind or "",
        "state": wanted.state or "",
        "pool": wanted.pool or "",
    }
    return render_template(
        "organiser/questions/bank.html",
        bank=here,
        tree=tree,
        chosen=next((it for it in tree if it.node.id == wanted.node), None),
        few=FEW,
        sees=sees,
        writes=may_in_bank(current_user, here, Right.WRITE_QUESTIONS),
        papers=may_in_bank(current_user, here, Right.SEE_PAPERS),
        takes_out=may_in_bank(current_user, here, Right.TAKE_OUT_QUESTIONS),
        gives=current_user.is_admin,
        rows=rows,
        page=describe_page(total, page, PAGE_SIZE, "organiser.bank", number=here.id, **kept),
        wanted=wanted,
        too_short=0 < len(wanted.sought) < LEAST_SOUGHT,
        kind_words=KIND_WORDS,
        state_words=STATE_WORDS,
        pool_words=POOL_WORDS,
        kinds=choices({"": msg("全部题型"), **KIND_WORDS}),
        states=choices({"": msg("全部状态"), **STATE_WORDS}),
        pools=choices({"": msg("正式和练习"), **POOL_WORDS}),
    )
