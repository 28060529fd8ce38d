"""Grades issued here: what certificates of this installation say of who tries for a grade."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select

from compete.domain.identity.papers import Paper
from compete.domain.values.states import CertificateState
from compete.models import Certificate, Competition, db
from compete.services.directory.registered_grades import (
    HeldGrade,
    any_void_grade,
    grades_of_people,
)
from compete.services.kernel.event_rules import rules_of
from compete.sheets.registration.people import IssuedGrade


def newest_grade() -> tuple[int | None, int]:
    """The mark of the grade certificates that are in force, which changes as they do."""
    valid = Certificate.kind == "grade", Certificate.state == CertificateState.VALID
    row = db.session.execute(select(func.max(Certificate.id), func.count()).where(*valid)).one()
    return row[0], row[1]


class IssuedHere:
    """The grades of other competitions of the installation, in the occupations of this one.

    What this competition itself gives is no reason not to be in it.
    """

    def __init__(self, competition: Competition, key_of: Callable[[Paper, str], str]) -> None:
        self._competition, self._key_of = competition, key_of
        self._occupations = {event.code: rules_of(event).occupation for event in competition.events}
        self._known: dict[str, Sequence[HeldGrade]] = {}
        self._void: dict[str, Sequence[HeldGrade]] = {}
        self._any_void: bool | None = None

    def expect(self, people: Iterable[tuple[Paper, str]]) -> None:
        """Read at once what is known of these papers, which will be asked about."""
        self.expect_keys({self._key_of(paper, number) for paper, number in people})

    def expect_keys(self, keys: Iterable[str]) -> None:
        """Read at once what is known under these look-up keys."""
        # Not a difference of sets: that would look at whatever is known, for each who is asked.
        unknown = {key for key in keys if key not in self._known}
        grades: Mapping[str, Sequence[HeldGrade]] = {}
        if unknown:
            grades = grades_of_people(unknown, approved=True)
        self._known |= {key: grades.get(key, ()) for key in unknown}

    def of(self, event: str, paper: Paper, number: str) -> IssuedGrade | None:
        """The highest grade of the bearer in the event's occupation; None for none."""
        return self.of_key(event, self._key_of(paper, number))

    def of_key(self, event: str, key: str) -> IssuedGrade | None:
        """The highest grade of who has this look-up key in the event's occupation."""
        occupation = self._occupations.get(event)
        if occupation is None:
            return None
        self.expect_keys([key])
        grades = [
            grade
            for grade in self._known[key]
            if grade.competition != self._competition.id and grade.is_of(occupation)
        ]
        # Of two that give the same grade the one with a certificate, and of two of those the first.
        best = min(grades, key=lambda it: (it.grade, it.since is None, str(it.since)), default=None)
        return None if best is None else IssuedGrade(best.grade, best.since)

    def void_of_key(
        self, event: str, key: str, grade: int | None, since: date | None
    ) -> HeldGrade | None:
        """The void certificate that alone gave who has this key this grade on that day; or None.

        Where another gives the grade or a higher one, nothing rests on the void one.
        """
        occupation = self._occupations.get(event)
        if occupation is None or grade is None or since is None or not self._has_void():
            return None
        self.expect_keys([key])
        unread = [it for it in self._known if it not in self._void]
        if unread:
            void = grades_of_people(unread, state=CertificateState.REVOKED)
            self._void |= {it: void.get(it, ()) for it in unread}
        if any(it.number and it.covers(occupation, grade) for it in self._known[key]):
            return None
        return next(
            (
                it
                for it in self._void[key]
                if (it.grade, it.since) == (grade, since) and it.is_of(occupation)
            ),
            None,
        )

    def _has_void(self) -> bool:
        if self._any_void is None:
            self._any_void = any_void_grade()
        return self._any_void
