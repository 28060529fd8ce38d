"""What is offered for registration, who is registered already, and one person's data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import msgspec

from compete.domain.eligibility import Conditions
from compete.domain.grades.ladder import NATIONAL, Ladder, grade_face, grades_of_ladder
from compete.domain.identity.papers import Paper
from compete.domain.values.kinds import CrewRole

Gender = Literal["male", "female"]
Group = Literal["worker", "teacher", "student"]

ALL_GROUPS: tuple[Group, ...] = ("worker", "teacher", "student")


@dataclass(frozen=True, slots=True)
class Tried:
    """What an event of an evaluation tries people for, and the day on which it looks at them."""

    grade: int
    occupation: tuple[str, str | None]
    """Code and track: nobody is tried for two levels of one."""
    on: date | None = None
    papers: frozenset[str] = frozenset()
    """Diplomas and titles that its conditions of application name."""


@dataclass(frozen=True, slots=True)
class OfferedEvent:
    """An event open for registration; new codes are `code_prefix` and a running number."""

    code: str
    name: str
    groups: tuple[Group, ...] = ALL_GROUPS
    code_prefix: str = "A"
    conditions: Conditions | None = None
    """What the event asks of its people; none asks nothing."""
    ladder: Ladder = NATIONAL
    """How its grades are called."""
    tried: Tried | None = None
    """Of an evaluation."""


@dataclass(frozen=True, slots=True)
class OfferedUnit:
    """A unit that is known already."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OfferedTeam:
    """A team that is known already; `event` and `unit` are codes."""

    code: str
    name: str
    event: str
    unit: str


@dataclass(frozen=True, slots=True)
class RegistrationOffer:
    """What a registration can choose from; codes are unique in their list."""

    competition: str
    """The name that stands on top of the workbook."""
    events: Sequence[OfferedEvent]
    units: Sequence[OfferedUnit] = ()
    teams: Sequence[OfferedTeam] = ()
    new_units: bool = True
    """Whether a workbook may bring units that are not there yet; a unit's own may not."""
    day: date | None = None
    """On which the competition begins: ages are of that day."""
    left_out: frozenset[str] = frozenset()
    """Columns that this competition does not ask for; what a file says there is not read."""

    @property
    def own_ladders(self) -> bool:
        """Whether an event calls its grades otherwise than the nation does."""
        return any(event.ladder is not NATIONAL for event in self.events)

    @property
    def grade_names(self) -> list[str]:
        """The grades that its events know, each once; lowest first within a ladder."""
        ladders = [event.ladder for event in self.events] or [NATIONAL]
        named = (
            grade_face(grade, ladder) for ladder in ladders for grade in grades_of_ladder(ladder)
        )
        return list(dict.fromkeys(named))

    @property
    def conditions(self) -> dict[str, Conditions]:
        """By event what it asks of its people."""
        return {event.code: event.conditions for event in self.events if event.conditions}


class Background(msgspec.Struct, frozen=True, kw_only=True):
    """What a competition may ask besides; `consent` to the whole name, None: nothing was said.

    It and what is made of it come by the ten thousand, which msgspec makes in a fifth of the time.
    """

    department: str | None = None
    education: str | None = None
    """A key of `EDUCATION_WORDS`."""
    mentor: str | None = None
    coach: str | None = None
    leader: str | None = None
    grade_since: date | None = None
    """The day of the certificate of the present grade."""
    papers: list[dict[str, Any]] | None = None
    """Diplomas and titles, as a file writes them: `kind`, `since`."""
    consent: bool | None = None

    def __repr__(self) -> str:
        """Of whom it is by the code alone: an ID number must not slip into a log."""
        return f"{type(self).__name__}({getattr(self, 'code', None)!r})"


class Registration(Background, frozen=True, kw_only=True, gc=False):
    """One person in one event. `event`, `unit` and `team` are codes."""

    code: str
    name: str
    event: str
    unit: str
    paper: Paper = Paper.CITIZEN_ID
    id_number: str
    gender: Gender | None = None
    birth: date | None = None
    team: str | None = None
    group: Group = "worker"
    grade: int | None = None
    """5 the lowest to 1 the highest, or none."""
    phone: str | None = None
    promoted: int | None = None
    """Year of the last promotion by a competition."""
    post: str | None = None
    months: int | None = None
    """Of work in the occupation."""
    certificate: str | None = None
    """Number of the certificate of the present grade."""
    crew: str | None = None
    """Name of the crew; `code` is then the member's own."""
    crew_code: str | None = None
    """The crew's code; none where the rows of a crew are not yet put together."""
    role: CrewRole | None = None


class KnownEntrant(Background, frozen=True, kw_only=True):
    """An entrant in the database; the ID number itself need not be at hand."""

    code: str
    name: str
    event: str
    unit: str
    id_key: str | None
    """What `KnownPeople.id_key` gave for this person's paper; none if never given."""
    gender: str | None = None
    """As kept; a bundle may spell it 男 as well as male."""
    birth: date | None = None
    team: str | None = None
    group: Group = "worker"
    grade: int | None = None
    phone: str | None = None
    promoted: int | None = None
    post: str | None = None
    months: int | None = None
    certificate: str | None = None
    crew: str | None = None
    crew_code: str | None = None
    role: CrewRole | None = None
    is_crew: bool = False
    """A crew itself, whose members stand beside it: nobody's row is about it."""
    withdrawn: bool = False
    erased: bool = False
    failed: bool = False
    """Whether results are out by which this attempt was in vain: another may follow."""
    took_back: bool = False
    """Whether it was the person who withdrew the consent: no workbook gives it back."""


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """Who is registered in this competition already.

    `id_key` turns a checked paper into the key stored with an entrant: the
    database keeps a keyed hash, never a number one could search.
    """

    id_key: Callable[[Paper, str], str]
    entrants: Sequence[KnownEntrant] = ()
    crews_closed: bool = False
    """Whether nobody can join a crew that is registered already."""
    codes: Sequence[str] = ()
    """Codes that are taken besides those of the entrants, where these are not everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRow:
    """A row to write out for people, as text; every field may be empty."""

    code: str = ""
    name: str = ""
    paper: str = ""
    id_number: str = ""
    unit: str = ""
    gender: str = ""
    birth: str = ""
    event: str = ""
    team: str = ""
    group: str = ""
    grade: str = ""
    phone: str = ""
    promoted: str = ""
    post: str = ""
    months: str = ""
    certificate: str = ""
    crew: str = ""
    role: str = ""
    department: str = ""
    education: str = ""
    mentor: str = ""
    coach: str = ""
    leader: str = ""
    grade_since: str = ""
    papers: str = ""
    consent: str = ""
