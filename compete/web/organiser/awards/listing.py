"""The lines of the page of awards and promotions, and what of them is still to be decided.

Of thousands only what counts and orders them; a page's rows alone are put into words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from compete.domain.awards.won import Won, won_in
from compete.domain.bundle.results import (
    EventResults,
    FinalRow,
    GradeRow,
    HonourRow,
    Reason,
    Results,
)
from compete.domain.bundle.types import Bundle
from compete.domain.values.states import GradeState
from compete.services.certificates.grades_in_force import GradeLine
from compete.services.closing.grade_proposals import wants_a_look
from compete.services.scoring.live import LiveScorer
from compete.web.conditions import just_missed

VIEWS = ("all", "open", "raised", "rest")
"""全部, 要来定, 晋升, 不升."""


class Doubt(StrEnum):
    """Why somebody's grade is still to be decided."""

    LEFT = "left"
    """The doubt that a certificate is out for a grade that the results give no more."""
    PUT_OFF = "put_off"
    BARRED = "barred"
    """The doubt that it would be a second grade."""
    UNKNOWN = "unknown"
    """The present grade is not written down."""
    LEAP = "leap"
    """The doubt that it is several grades above the present one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person of an event: the award, and what was decided or is given of a grade."""

    event: str
    place: FinalRow
    member: str | None
    award: str | None
    honours: Sequence[HonourRow]
    decided: GradeLine | None
    from_results: GradeRow | None
    """The grade that the results give now, where it is a rise."""
    doubt: Doubt | None

    @property
    def person(self) -> str:
        """Return the person's own code."""
        return self.member or self.place.entrant

    @property
    def raised(self) -> bool:
        """True if the person rises, or still may."""
        if self.decided is not None:
            return self.decided.state not in (GradeState.REFUSED, GradeState.REVOKED)
        return self.from_results is not None

    @property
    def group(self) -> tuple[str, str | None]:
        """Event and award, under which the line stands."""
        return self.event, self.award

    def is_of(self, view: str) -> bool:
        """True if a view of `VIEWS` has it."""
        shown = {"open": self.doubt is not None, "raised": self.raised, "rest": not self.raised}
        return shown.get(view, True)


def people_lines(
    live: LiveScorer,
    decisions: Iterable[GradeLine],
    *,
    editable: bool,
    published: bool,
    barred: Collection[str],
) -> list[Line]:
    """List who won, rises, has an honour or just missed a grade: by event, award and rank.

    Nothing is to be decided unless `editable`; a certificate that follows no more is settled
    once the results are `published`. `barred` would get a second grade.
    """
    by_event: dict[str, dict[str, GradeLine]] = {event.code: {} for event in live.results.events}
    for line in decisions:
        by_event[line.event][line.person] = line
    listed_lines = []
    for event in live.results.events:
        decided = by_event[event.code]
        lines = [
            Line(
                event=event.code,
                place=row,
                member=member,
                award=award,
                honours=honours,
                decided=decision,
                from_results=given,
                doubt=_doubt(decision, editable, published, barred) if decision else None,
            )
            for row, member, award, honours, decision, given in _people(live, event, decided)
        ]
        order = [award.code for award in live.scorer.events[event.code].event.awards]
        listed_lines += sorted(
            lines, key=lambda line: order.index(line.award) if line.award else len(order)
        )
    return listed_lines


def _people(
    live: LiveScorer, event: EventResults, decided: Mapping[str, GradeLine]
) -> Iterator[
    tuple[FinalRow, str | None, str | None, list[HonourRow], GradeLine | None, GradeRow | None]
]:
    """List the people of an event whom the page shows, in the order of its standings.

    A crew's members where rules raise any of them, else the crew.
    """
    state = live.scorer.events[event.code].grades
    awards = {row.entrant: row.award for row in event.awards or () if row.entrant and not row.item}
    given = {
        row.member or row.entrant: row for row in event.grades or () if row.change == "promoted"
    }
    honours: dict[str, list[HonourRow]] = {}
    for honour in event.honours or ():
        honours.setdefault(honour.member or honour.entrant, []).append(honour)
    for row in event.standings:
        for person in state.people(row.entrant)[: None if state.rules else 1]:
            member = person.member if state.rules else None
            code = member or row.entrant
            award, own = awards.get(row.entrant), honours.get(code, [])
            known = award or own or code in decided or code in given
            if known or (row.rank is not None and missed(state.reasons(person))):
                yield row, member, award, own, decided.get(code), given.get(code)


def missed(reasons: Iterable[Reason]) -> Reason | None:
    """The first rule whose rank was reached and of which one other condition alone was short."""
    return next(filter(just_missed, reasons), None)


def _doubt(
    line: GradeLine, editable: bool, published: bool, barred: Collection[str]
) -> Doubt | None:
    if line.is_left_over:
        return Doubt.LEFT if published else None
    if not editable:
        return None
    if line.state is GradeState.DEFERRED:
        return Doubt.PUT_OFF
    if line.state is not GradeState.PROPOSED:
        return None
    if line.person in barred:
        return Doubt.BARRED
    if line.asked or not wants_a_look(line.present_grade, line.grade):
        return None
    return Doubt.UNKNOWN if line.present_grade is None else Doubt.LEAP


def counted(lines: Sequence[Line]) -> dict[str, int]:
    """Count the lines of each view of `VIEWS`."""
    return {view: sum(line.is_of(view) for line in lines) for view in VIEWS}


def group_sizes(lines: Iterable[Line]) -> Counter[tuple[str, str | None]]:
    """Count the entrants under each award of each event: a crew once."""
    return Counter(
        group for group, _entrant in {(line.group, line.place.entrant) for line in lines}
    )


def prizes_of(live: LiveScorer, bundle: Bundle, of: str) -> list[tuple[str, Won]]:
    """List the prizes of `teams` or of single `items`, with the event's code."""
    return [
        (event.code, won)
        for event in live.results.events
        for won in won_in(bundle, event)
        if (won.team if of == "teams" else won.item) is not None
    ]


class Changes:
    """The changes of people's rank, total, award and grade against another version."""

    def __init__(self, then: Results, now: Results) -> None:
        self.then, self.now = _said_of(then), _said_of(now)

    def touch(self, line: Line) -> bool:
        """True if the other version says anything else of this person."""
        keys = {(line.event, line.place.entrant), (line.event, line.person)}
        return any(self.then.get(key) != self.now.get(key) for key in keys)


def _said_of(results: Results) -> dict[tuple[str, str], list[object]]:
    """Return the results by event and person; a crew's rank and award by its own code."""
    by_person: dict[tuple[str, str], list[object]] = {}
    for event in results.events:
        awards = {row.entrant: row.award for row in event.awards or () if not row.item}
        for place in event.standings:
            by_person[event.code, place.entrant] = [
                place.rank,
                place.total,
                awards.get(place.entrant),
            ]
        for row in event.grades or ():
            if row.change == "promoted":
                by_person.setdefault((event.code, row.member or row.entrant), []).append(row.grade)
    return by_person
