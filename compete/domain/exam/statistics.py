"""How well questions and forms measured, over the sittings that passed or failed.

All is compared and rounded on exact values: sums are whole hundredths, and a
correlation is rounded by its square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

from compete.domain.exam.answers import CHOICES, QuestionKind
from compete.domain.exam.exam_reading import Form, Question
from compete.domain.exam.exam_results import FormResult, OptionResult, QuestionResult
from compete.domain.exam.files import POINTS_PLACES
from compete.domain.exam.item_points import hundredths
from compete.domain.values.points import round_half_up, show

LEAST_SITTINGS = 30
"""Below so many sittings no figure is told."""

FIGURE_PLACES = 3
_HARD, _EASY, _WEAK = Fraction(3, 10), Fraction(95, 100), Fraction(1, 10)
_QUARTER = 4


@dataclass(frozen=True, slots=True)
class Sat:
    """A sitting that passed or failed: points by question and in all, and the answers given."""

    form: str
    passed: bool
    total: int
    points: Mapping[str, int]
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation as it is exactly: top ÷ √square."""

    top: int
    square: int

    def is_below(self, bound: Fraction) -> bool:
        """True if it is less than a bound above 0."""
        return self.top <= 0 or self.top**2 < bound**2 * self.square

    def figure(self) -> str:
        """The correlation rounded, a half away from zero."""
        doubled = isqrt((2 * 10**FIGURE_PLACES * self.top) ** 2 // self.square)
        size = (doubled + 1) // 2
        return show(-size if self.top < 0 else size, FIGURE_PLACES)


def _correlated(pairs: Sequence[tuple[int, int]]) -> Correlation | None:
    """Pearson's correlation; None where either side does not vary."""
    n = len(pairs)
    sum_x = sum(x for x, _ in pairs)
    sum_y = sum(y for _, y in pairs)
    of_x = n * sum(x * x for x, _ in pairs) - sum_x**2
    of_y = n * sum(y * y for _, y in pairs) - sum_y**2
    if not of_x or not of_y:
        return None
    return Correlation(n * sum(x * y for x, y in pairs) - sum_x * sum_y, of_x * of_y)


def question_result(
    question: Question, sat: Sequence[Sat], right: Collection[str], *, struck: bool
) -> QuestionResult:
    """The figures of a question over the sittings whose form has it.

    `right` are the options of a single that are right.
    """
    code, n = question.code, len(sat)
    is_told = n >= LEAST_SITTINGS
    answers = [sitting.answers.get(code) for sitting in sat]
    chosen = _option_counts(question, answers)
    share: str | None = None
    correlation: Correlation | None = None
    flags: list[str] = []
    if is_told and not struck:
        mean = Fraction(
            sum(sitting.points[code] for sitting in sat), n * hundredths(question.points)
        )
        share = _figure(mean)
        correlation = _correlated(
            [(sitting.points[code], sitting.total - sitting.points[code]) for sitting in sat]
        )
        if mean < _HARD:
            flags.append("hard")
        if mean > _EASY:
            flags.append("easy")
        if correlation is not None and correlation.is_below(_WEAK):
            flags.append("weak")
        if question.kind in CHOICES and not all(chosen.values()):
            flags.append("unused")
        if question.kind is QuestionKind.SINGLE and _is_key_doubtful(question, sat, right):
            flags.append("key")
    return QuestionResult(
        question=code,
        n=n,
        struck=struck,
        share=share,
        correlation=None if correlation is None else correlation.figure(),
        unanswered=_figure(Fraction(answers.count(None), n)) if is_told else None,
        options=[
            OptionResult(option, _figure(Fraction(many, n)) if is_told else None)
            for option, many in chosen.items()
        ],
        flags=flags,
    )


def _option_counts(question: Question, answers: Iterable[Any]) -> dict[str, int]:
    """How many chose each option; nothing for kinds without."""
    if question.kind is QuestionKind.TRUE_FALSE:
        counts = Counter(answer for answer in answers if answer is not None)
        return {"true": counts[True], "false": counts[False]}
    if question.kind not in CHOICES:
        return {}
    chosen: Counter[str] = Counter()
    for answer in answers:
        if answer is not None:
            chosen.update([answer] if isinstance(answer, str) else answer)
    return {option: chosen[option] for option in question.options}


def _is_key_doubtful(question: Question, sat: Sequence[Sat], right: Collection[str]) -> bool:
    """True if the best quarter chose something wrong more often than the rest did."""
    least = sorted((sitting.total for sitting in sat), reverse=True)[-(-len(sat) // _QUARTER) - 1]
    best = [sitting.answers.get(question.code) for sitting in sat if sitting.total >= least]
    rest = [sitting.answers.get(question.code) for sitting in sat if sitting.total < least]
    return bool(rest) and any(
        best.count(option) * len(rest) > rest.count(option) * len(best)
        for option in question.options
        if option not in right
    )


def form_result(form: Form, sat: Sequence[Sat], struck: Collection[str]) -> FormResult:
    """The figures of a form over its sittings."""
    mean = alpha = None
    if len(sat) >= LEAST_SITTINGS:
        total = sum(sitting.total for sitting in sat)
        mean = show(round_half_up(total, len(sat), 0), POINTS_PLACES)
        items = [code for code in form.questions if code not in struck]
        reliability = _cronbach_alpha([[sitting.points[code] for code in items] for sitting in sat])
        alpha = None if reliability is None else _figure(reliability)
    return FormResult(form.form, len(sat), sum(sitting.passed for sitting in sat), mean, alpha)


def _cronbach_alpha(rows: Sequence[Sequence[int]]) -> Fraction | None:
    """Cronbach's alpha of one row for each sitting and one column for each item.

    None with fewer than two items, or where the sums of the rows do not vary.
    """
    items = len(rows[0])
    of_sum = _spread([sum(row) for row in rows])
    if items < 2 or not of_sum:
        return None
    of_items = sum(_spread(column) for column in zip(*rows, strict=True))
    return Fraction(items, items - 1) * (1 - Fraction(of_items, of_sum))


def _spread(values: Sequence[int]) -> int:
    """The variance × the square of how many there are."""
    return len(values) * sum(value * value for value in values) - sum(values) ** 2


def _figure(value: Fraction) -> str:
    return show(round_half_up(value, 1, FIGURE_PLACES), FIGURE_PLACES)
