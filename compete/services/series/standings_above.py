"""Published standings of competitions here as a series has them: persons with rank and total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.kinds.kinds import competition_kind
from compete.domain.series import types
from compete.domain.values.kinds import EntrantGroup
from compete.domain.values.messages import Message, msg
from compete.models import Entrant, Event, SeriesNode, db
from compete.services.directory.merged import same_people
from compete.services.kernel.publications import latest_publication
from compete.services.results.snapshots import published_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A row of published standings, by the code that the series has for the person."""

    person: str
    entrant: Entrant
    rank: int | None
    total: Decimal | None


def event_of(node: SeriesNode, code: str) -> Event | None:
    """The event of a competition here by its code, or None."""
    if node.competition is None:
        return None
    return next((event for event in node.competition.events if event.code == code), None)


def why_no_standings(node: SeriesNode) -> Message | None:
    """Say why nobody can be put forward from a node by this installation; None: they can."""
    if node.competition is None:
        return msg("别处办的，名次在那边，推荐也在那边办")
    kind = competition_kind(node.competition)
    if not kind.of_people or kind.tells_passed_alone:
        return msg("这个竞赛不排名次，没有名额往上")
    return None


def published_standings(node: SeriesNode, code: str) -> list[Standing]:
    """The rows of an event as they were last published; none before."""
    competition = node.competition
    if competition is None or why_no_standings(node) is not None:
        return []
    publication, event = latest_publication(competition), event_of(node, code)
    announced = published_event(publication, code) if publication is not None else None
    if announced is None or event is None:
        return []
    query = select(Entrant).where(Entrant.event_id == event.id)
    query = query.options(joinedload(Entrant.unit), joinedload(Entrant.event))
    people = {row.code: row for row in db.session.scalars(query)}
    rows = [(row, people[row.entrant]) for row in announced[1].standings if row.entrant in people]
    codes = _person_codes([person for _row, person in rows])
    return [
        Standing(
            person=codes[person.id],
            entrant=person,
            rank=row.rank,
            total=None if row.total is None else Decimal(row.total),
        )
        for row, person in rows
    ]


def _person_codes(people: Sequence[Entrant]) -> dict[int, str]:
    """The code of each: of the person's one record, where nobody else here has it."""
    same = same_people({row.person_id for row in people if row.person_id is not None})
    codes: dict[int, str] = {}
    given: set[str] = set()
    for row in people:
        code = f"E{row.id}" if row.person_id is None else f"P{same[row.person_id]}"
        if code in given:
            code = f"E{row.id}"
        given.add(code)
        codes[row.id] = code
    return codes


def person_of(standing: Standing, *, birth: bool, grade: bool) -> types.Person:
    """The person as the file has it; birth and grade only where a condition asks them."""
    row = standing.entrant
    return types.Person(
        code=standing.person,
        name=row.name,
        unit=row.unit.name,
        group=EntrantGroup(row.group),
        birth=row.birth if birth else None,
        grade=row.grade if grade else None,
    )
