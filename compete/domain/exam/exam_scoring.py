"""Scoring of a theory examination: which answers count, and what they come to.

The server's clock rules; a device's clock is used only through readings. Instants are
milliseconds here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from compete.domain.exam.answers import CHOICES, Key, QuestionKind
from compete.domain.exam.exam_reading import Act, Question, ReadExam, Reading, Sitting, State
from compete.domain.exam.exam_results import (
    Changed,
    ExamResults,
    ItemResult,
    LeftOut,
    QuestionResult,
    SectionResult,
    SittingResult,
)
from compete.domain.exam.files import POINTS_PLACES
from compete.domain.exam.folding import folded
from compete.domain.exam.item_points import answer_points, essay_points, hundredths
from compete.domain.exam.statistics import Sat, form_result, question_result
from compete.domain.values.points import show, show_or_none

Why = Literal["other_device", "after_hand_in", "after_end", "too_late"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)
_SECOND = 1000
_MINUTE = 60 * _SECOND
_APART = 60 * _SECOND
"""The most by which two readings of a clock that goes right may differ."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of a sitting: the answers by question, and the acts left out, by uuid."""

    answers: Mapping[str, Any]
    left_out: tuple[tuple[str, Why], ...]


def counted(sitting: Sitting, late_minutes: int, choices: Collection[str]) -> Counted:
    """Find the answer that counts for each question; what is unanswered has none.

    `choices` are the questions that are answered by ids of options.
    """
    clocks = _clocks(sitting)
    starts = [_ticks(row.from_) for row in sitting.devices]
    end = _ticks(sitting.ends_at) + sum(grant.seconds for grant in sitting.grants) * _SECOND
    left_out: list[tuple[str, Why]] = []
    last: dict[str, tuple[tuple[int, int], Any]] = {}
    for timed in _timed_acts(sitting.acts, clocks):
        act = timed.act
        term = bisect_right(starts, timed.said) - 1
        why = _why_left_out(sitting, timed, term, end, late_minutes)
        if why is not None:
            left_out.append((act.uuid, why))
            continue
        order = (term, act.seq)
        if act.item not in last or last[act.item][0] < order:
            last[act.item] = order, act.value
    answers = {
        item: value for item, (_, value) in last.items() if not _is_empty(value, item in choices)
    }
    return Counted(answers, tuple(sorted(left_out)))


def _clock_jumped(sitting: Sitting) -> bool:
    """True if two successive readings of a device differ by more than a minute."""
    return any(
        abs(later - earlier) > _APART
        for clock in _clocks(sitting).values()
        for earlier, later in pairwise(clock.offsets)
    )


class _Clock:
    """A device's clock in a sitting: its readings in order, and the earliest it may speak of."""

    def __init__(self, readings: Iterable[Reading], first: int) -> None:
        ordered = sorted(readings, key=lambda row: (row.seq, row.server_at))
        self.seqs = [row.seq for row in ordered]
        self.offsets = [_ticks(row.server_at) - _ticks(row.device_at) for row in ordered]
        self.first = first

    def offset_at(self, seq: int) -> int | None:
        """The smaller offset of the readings around an act; None without readings."""
        place = bisect_left(self.seqs, seq)
        return min(self.offsets[max(place - 1, 0) : place + 1], default=None)


def _clocks(sitting: Sitting) -> dict[str, _Clock]:
    readings: dict[str, list[Reading]] = {row.device: [] for row in sitting.devices}
    for row in sitting.readings:
        readings[row.device].append(row)
    first: dict[str, int] = {}
    for device in sitting.devices:
        first.setdefault(device.device, max(_ticks(sitting.starts_at), _ticks(device.from_)))
    return {device: _Clock(rows, first[device]) for device, rows in readings.items()}


@dataclass(slots=True)
class _Timed:
    """An act with when the server first had it, whether two brought it, and when it was said."""

    act: Act
    stored: int
    brought: bool
    said: int = 0


def _timed_acts(acts: Iterable[Act], clocks: Mapping[str, _Clock]) -> Iterable[_Timed]:
    """Each act once, with its times."""
    by_uuid: dict[str, _Timed] = {}
    for act in acts:
        stored = _ticks(act.held_at)
        same = by_uuid.setdefault(act.uuid, _Timed(act, stored, False))
        same.stored = min(same.stored, stored)
        same.brought = same.brought or bool(act.brought_by)
    earliest: dict[str, int] = {}
    for timed in sorted(by_uuid.values(), key=lambda row: row.act.seq, reverse=True):
        act, clock = timed.act, clocks[timed.act.device]
        bound = earliest[act.device] = min(earliest.get(act.device, timed.stored), timed.stored)
        offset = clock.offset_at(act.seq)
        moment = timed.stored if offset is None else _ticks(act.said_at) + offset
        timed.said = max(min(moment, bound), clock.first)
    return by_uuid.values()


def _why_left_out(
    sitting: Sitting, timed: _Timed, term: int, end: int, late_minutes: int
) -> Why | None:
    """The first reason that fits; None for an act that is taken."""
    act, hand_in = timed.act, sitting.hand_in
    if sitting.devices[term].device != act.device:
        return "other_device"
    if hand_in is not None:
        if act.device == hand_in.device:
            after = act.seq > hand_in.seq
        else:
            after = timed.said > _ticks(hand_in.at)
        if after:
            return "after_hand_in"
    if timed.said > end:
        return "after_end"
    if timed.stored > end + late_minutes * _MINUTE and not timed.brought:
        return "too_late"
    return None


def _is_empty(value: Any, is_choice: bool) -> bool:
    """True if nothing is answered: null, an empty list, texts that fold to nothing."""
    if value is None or value == []:
        return True
    if is_choice or isinstance(value, bool):
        return False
    return not any(map(folded, value if isinstance(value, list) else [value]))


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


PASS, FAIL, PENDING = "pass", "fail", "pending"


def score_exam(read: ReadExam) -> ExamResults:
    """The results of an examination. Everything is exact; nothing is rescaled."""
    return _Scorer(read).results()


@dataclass(frozen=True, slots=True)
class _Scored:
    """A sitting's points by question under one state of the keys, None while pending."""

    points: Mapping[str, int | None]
    total: int | None
    verdict: str


class _Scorer:
    """What is asked again and again of an examination, looked up once."""

    def __init__(self, read: ReadExam) -> None:
        self.read = read
        self.exam = read.exam
        self.questions = {question.code: question for question in read.exam.questions}
        self.choices = {code for code, row in self.questions.items() if row.kind in CHOICES}
        self.full = {code: hundredths(row.points) for code, row in self.questions.items()}
        self.forms = {form.form: form.questions for form in read.exam.forms}
        self.marks = self._marks()

    def _marks(self) -> dict[tuple[str, str], list[Decimal]]:
        """The marks of each answer by its markers, in the order in which they first marked."""
        marks: dict[tuple[str, str], dict[str, Decimal]] = {}
        for mark in self.exam.marks:
            marks.setdefault((mark.sitting, mark.question), {})[mark.marker] = mark.points
        return {answer: list(by_marker.values()) for answer, by_marker in marks.items()}

    def results(self) -> ExamResults:
        sittings, changed, sat = [], [], []
        for sitting in sorted(self.exam.sittings, key=lambda row: row.code):
            if sitting.state is not State.SAT:
                sittings.append(_not_scored(sitting))
                continue
            what = counted(sitting, self.exam.late_minutes, self.choices)
            last = self.scored(sitting, what, self.read.last, self.read.struck)
            sittings.append(self.sitting_result(sitting, what, last))
            first = self.scored(sitting, what, self.read.first, ()) if self.exam.keys else last
            if (first.total, first.verdict) != (last.total, last.verdict):
                changed.append(_changed(sitting, first, last))
            if last.total is not None:
                points = {
                    code: figure for code, figure in last.points.items() if figure is not None
                }
                passed = last.verdict == PASS
                sat.append(Sat(sitting.form, passed, last.total, points, what.answers))
        return ExamResults(
            "compete-exam-results/1",
            self.exam.code,
            sittings,
            changed,
            [self.question_result(question, sat) for question in self.exam.questions],
            [
                form_result(
                    form,
                    [sitting for sitting in sat if sitting.form == form.form],
                    self.read.struck,
                )
                for form in self.exam.forms
            ],
        )

    def scored(
        self,
        sitting: Sitting,
        what: Counted,
        keys: Mapping[str, Key | None],
        struck: Collection[str],
    ) -> _Scored:
        """Score a sitting by these keys."""
        points = {
            code: self.item_points(sitting, code, what, keys[code], struck)
            for code in self.forms[sitting.form]
        }
        total = _sum(points.values())
        if total is None:
            return _Scored(points, None, PENDING)
        passed = total >= hundredths(self.exam.pass_)
        return _Scored(points, total, PASS if passed else FAIL)

    def item_points(
        self,
        sitting: Sitting,
        code: str,
        what: Counted,
        key: Key | None,
        struck: Collection[str],
    ) -> int | None:
        if code in struck:
            return self.full[code]
        value = what.answers.get(code)
        if value is None:
            return 0
        if key is None:
            marks = self.marks.get((sitting.code, code), ())
            return essay_points(marks, self.exam.marking.essay)
        return answer_points(self.questions[code], self.full[code], key, value, self.exam.marking)

    def sitting_result(self, sitting: Sitting, what: Counted, last: _Scored) -> SittingResult:
        codes = self.forms[sitting.form]
        profile = []
        for section in self.exam.sections:
            here = [code for code in codes if self.questions[code].section == section.code]
            if here:
                points = show_or_none(_sum(last.points[code] for code in here), POINTS_PLACES)
                of = show(sum(self.full[code] for code in here), POINTS_PLACES)
                profile.append(SectionResult(section.code, points, of))
        return SittingResult(
            sitting=sitting.code,
            form=sitting.form,
            verdict=last.verdict,
            total=show_or_none(last.total, POINTS_PLACES),
            flags=["clock"] if _clock_jumped(sitting) else [],
            items=[
                ItemResult(
                    code,
                    _as_shown(self.questions[code], what.answers.get(code)),
                    show_or_none(last.points[code], POINTS_PLACES),
                )
                for code in codes
            ],
            profile=profile,
            left_out=[LeftOut(uuid, why) for uuid, why in what.left_out],
        )

    def question_result(self, question: Question, sat: Sequence[Sat]) -> QuestionResult:
        here = [sitting for sitting in sat if question.code in sitting.points]
        key = self.read.last[question.code]
        right = key if question.kind is QuestionKind.SINGLE else frozenset()
        assert isinstance(right, frozenset)
        struck = question.code in self.read.struck
        return question_result(question, here, right, struck=struck)


def _not_scored(sitting: Sitting) -> SittingResult:
    return SittingResult(sitting.code, sitting.form, sitting.state.value, None, [], [], [], [])


def _changed(sitting: Sitting, first: _Scored, last: _Scored) -> Changed:
    return Changed(
        sitting=sitting.code,
        from_=show_or_none(first.total, POINTS_PLACES),
        to=show_or_none(last.total, POINTS_PLACES),
        verdict_from=first.verdict,
        verdict_to=last.verdict,
    )


def _sum(points: Iterable[int | None]) -> int | None:
    """The sum; None if one is None."""
    total = 0
    for point in points:
        if point is None:
            return None
        total += point
    return total


def _as_shown(question: Question, value: Any) -> Any:
    """The answer as it stands; the ids of a multiple in the order of its options."""
    if question.kind is QuestionKind.MULTIPLE and value is not None:
        return [option for option in question.options if option in value]
    return value
