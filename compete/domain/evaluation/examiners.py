"""Examiners: how many an examination wants in all and at each place, and what it lacks.

As the national standards of occupations say it: theory 1 : 15 and at least two in a room,
practice 1 : 5 and an odd number of at least three, 综合评审 an odd number of at least three.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from compete.domain.bundle.event_types import Module, Stage


class Exam(StrEnum):
    """The kinds of examination; each wants examiners by a rule of its own."""

    THEORY = "theory"
    PRACTICE = "practice"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The wanted examiners.

    At most `per` candidates for an examiner (None: no matter), `least` examiners at each place,
    an `odd` number of them.
    """

    per: int | None
    least: int
    odd: bool


class ExaminerRules(msgspec.Struct, frozen=True):
    """The numbers of examiners that a competition may set; by default the standards'."""

    theory_per: int = 15
    theory_least: int = 2
    practice_per: int = 5
    practice_least: int = 3

    def of(self, exam: Exam) -> Wanted:
        """The examiners that an examination of this kind wants."""
        return {
            Exam.THEORY: Wanted(self.theory_per, self.theory_least, odd=False),
            Exam.PRACTICE: Wanted(self.practice_per, self.practice_least, odd=True),
            Exam.REVIEW: Wanted(None, 3, odd=True),
        }[exam]

    def is_looser(self, than: ExaminerRules) -> bool:
        """True if fewer examiners will do in some way."""
        return (
            self.theory_per > than.theory_per
            or self.theory_least < than.theory_least
            or self.practice_per > than.practice_per
            or self.practice_least < than.practice_least
        )


@dataclass(frozen=True, slots=True)
class Short:
    """A lack of examiners, or an even number: at a place, or (None) in all."""

    place: str | None
    needed: int
    seated: int


def exam_of(stage: Stage, module: Module) -> Exam:
    """The kind of examination of a module: theory if its name, or its part's name, says so.

    That is 理论 in the name or `theory` in the code. A 综合评审 says so; the rest is practice.
    """
    if module.review:
        return Exam.REVIEW
    part = next((part for part in stage.parts if part.code == module.part), None)
    called = [(it.name, it.code) for it in (module, part) if it is not None]
    if any("理论" in name or "theory" in code.lower() for name, code in called):
        return Exam.THEORY
    return Exam.PRACTICE


def short_in_all(wanted: Wanted, people: int, examiners: Collection[int]) -> Short | None:
    """The lack in all, if there are too few examiners for so many candidates; else None."""
    if wanted.per is None:
        return None
    number = -(-people // wanted.per)
    return Short(None, number, len(examiners)) if len(examiners) < number else None


def short_at_places(wanted: Wanted, places: Mapping[str, Collection[int]]) -> list[Short]:
    """List the places with too few examiners, or with an even number where it is to be odd."""
    return [
        Short(place, wanted.least, len(examiners))
        for place, examiners in places.items()
        if len(examiners) < wanted.least or (wanted.odd and len(examiners) % 2 == 0)
    ]
