"""Ties between mentors and pupils: those of somebody, and those that connect two groups."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from compete.models import Mentorship, Person
from compete.services.directory.merged import same_people, standing
from compete.services.kernel.clock import local_today
from compete.services.mentors.mentorship_rows import agreements_of


@dataclass(frozen=True, slots=True)
class MentorTie:
    """An agreement as one of the two has it."""

    agreement: Mentorship
    person: int
    """The record that stands for whose tie it is."""
    other: int
    """The record that stands for the other."""
    teaches: bool
    """True of the mentor."""

    @property
    def ended(self) -> date | None:
        """The day on which it ended; None while it runs."""
        last = self.agreement.last_day
        return last if last < local_today() or self.agreement.ended_on is not None else None


def ties_of_people(people: Collection[int]) -> Iterator[MentorTie]:
    """Both sides' ties of these people, by the records that stand; withdrawn ones are none."""
    if not people:
        return
    same = same_people(people)
    if not same:
        return
    standing_of, agreements = agreements_of(set(same.values()))
    wanted = set(same.values())
    for row in agreements:
        mentor, pupil = standing_of[row.mentor_id], standing_of[row.pupil_id]
        if mentor in wanted:
            yield MentorTie(row, mentor, pupil, True)
        if pupil in wanted:
            yield MentorTie(row, pupil, mentor, False)


def ties_of_person(person: Person) -> list[MentorTie]:
    """The ties of somebody, the oldest first."""
    return list(ties_of_people([standing(person).id]))
