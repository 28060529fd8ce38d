"""Essays of an examination: given out without names, marked by two, by a third where they differ.

Neither of two sees the other's points. Rows are added, never changed: a marker's last counts.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from compete.domain.exam.exam_reading import EssayMarking
from compete.domain.exam.exam_results import ExamResults
from compete.domain.exam.item_points import essay_points
from compete.domain.values.examination_states import SittingState
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right, roles_for
from compete.domain.values.roles import MARKING_ROLES, SCORING_ROLES
from compete.models import (
    Account,
    Assignment,
    Competition,
    ExamAct,
    ExamEssay,
    Examination,
    ExamMark,
    ExamMarker,
    ExamSitting,
    Judge,
    Membership,
    db,
    utc_now,
)
from compete.services.examinations.acts import ANSWER
from compete.services.examinations.exam_file import (
    exam_file,
    scored_exam,
    sittings_by_code,
    struck_questions,
)
from compete.services.examinations.paper_content import (
    essay_codes,
    filed_content,
    guide_of,
    question_shown,
)
from compete.services.examinations.rooms import why_still_sat
from compete.services.examinations.setting_up import (
    examinations_of,
    place_of_exam,
    rules_of_exam,
)
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refused, refuse_if
from compete.services.kernel.transactions import changing
from compete.services.sheets.locks_in_force import require_judging, require_open

_TWO = 2
_SEE_WHOSE = Right.LEAD, Right.INVIGILATE, Right.SEE
"""The rights by which somebody gets the file, sees who sits where, reads the records."""
_PART = 50
"""Essays given out in a unit of work."""


@dataclass(frozen=True, slots=True)
class EssayFields:
    """What a marker gives for an essay."""

    points: Annotated[Decimal, Setting(msg("得分"), needed=msg("写得分，没有得分写 0"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class EssayStand:
    """An essay as it stands: its marks by marker, in the order in which they first marked."""

    public_id: str
    sitting: str
    question: str
    marks: Mapping[int, Decimal]
    lacks: int
    """How many marks it still wants."""

    def waits_for(self, judge: Judge) -> bool:
        """True if this marker's is wanted."""
        return self.lacks > 0 and judge.id not in self.marks


@dataclass(frozen=True, slots=True, kw_only=True)
class EssayCounts:
    """How far the marking is: essays, those that are done, those that want a third marker."""

    essays: int
    done: int
    apart: int
    by_marker: Mapping[int, int]
    """How many each marker marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EssayShown:
    """An essay as its marker sees it; no name, and nothing of another marker."""

    essay: ExamEssay
    stem: str
    pictures: Mapping[str, bytes]
    """Those of the stem, by the names of their marks."""
    guide: str
    full: Decimal
    own: Decimal | None
    """What this marker gave before."""
    place: int
    """Which question of its form it is."""


def markers_of(examination: Examination) -> list[ExamMarker]:
    """Its markers, in the order in which they were chosen; without who sees whose paper is whose.

    Who came to see it after being chosen marks no more; what they marked before still counts.
    """
    seeing = {it.id for it in judges_who_see_whose(examination)}
    return [it for it in _chosen(examination) if it.judge_id not in seeing]


def _chosen(examination: Examination) -> Sequence[ExamMarker]:
    query = select(ExamMarker).where(
        ExamMarker.examination_id == examination.id, ExamMarker.ended_at.is_(None)
    )
    return db.session.scalars(
        query.options(joinedload(ExamMarker.judge)).order_by(ExamMarker.id)
    ).all()


def possible_markers(examination: Examination) -> list[Judge]:
    """Who may mark its essays: who marks and sees no names, those of the event first."""
    query = select(Assignment.judge_id).where(Assignment.event_id == examination.event_id)
    here = set(db.session.scalars(query))
    seeing = {it.id for it in judges_who_see_whose(examination)}
    judges = [it for it in examination.competition.judges if it.role in SCORING_ROLES]
    return sorted((it for it in judges if it.id not in seeing), key=lambda it: it.id not in here)


def judges_who_see_whose(examination: Examination) -> list[Judge]:
    """Those who mark in the competition and can learn whose answer is under which code.

    Chiefs, and whoever is at the desk beside: by the exam's file, its rooms or the records.
    """
    desk = select(Membership.account_id).where(
        Membership.competition_id == examination.competition_id,
        Membership.role.in_(frozenset().union(*(roles_for(it) for it in _SEE_WHOSE))),
    )
    query = (
        select(Membership.judge_id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.competition_id == examination.competition_id,
            Membership.judge_id.is_not(None),
            Account.is_admin | Account.id.in_(desk),
        )
    )
    seeing = set(db.session.scalars(query))
    judges = [it for it in examination.competition.judges if it.role in SCORING_ROLES]
    return [it for it in judges if it.id in seeing or it.role not in MARKING_ROLES]


def choose_markers(examination: Examination, wanted: Collection[int], by: Account) -> None:
    """Let these judges be its markers; what others marked before still counts."""
    if seeing := [it.code for it in judges_who_see_whose(examination) if it.id in wanted]:
        words = msg("%(codes)s 看得到答卷是谁的，不能评", codes=listed(seeing))
        raise FieldRefused("who", words)
    judges = [it for it in possible_markers(examination) if it.id in wanted]
    if len(judges) < _TWO:
        raise FieldRefused("who", msg("一份答案两个人各评各的，至少选两个人"))
    with changing(examination.competition, examination) as competition:
        standing = {it.judge_id: it for it in _chosen(examination)}
        chosen = {it.id for it in judges}
        if chosen == set(standing):
            return
        for number in set(standing) - chosen:
            standing[number].ended_at, standing[number].ended_by = utc_now(), by.id
        for judge in judges:
            if judge.id not in standing:
                row = ExamMarker(examination_id=examination.id, judge_id=judge.id, made_by=by.id)
                db.session.add(row)
        db.session.flush()
        after = {"who": [it.code for it in judges]}
        audit.record(competition, by, "exam.markers", place_of_exam(examination).title, after=after)


def hand_out_essays(examination: Examination, by: Account) -> int:
    """Give the essays that count to the markers; how many are new.

    Those that count no more, since another answer came late, are taken back with their marks.
    """
    refuse_if(why_still_sat(examination))
    now = utc_now()
    counting = _counting(examination)
    query = select(ExamEssay).where(
        ExamEssay.examination_id == examination.id, ExamEssay.ended_at.is_(None)
    )
    standing = db.session.scalars(query.options(undefer(ExamEssay.answer))).all()
    known = {(it.sitting_id, it.question): it.answer for it in standing}
    # Those of a question that is struck out stay with their marks: it may be put back.
    struck = struck_questions(examination)
    gone = [
        it.id
        for it in standing
        if it.question not in struck and counting.get((it.sitting_id, it.question)) != it.answer
    ]
    new = [(key, text) for key, text in counting.items() if known.get(key) != text]
    for part in list(in_chunks(new, _PART)) or [()]:
        with changing(examination.competition, examination) as competition:
            for number in gone:
                db.session.get_one(ExamEssay, number, populate_existing=True).ended_at = now
            db.session.flush()
            _give_out(examination, part)
            examination.essays_at = now
            after = {"n": len(part), "gone": len(gone)}
            title = place_of_exam(examination).title
            audit.record(competition, by, "exam.essays", title, after=after)
        gone = []
    return len(new)


def _give_out(examination: Examination, essays: Sequence[tuple[tuple[int, str], str]]) -> None:
    standing = select(ExamEssay.sitting_id, ExamEssay.question).where(
        ExamEssay.examination_id == examination.id, ExamEssay.ended_at.is_(None)
    )
    known = {tuple(row) for row in db.session.execute(standing)}
    for (sitting, question), text in essays:
        # Somebody else may have pressed at the same time.
        if (sitting, question) not in known:
            row = ExamEssay(
                public_id=secrets.token_hex(16),
                examination_id=examination.id,
                sitting_id=sitting,
                question=question,
                answer=text,
            )
            db.session.add(row)
    db.session.flush()


def _counting(examination: Examination) -> dict[tuple[int, str], str]:
    """The essays that want marks by what counts in the exam's file, by sitting and question."""
    codes, sittings = set(essay_codes(examination)), sittings_by_code(examination)
    results = scored_exam(exam_file(examination, with_marks=False)).results
    return {
        (sittings[result.sitting].id, item.question): item.value
        for result in results.sittings
        for item in result.items
        if item.question in codes and item.points is None
    }


def are_given_out(examination: Examination, results: ExamResults) -> bool:
    """True if the essays that were given out are the answers that count by these results."""
    items = {
        (result.sitting, item.question): item
        for result in results.sittings
        for item in result.items
    }
    query = (
        select(ExamEssay)
        .where(ExamEssay.examination_id == examination.id, ExamEssay.ended_at.is_(None))
        .options(joinedload(ExamEssay.sitting), undefer(ExamEssay.answer))
    )
    given = {(it.sitting.blind, it.question): it.answer for it in db.session.scalars(query)}
    # A sitting that was made void since has no answers.
    void = {it.sitting for it in results.sittings if not it.items}
    return all(key in given for key, item in items.items() if item.points is None) and all(
        key[0] in void or (key in items and items[key].value == answer)
        for key, answer in given.items()
    )


def essay_stands(examination: Examination) -> list[EssayStand]:
    """The essays that were given out, in the order of questions; struck ones want no marks."""
    marks: defaultdict[int, dict[int, Decimal]] = defaultdict(dict)
    given = (
        select(ExamMark.essay_id, ExamMark.judge_id, ExamMark.points)
        .join(ExamEssay, ExamEssay.id == ExamMark.essay_id)
        .where(ExamEssay.examination_id == examination.id, ExamEssay.ended_at.is_(None))
    )
    for essay, judge, points in db.session.execute(given.order_by(ExamMark.id)).tuples():
        marks[essay][judge] = points
    query = (
        select(ExamEssay.id, ExamEssay.public_id, ExamSitting.blind, ExamEssay.question)
        .join(ExamSitting, ExamSitting.id == ExamEssay.sitting_id)
        .where(
            ExamEssay.examination_id == examination.id,
            ExamEssay.ended_at.is_(None),
            ExamSitting.state != SittingState.VOID,
        )
        .order_by(ExamEssay.question, ExamSitting.blind)
    )
    marking, struck = rules_of_exam(examination).essay_marking, struck_questions(examination)
    return [
        EssayStand(
            public_id=public_id,
            sitting=blind,
            question=question,
            marks=marks[essay],
            lacks=0 if question in struck else _lacks(list(marks[essay].values()), marking),
        )
        for essay, public_id, blind, question in db.session.execute(query).tuples()
    ]


def _lacks(marks: Sequence[Decimal], by: EssayMarking) -> int:
    if essay_points(marks, by) is not None:
        return 0
    return max(1, _TWO - len(marks))


def counts_of_essays(stands: Sequence[EssayStand]) -> EssayCounts:
    """How far the marking is."""
    return EssayCounts(
        essays=len(stands),
        done=sum(not it.lacks for it in stands),
        apart=sum(it.lacks > 0 and len(it.marks) >= _TWO for it in stands),
        by_marker=Counter(judge for it in stands for judge in it.marks),
    )


def why_essays_wait(examination: Examination) -> Message | None:
    """Say what of its essays is not settled yet; None: nothing, or it has none."""
    struck = struck_questions(examination)
    codes = [code for code in essay_codes(examination) if code not in struck]
    if not codes:
        return None
    if examination.essays_at is None:
        return msg("简答题还没有发给评卷人")
    if late := _answered_since(examination, codes):
        return msg("发给评卷人以后又送到 %(n)s 条简答，再发一次", n=late)
    stands = essay_stands(examination)
    waiting = [it for it in stands if it.lacks]
    if not waiting:
        return None
    markers = {it.judge_id: it.judge for it in markers_of(examination)}
    can = {
        judge.code: n
        for judge in markers.values()
        if (n := sum(it.waits_for(judge) for it in waiting))
    }
    thirds = [it for it in waiting if len(it.marks) >= _TWO]
    if any(not any(it.waits_for(judge) for judge in markers.values()) for it in thirds):
        return msg("%(n)s 份答案两个人差得多，再选一位评卷人来评", n=len(thirds))
    who = listed([msg("%(code)s 有 %(n)s 份", code=code, n=n) for code, n in can.items()])
    return msg("%(n)s 份简答没评完，能评的：%(who)s", n=len(waiting), who=who)


def _answered_since(examination: Examination, codes: Collection[str]) -> int:
    """How many answers to essays came in after they were given out."""
    query = (
        select(func.count(ExamAct.id))
        .join(ExamSitting, ExamSitting.id == ExamAct.sitting_id)
        .where(
            ExamSitting.examination_id == examination.id,
            ExamAct.kind == ANSWER,
            ExamAct.item.in_(codes),
            ExamAct.held_at >= examination.essays_at,
        )
    )
    return db.session.scalar(query) or 0


def exams_to_mark(judge: Judge) -> list[Examination]:
    """The examinations whose essays the judge marks."""
    query = select(ExamMarker.examination_id).where(
        ExamMarker.judge_id == judge.id, ExamMarker.ended_at.is_(None)
    )
    own = set(db.session.scalars(query))
    if not own:
        return []
    competition = db.session.get_one(Competition, judge.competition_id)
    return [it for it in examinations_of(competition) if it.id in own and _is_marker(it, judge)]


def next_essay(examination: Examination, judge: Judge) -> EssayStand | None:
    """The next essay for this marker: question by question, in an order of their own.

    So several markers seldom come to one answer at a time.
    """
    waiting = [it for it in essay_stands(examination) if it.waits_for(judge)]
    return min(waiting, key=lambda it: (it.question, _place(it, judge)), default=None)


def _place(stand: EssayStand, judge: Judge) -> str:
    return hashlib.sha256(f"{judge.id} {stand.public_id}".encode()).hexdigest()


def essay_shown(public_id: str, judge: Judge) -> EssayShown | None:
    """An essay for its marker; None for who is none, and for what counts no more."""
    query = select(ExamEssay).where(ExamEssay.public_id == public_id, ExamEssay.ended_at.is_(None))
    together = joinedload(ExamEssay.examination), joinedload(ExamEssay.sitting)
    essay = db.session.scalar(query.options(*together, undefer(ExamEssay.answer)))
    if essay is None or not _is_marker(essay.examination, judge):
        return None
    examination, form = essay.examination, essay.sitting.form
    filed = filed_content(examination)
    codes = next(it["questions"] for it in filed["forms"] if it["form"] == form)
    shown = question_shown(examination, form, essay.question)
    return EssayShown(
        essay=essay,
        stem=shown["stem"],
        pictures={
            name: b64decode(picture["data"]) for name, picture in shown.get("media", {}).items()
        },
        guide=guide_of(examination, essay.question),
        full=Decimal(shown["points"]),
        own=_own_points(essay, judge),
        place=codes.index(essay.question) + 1,
    )


def _is_marker(examination: Examination, judge: Judge) -> bool:
    return any(it.judge_id == judge.id for it in markers_of(examination))


def _own_points(essay: ExamEssay, judge: Judge) -> Decimal | None:
    query = select(ExamMark.points).where(
        ExamMark.essay_id == essay.id, ExamMark.judge_id == judge.id
    )
    return db.session.scalar(query.order_by(ExamMark.id.desc()).limit(1))


def mark_essay(shown: EssayShown, judge: Judge, points: Decimal, by: Account) -> None:
    """Take a marker's points; the same again changes nothing, others are a correction.

    Raises `Refused` where no mark of theirs is wanted any more.
    """
    if not 0 <= points <= shown.full:
        raise FieldRefused("points", msg("0 到 %(full)s 分", full=plain(shown.full)))
    essay = shown.essay
    examination = essay.examination
    with changing(examination.competition, essay) as competition:
        require_judging(competition)
        if essay.ended_at is not None or not _is_marker(examination, judge):
            raise Refused(msg("这份答案不用评了，评下一份"))
        require_open(competition, essay.sitting.entrant, examination.stage, examination.module)
        own = _own_points(essay, judge)
        if own == points:
            return
        stands = {it.public_id: it for it in essay_stands(examination)}
        stand = stands.get(essay.public_id)
        if stand is None or (own is None and not stand.lacks):
            raise Refused(msg("这份答案刚有人评完，评下一份"))
        db.session.add(ExamMark(essay_id=essay.id, judge_id=judge.id, points=points, made_by=by.id))
        db.session.flush()
        before = {"points": plain(own)} if own is not None else None
        after = {"question": essay.question, "marker": judge.code, "points": plain(points)}
        audit.record(
            *(competition, by, "exam.essay_mark", essay.sitting.blind), before=before, after=after
        )
