"""Acts of candidates taken in: each once, by its uuid; and what the device is told thereafter."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import and_, func, or_, select

from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.exam_reading import Question, answer_fault
from compete.domain.values.canonical import canonical_sha256
from compete.domain.values.examination_states import SittingState
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Message, msg
from compete.models import ExamAct, Examination, ExamSitting, db, utc_now
from compete.services.examinations.seats import Seated, hear, note_heard
from compete.services.kernel import audit
from compete.services.kernel.installation import memory_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import is_storable
from compete.services.kernel.transactions import changing

MOST_ACTS = 50
ANSWER, FLAG, HAND_IN = "answer", "flag", "hand_in"
LEFT, CAME_BACK = "leave_page", "return_page"
_ASKED = frozenset({ANSWER, FLAG})
_KINDS = _ASKED | {HAND_IN, LEFT, CAME_BACK}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_QUESTIONS = "compete.exam_questions"
_LONGEST_VALUE = 20_000
_MOST_NUMBER = 2**31 - 1
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""What a clock may say, also one whose battery is dead: far from where sums of moments end."""


class ExamActIn(msgspec.Struct, frozen=True):
    """An act as a device sends it; `at` is by its own clock, `number` its own count."""

    uuid: str
    kind: str
    question: str | None = None
    value: Any = None
    at: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What the device's clock said as it sent, and the last act that it had made by then."""

    at: datetime
    number: int


@dataclass(slots=True)
class TakenActs:
    """Which acts are stored, now or before, and why others are not."""

    stored: list[str] = field(default_factory=list)
    refused: list[tuple[str, Message]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """What stands of a sitting by its acts: answers, questions to look at again, its last count.

    `elsewhere` is how many acts other devices made.
    """

    answers: Mapping[str, Any]
    flags: Sequence[str]
    number: int
    elsewhere: int


def device_moment(text: str) -> datetime | None:
    """An instant as a device's clock may say it, to the millisecond; None for what is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    if not _EARLIEST <= moment < _LATEST:
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def take_exam_acts(
    seated: Seated,
    acts: Sequence[ExamActIn],
    reading: Reading | None,
    waiting: int | None = None,
) -> TakenActs:
    """Take acts in from the device of this term: those stored before count as held.

    `waiting` is how many more the device says it keeps.

    What was said in time and comes late is held as well: the rules of the exam's file say what
    counts. Refused are what cannot be read, what comes before the start, and what the device did
    after it handed in.
    """
    if len(acts) > MOST_ACTS:
        raise Refused(msg("一次最多 %(most)s 条", most=MOST_ACTS), kind=Refusal.TOO_LARGE)
    if not acts:
        note_heard(seated, waiting)
        return TakenActs()
    sitting = seated.sitting
    with changing(sitting.examination.competition, sitting) as competition:
        intake = _Intake(seated, reading)
        for act in acts:
            intake.take(act)
        hear(seated.term, waiting)
        db.session.flush()
        if intake.added:
            rows = [[row.uuid, row.item, row.value, row.number] for row in intake.added]
            after = {"n": len(rows), "device": seated.term.device, "sha256": _hash(rows)}
            audit.record(competition, None, "exam.acts", sitting.blind, after=after)
    return intake.taken


class _Intake:
    """A batch being taken in."""

    def __init__(self, seated: Seated, reading: Reading | None) -> None:
        self.sitting, self.term, self.reading = seated.sitting, seated.term, reading
        self.questions = questions_of_form(self.sitting.examination, self.sitting.form)
        self.now = utc_now()
        self.taken = TakenActs()
        self.added: list[ExamAct] = []

    def take(self, act: ExamActIn) -> None:
        # Before the start nothing is told of what the paper holds.
        began = self.sitting.starts_at is not None
        fault = self._fault(act) if began else msg("还没开考")
        if fault is None:
            alike = self._alike(act)
            known = next((row for row in alike if row.uuid == act.uuid), None)
            if known is not None:
                if _is_same(known, act, self.sitting):
                    self.taken.stored.append(act.uuid)
                    return
                fault = msg("这一条的编号已经用过了")
            else:
                fault = self._place_fault(act, is_counted=bool(alike))
        if fault is not None:
            self.taken.refused.append((act.uuid, fault))
            return
        self._add(act)
        self.taken.stored.append(act.uuid)

    def _fault(self, act: ExamActIn) -> Message | None:
        """What is wrong with the act by itself."""
        if not _UUID.fullmatch(act.uuid) or act.kind not in _KINDS:
            return msg("这一条读不懂")
        if device_moment(act.at) is None or not 1 <= act.number <= _MOST_NUMBER:
            return msg("这一条读不懂")
        if act.kind not in _ASKED:
            return None
        question = self.questions.get(act.question or "")
        if question is None:
            return msg("卷子里没有这道题")
        if act.kind == FLAG:
            return None if isinstance(act.value, bool) else msg("这一条读不懂")
        return None if act.value is None else _value_fault(question, act.value)

    def _alike(self, act: ExamActIn) -> Sequence[ExamAct]:
        """What is held with the act's uuid, or with its count of the device."""
        own = and_(
            ExamAct.sitting_id == self.sitting.id,
            ExamAct.device == self.term.device,
            ExamAct.number == act.number,
        )
        return db.session.scalars(select(ExamAct).where(or_(ExamAct.uuid == act.uuid, own))).all()

    def _place_fault(self, act: ExamActIn, *, is_counted: bool) -> Message | None:
        """What stands against an act that is new."""
        if self.sitting.state is SittingState.VOID:
            return msg("这场考试已经作废，请问监考员")
        last = self.sitting.handed_in_number
        same = self.sitting.handed_in_device == self.term.device
        if last is not None and same and act.number > last:
            return msg("已经交卷了")
        return msg("这一条的序号已经用过了") if is_counted else None

    def _add(self, act: ExamActIn) -> None:
        moment = device_moment(act.at)
        assert moment is not None, "checked before"
        row = ExamAct(
            uuid=act.uuid,
            sitting_id=self.sitting.id,
            device=self.term.device,
            number=act.number,
            kind=act.kind,
            item=act.question if act.kind in _ASKED else None,
            value=act.value if act.kind in _ASKED else None,
            said_at=moment,
            held_at=self.now,
            clock_at=self.reading.at if self.reading else None,
            clock_number=self.reading.number if self.reading else None,
        )
        db.session.add(row)
        self.added.append(row)
        db.session.flush()
        # What a device says late, after they were moved, does not end it where they sit now.
        here = self.term.ended_at is None
        if act.kind == HAND_IN and here and self.sitting.state is SittingState.BEGUN:
            self.sitting.state = SittingState.HANDED_IN
            self.sitting.handed_in_at = self.now
            self.sitting.handed_in_device = self.term.device
            self.sitting.handed_in_number = act.number


def _is_same(known: ExamAct, act: ExamActIn, sitting: ExamSitting) -> bool:
    asked = act.kind in _ASKED
    return (
        known.sitting_id == sitting.id
        and known.kind == act.kind
        and known.item == (act.question if asked else None)
        and known.value == (act.value if asked else None)
        and known.number == act.number
    )


def _value_fault(question: Question, value: Any) -> Message | None:
    if len(json.dumps(value)) > _LONGEST_VALUE or not is_storable(json.dumps(value)):
        return msg("答得太长了")
    texts = value if isinstance(value, list) else [value]
    if any(isinstance(text, str) and not is_storable(text) for text in texts):
        return msg("有看不见的字符，请删掉再试")
    blanks = question.key if question.kind is QuestionKind.BLANK else ()
    key = tuple(frozenset[str]() for _blank in blanks) if blanks else None
    wanted = answer_fault(question, key, value)
    return None if wanted is None else msg("这道题不能这样答")


def questions_of_form(examination: Examination, form: str) -> Mapping[str, Question]:
    """The questions of a form by their codes, in its order; they stay as they were set up."""
    memory = memory_of(_QUESTIONS, dict[tuple[int, datetime, str], Mapping[str, Question]])
    key = examination.id, examination.made_at, form
    if key not in memory:
        filed = json.loads(examination.content)
        rows = {row["code"]: msgspec.convert(row, Question) for row in filed["questions"]}
        codes = next(it["questions"] for it in filed["forms"] if it["form"] == form)
        memory[key] = {code: rows[code] for code in codes}
    return memory[key]


def kept_answers(sitting: ExamSitting, device: str) -> KeptAnswers:
    """What stands by the acts that the server holds, whatever its rules will say of them."""
    query = select(ExamAct).where(ExamAct.sitting_id == sitting.id)
    answers: dict[str, Any] = {}
    flags: dict[str, bool] = {}
    number = elsewhere = 0
    for act in sorted(db.session.scalars(query), key=_said_about):
        if act.device == device:
            number = max(number, act.number)
        else:
            elsewhere += 1
        if act.kind == ANSWER and act.item is not None:
            answers[act.item] = act.value
        elif act.kind == FLAG and act.item is not None:
            flags[act.item] = bool(act.value)
    flagged = [code for code, is_set in flags.items() if is_set]
    return KeptAnswers(answers, flagged, number, elsewhere)


def _said_about(act: ExamAct) -> tuple[datetime, int]:
    """When an act was said by the server's clock, as far as its own call tells."""
    if act.clock_at is None:
        return act.held_at, act.number
    return act.said_at + (act.held_at - act.clock_at), act.number


def last_number(sitting: ExamSitting, device: str) -> int:
    """The highest count of the device's acts that the server holds."""
    query = select(func.max(ExamAct.number)).where(
        ExamAct.sitting_id == sitting.id, ExamAct.device == device
    )
    return db.session.scalar(query) or 0


def count_elsewhere(sitting: ExamSitting, device: str) -> int:
    """How many acts of the sitting other devices made."""
    query = select(func.count(ExamAct.id)).where(
        ExamAct.sitting_id == sitting.id, ExamAct.device != device
    )
    return db.session.scalar(query) or 0


def hand_in_words(sitting: ExamSitting) -> str:
    """The hash words of what was handed in: its answers as the server holds them."""
    query = (
        select(ExamAct.uuid, ExamAct.item, ExamAct.value)
        .where(ExamAct.sitting_id == sitting.id, ExamAct.kind == ANSWER)
        .order_by(ExamAct.device, ExamAct.number)
    )
    rows = [list(row) for row in db.session.execute(query)]
    return hash_phrase(bytes.fromhex(_hash(rows)))


def _hash(rows: Any) -> str:
    return canonical_sha256({"rows": rows})
