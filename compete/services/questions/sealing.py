"""A paper's state: under seal, opened, void, or still to be sat."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select

from compete.domain.exam.bank import Pool, QuestionState
from compete.domain.values.examination_states import BankRequestKind
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.states import CompetitionState
from compete.models import BankRequest, Competition, Examination, ExamPaper, Question, db
from compete.services.kernel.clock import moment_words
from compete.services.kernel.refusal import refuse_if
from compete.services.schedule.exam_rooms import rooms_to_come

_NAMED = 6
_UNNAMED = msg("没有排赛场的人")
_CLOSED = (
    BankRequest.kind == BankRequestKind.SEAL,
    BankRequest.agreed_at.is_not(None),
    BankRequest.ended_at.is_(None),
)
_VOID = BankRequest.kind == BankRequestKind.VOID, BankRequest.agreed_at.is_not(None)


def seal_of_paper(paper: ExamPaper) -> BankRequest | None:
    """The seal of a paper, asked for, closed or opened; None where there is none."""
    query = select(BankRequest).where(
        BankRequest.paper_id == paper.id,
        BankRequest.kind == BankRequestKind.SEAL,
        BankRequest.agreed_at.is_not(None) | BankRequest.ended_at.is_(None),
    )
    return db.session.scalar(query)


def moment_of_seal(seal: BankRequest) -> datetime:
    """From when on it is opened."""
    assert seal.opens_at is not None, "of a seal"
    return seal.opens_at


def closed_among(papers: Collection[ExamPaper]) -> frozenset[int]:
    """The numbers of those papers that are under seal."""
    return _among(papers, *_CLOSED)


def void_among(papers: Collection[ExamPaper]) -> frozenset[int]:
    """The numbers of those papers that were made void."""
    return _among(papers, *_VOID)


def _among(papers: Collection[ExamPaper], *state: ColumnElement[bool]) -> frozenset[int]:
    query = select(BankRequest.paper_id).where(*state)
    rows = db.session.scalars(query.where(BankRequest.paper_id.in_([it.id for it in papers])))
    return frozenset(it for it in rows if it is not None)


def why_sealed(paper: ExamPaper) -> Message | None:
    """Say why a paper is shown to nobody, and from when on two open it; None where it may be."""
    if void_among([paper]):
        return msg("这份卷作废了，另组一份")
    seal = seal_of_paper(paper)
    if seal is None or not closed_among([paper]):
        return None
    return msg("这份卷封着，%(at)s 起由两个人打开", at=moment_words(moment_of_seal(seal)))


def refuse_if_sealed(paper: ExamPaper) -> None:
    """Raise `Refused` where the paper is under seal or void: whoever asks is shown none of it."""
    refuse_if(why_sealed(paper))


def codes_in(paper: ExamPaper) -> frozenset[str]:
    """The codes of the questions in a paper, of all its forms."""
    return frozenset(versions_in(paper))


def versions_in(paper: ExamPaper) -> dict[str, int]:
    """The versions in which the questions stand in a paper, by their codes."""
    forms = json.loads(paper.content)["forms"]
    return {item["question"]: item["version"] for form in forms for item in form["items"]}


def released_in(paper: ExamPaper) -> list[str]:
    """The codes of questions in a paper that were secret by its table and are practice now."""
    if paper.table.content.get("pool", Pool.SECRET) != Pool.SECRET:
        return []
    query = select(Question.code).where(
        Question.bank_id == paper.bank_id,
        Question.code.in_(codes_in(paper)),
        Question.pool != Pool.SECRET,
    )
    return list(db.session.scalars(query.order_by(Question.code)))


def withdrawn_in(paper: ExamPaper) -> list[str]:
    """The codes of questions in a paper that were taken out of use since."""
    query = select(Question.code).where(
        Question.bank_id == paper.bank_id,
        Question.code.in_(codes_in(paper)),
        Question.state == QuestionState.WITHDRAWN,
    )
    return list(db.session.scalars(query.order_by(Question.code)))


def why_to_sit(question: Question) -> Message | None:
    """Say in which paper that is still to be sat the question stands; None: in none.

    One that was sat may be sat again, in another room or another year: as long as an examination
    takes it whose marks are not put, or of which a room is still to come.
    """
    query = select(ExamPaper).where(ExamPaper.bank_id == question.bank_id)
    papers = {it.id: it for it in db.session.scalars(query.order_by(ExamPaper.id))}
    void = void_among(papers.values())
    papers = {
        number: it
        for number, it in papers.items()
        if number not in void and question.code in codes_in(it)
    }
    taken = (
        select(Examination)
        .join(Competition, Competition.id == Examination.competition_id)
        .where(
            Examination.paper_id.in_(papers),
            Examination.ended_at.is_(None),
            Competition.state != CompetitionState.FINAL,
        )
        .order_by(Examination.id)
    )
    examinations = db.session.scalars(taken).all()
    running = {it.paper_id for it in examinations if it.marked_at is None}
    for paper in papers.values():
        if paper.used_on is None or paper.id in running:
            return msg(
                "在试卷 %(name)s 里，还没有考完：考过、成绩写入了，或者作废了再转", name=paper.name
            )
    for it in examinations:
        if rooms := rooms_to_come(it):
            named = some_of([room.name or _UNNAMED for room in rooms], _NAMED)
            return msg(
                "在试卷 %(name)s 里，%(competition)s还有考场没考（%(rooms)s）：都考过，"
                "没人来的收了，或者卷作废了再转",
                name=papers[it.paper_id].name,
                competition=it.competition.name,
                rooms=named,
            )
    return None
