"""Scoring of a theory examination: from its file to its results."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compete.domain.exam.answers import CHOICES, Key, QuestionKind
from compete.domain.exam.counting import Counted, clock_jumped, counted
from compete.domain.exam.exam_reading import ReadExam
from compete.domain.exam.exam_results import (
    Changed,
    ExamResults,
    ItemResult,
    LeftOut,
    QuestionResult,
    SectionResult,
    SittingResult,
)
from compete.domain.exam.exam_types import Question, Sitting, State
from compete.domain.exam.item_points import PLACES, answer_points, essay_points, hundredths
from compete.domain.exam.statistics import Sat, form_result, question_result
from compete.domain.values.points import show, shown

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
                points = {code: each for code, each in last.points.items() if each is not None}
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
                    form, [each for each in sat if each.form == form.form], self.read.struck
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
                points = _sum(last.points[code] for code in here)
                of = sum(self.full[code] for code in here)
                profile.append(SectionResult(section.code, shown(points, PLACES), show(of, PLACES)))
        return SittingResult(
            sitting=sitting.code,
            form=sitting.form,
            verdict=last.verdict,
            total=shown(last.total, PLACES),
            flags=["clock"] if clock_jumped(sitting) else [],
            items=[
                ItemResult(
                    code,
                    _as_shown(self.questions[code], what.answers.get(code)),
                    shown(last.points[code], PLACES),
                )
                for code in codes
            ],
            profile=profile,
            left_out=[LeftOut(uuid, why) for uuid, why in what.left_out],
        )

    def question_result(self, question: Question, sat: Sequence[Sat]) -> QuestionResult:
        here = [each for each in sat if question.code in each.points]
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
        from_=shown(first.total, PLACES),
        to=shown(last.total, PLACES),
        verdict_from=first.verdict,
        verdict_to=last.verdict,
    )


def _sum(points: Iterable[int | None]) -> int | None:
    """The sum; None if one is None."""
    total = 0
    for each in points:
        if each is None:
            return None
        total += each
    return total


def _as_shown(question: Question, value: Any) -> Any:
    """The answer as it stands; the ids of a multiple in the order of its options."""
    if question.kind is QuestionKind.MULTIPLE and value is not None:
        return [option for option in question.options if option in value]
    return value
