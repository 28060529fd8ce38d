"""The offer of a registration, the people registered already, and one person's data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from compete.domain.eligibility import Conditions
from compete.domain.grades.ladder import NATIONAL, Ladder, grade_face, grades_of_ladder
from compete.domain.identity.papers import Paper
from compete.domain.registration_columns import Background
from compete.domain.values.kinds import CrewRole, Kind
from compete.domain.values.messages import Message
from compete.language import FIRST, worded

Gender = Literal["male", "female"]
Group = Literal["worker", "teacher", "student"]


@dataclass(frozen=True, slots=True)
class Tried:
    """The grade that an evaluation tries people for, and the day on which it looks at them."""

    grade: int
    occupation: tuple[str, str | None]
    """Code and track: nobody is tried for two levels of one."""
    on: date | None = None
    papers: frozenset[str] = frozenset()
    """Diplomas and titles that its conditions of application name."""


@dataclass(frozen=True, slots=True)
class IssuedGrade:
    """The highest grade of an event's occupation that this installation gave somebody.

    `since` is the date of the certificate; None while it has no certificate yet.
    """

    grade: int
    since: date | None

    def over(self, grade: int | None, since: date | None) -> tuple[int | None, date | None]:
        """The grade that counts, and its day, where these are declared.

        A higher one was given elsewhere; of what has no certificate yet no years run.
        """
        if self.since is None or (grade is not None and grade < self.grade):
            return grade, since
        return self.grade, self.since


class IssuedGrades(Protocol):
    """The grades issued here, found by the ID number."""

    def expect(self, people: Iterable[tuple[Paper, str]]) -> None:
        """Read at once what is known of these papers, which will be asked about."""

    def of(self, event: str, paper: Paper, number: str) -> IssuedGrade | None:
        """The grade of the bearer in the event's occupation; None for none."""


@dataclass(frozen=True, slots=True)
class OfferedEvent:
    """An event open for registration; new codes are `code_prefix` and a running number."""

    code: str
    name: str
    code_prefix: str = "A"
    conditions: Conditions | None = None
    """The event's conditions on its people; none asks nothing."""
    ladder: Ladder = NATIONAL
    """The names of its grades."""
    tried: Tried | None = None
    """Of an evaluation."""
    needed: frozenset[str] = frozenset()
    """Columns without which a condition would hold: what is written there is never left out."""
    unnumbered: bool = False
    """True if people may be entered without an ID number: nothing of the event hangs on it."""


@dataclass(frozen=True, slots=True)
class OfferedUnit:
    """A unit that is known already."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OfferedTeam:
    """A team that is known already, or made on the way; `event` and `unit` are codes."""

    code: str
    name: str
    event: str
    unit: str


@dataclass(frozen=True, slots=True)
class RegistrationOffer:
    """The choices of a registration; codes are unique in their list."""

    competition: str
    """The name that stands on top of the workbook."""
    events: Sequence[OfferedEvent]
    units: Sequence[OfferedUnit] = ()
    teams: Sequence[OfferedTeam] = ()
    new_units: bool = True
    """True if a workbook may bring units that are not there yet; a unit's own may not."""
    day: date | None = None
    """On which the competition begins: ages are of that day."""
    kind: str = Kind.SKILLS
    """The kind of competition, in whose words the workbook speaks."""
    issued: IssuedGrades | None = None
    """Of an evaluation the grades that were issued here."""
    left_out: frozenset[str] = frozenset()
    """Columns that this competition does not ask for; what a file says there is not read."""

    def wording(self, text: Message | str) -> str:
        """Say a text of the workbook, which is Chinese, in the words of the competition's kind."""
        return worded(str(text), self.kind, FIRST.code)

    @property
    def own_ladders(self) -> bool:
        """True if an event calls its grades otherwise than the nation does."""
        return any(event.ladder is not NATIONAL for event in self.events)

    @property
    def grade_names(self) -> list[str]:
        """List the grades that its events know, each once; lowest first within a ladder."""
        ladders = [event.ladder for event in self.events] or [NATIONAL]
        named = (
            grade_face(grade, ladder) for ladder in ladders for grade in grades_of_ladder(ladder)
        )
        return list(dict.fromkeys(named))

    @property
    def conditions(self) -> dict[str, Conditions]:
        """The conditions of each event on its people."""
        return {event.code: event.conditions for event in self.events if event.conditions}


class Answers(Background, frozen=True, kw_only=True):
    """A person's answers besides who it is, in which event and for whom."""

    gender: str | None = None
    birth: date | None = None
    group: Group | None = None
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
    role: CrewRole | None = None


class Said(Answers, frozen=True, kw_only=True, gc=False):
    """The values of a row; none where a cell is empty or wrong. Unit and team stay as written."""

    name: str | None
    paper: Paper | None
    id_number: str | None
    event: OfferedEvent | None
    code: str | None = None
    unit: str | None = None
    team: str | None = None
    given: frozenset[str]
    """Columns that say something, if only that there is none."""


class Registration(Answers, frozen=True, kw_only=True, gc=False):
    """A registration of one person in one event. `event`, `unit` and `team` are codes."""

    code: str
    name: str
    event: str
    unit: str
    paper: Paper = Paper.CITIZEN_ID
    id_number: str | None
    """None where the event takes people without one; one that is known stays."""
    team: str | None = None
    group: Group = "worker"
    crew_code: str | None = None
    """The crew's code; none where the rows of a crew are not yet put together."""

    @property
    def entrant_code(self) -> str:
        """The code of the entrant that takes the place: the crew, or the person."""
        return self.crew_code or self.code


class KnownEntrant(Answers, frozen=True, kw_only=True):
    """An entrant in the database; the ID number itself need not be at hand.

    The gender is as kept: a bundle may spell it 男 as well as male.
    """

    code: str
    name: str
    event: str
    unit: str
    id_key: str | None
    """The value of `KnownPeople.id_key` for this person's paper; none if never given."""
    team: str | None = None
    group: Group = "worker"
    crew_code: str | None = None
    is_crew: bool = False
    """A crew itself, whose members stand beside it: nobody's row is about it."""
    withdrawn: bool = False
    erased: bool = False
    failed: bool = False
    """True if results are out by which this attempt was in vain: another may follow."""
    took_back: bool = False
    """True if the person withdrew the consent: no workbook gives it back."""


NOBODY = KnownEntrant(code="", name="", event="", unit="", id_key=None)


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """The people who are registered in this competition already.

    `id_key` turns a checked paper into the key stored with an entrant: the
    database keeps a keyed hash, never a number one could search.
    """

    id_key: Callable[[Paper, str], str]
    entrants: Sequence[KnownEntrant] = ()
    crews_closed: bool = False
    """True if nobody can join a crew that is registered already."""
    codes: Sequence[str] = ()
    """Codes that are taken besides those of the entrants, where these are not everybody."""
