"""Changed lines: a version's words on people and teams that the one before said otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compete.domain.awards.won import won_in
from compete.domain.bundle.crews import crew_called
from compete.domain.bundle.results import EventResults
from compete.domain.bundle.types import Bundle
from compete.domain.grades.ladder import ladder_in
from compete.domain.grades.proposals import Decided, promotions
from compete.domain.values.messages import Message
from compete.models import Publication
from compete.services.closing.grade_decisions import published_decisions
from compete.services.kernel.competition_settings import settings_of
from compete.services.registration.consents import consenting
from compete.services.results.outdated_decisions import publication_before
from compete.services.results.snapshots import published_names, read_snapshot
from compete.sheets.results_workbook.score_columns import stopped_after


@dataclass(frozen=True)
class Line:
    """One version's line on a person, a crew or a team; `grade` as lists of that day name it."""

    name: str
    unit: str
    rank: int | None = None
    total: str | None = None
    awards: tuple[str, ...] = ()
    grade: Message | str | None = None
    stage: str | None = None
    """After which stage it was over, whose total it is; None for the last one."""


@dataclass(frozen=True)
class ChangedLine:
    """A pair of lines that differ; None where a version does not know the person or team."""

    event: str
    code: str
    is_team: bool
    was: Line | None
    now: Line | None


_Key = tuple[str, str, bool]


def changed_lines(publication: Publication) -> list[ChangedLine]:
    """List every line that changed since the version before, by event, then by the new rank.

    Names are masked as on the notice, unless the organiser's setting `full_names`
    says otherwise of those who consent. None for the first version.
    """
    earlier = publication_before(publication)
    if earlier is None:
        return []
    return sorted_changes(_lines(earlier), _lines(publication))


def sorted_changes(before: dict[_Key, Line], now: dict[_Key, Line]) -> list[ChangedLine]:
    """The lines that differ, by event, people before teams, then by the new rank."""
    changes = [
        ChangedLine(*key, was=before.get(key), now=now.get(key))
        for key in {**now, **before}
        if before.get(key) != now.get(key)
    ]
    events = list(dict.fromkeys(event for event, _code, _team in {**now, **before}))
    return sorted(changes, key=lambda line: (events.index(line.event), line.is_team, *_place(line)))


def _place(line: ChangedLine) -> tuple[bool, int, str]:
    """The key of sorting: first those who are out, then all by rank."""
    rank = line.now.rank if line.now else None
    return rank is not None, rank or 0, line.code


def _lines(publication: Publication) -> dict[_Key, Line]:
    bundle, results = read_snapshot(publication)
    full = settings_of(publication.competition).full_names
    may = consenting(publication.competition) if full else frozenset()
    names = (
        {code: name for code, name in published_names(publication).items() if code in may}
        if may
        else {}
    )
    decided = published_decisions(publication.grades or {})
    lines: dict[_Key, Line] = {}
    for event in results.events:
        lines |= lines_of_event(bundle, event, names, decided)
    return lines


def lines_of_event(
    bundle: Bundle, event: EventResults, names: Mapping[str, str], decided: Decided
) -> dict[_Key, Line]:
    """The lines on each person and team of an event, by its name, the code and whether a team.

    `names` stand in place of the bundle's own. A grade is what was `decided` of it: on hold,
    refused, kept.
    """
    rules = next(rules for rules in bundle.events if rules.code == event.code)
    units = {unit.code: unit.name for unit in bundle.units}
    awards: dict[tuple[str, bool], list[str]] = {}
    for won in won_in(bundle, event):
        of_item = f"{won.item} {won.award}" if won.item else won.award
        awards.setdefault((won.team or won.entrant or "", won.team is not None), []).append(of_item)
    people = {known_entrant.code: known_entrant for known_entrant in bundle.entrants}
    members = {
        member.code: names.get(member.code, member.name)
        for known_entrant in bundle.entrants
        for member in known_entrant.members
    }
    grades = promotions(event, decided, members, ladder_in(rules))
    lines: dict[_Key, Line] = {}
    for place in event.standings:
        person = people[place.entrant]
        crew = [names.get(member.code, member.name) for member in person.members]
        lines[rules.name, person.code, False] = Line(
            crew_called(names.get(person.code, person.name), crew),
            units[person.unit],
            place.rank,
            place.total,
            tuple(awards.get((person.code, False), ())),
            grades.get(person.code),
            stopped_after(rules, place),
        )
    teams = {team.code: team for team in bundle.teams}
    for row in event.teams or ():
        team = teams[row.team]
        lines[rules.name, team.code, True] = Line(
            team.name,
            units[team.unit],
            row.rank,
            row.total,
            tuple(awards.get((team.code, True), ())),
        )
    return lines
