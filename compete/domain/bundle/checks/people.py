"""Checks of units, judges, entrants, crews and teams."""

from compete.domain.bundle.checks.codes import (
    Codes,
    note_loops,
    note_reference,
    note_repeats,
    used_twice,
)
from compete.domain.bundle.crews import FEWEST_MEMBERS
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle, Entrant
from compete.domain.values.messages import msg


def note_people(bundle: Bundle, problems: Problems) -> None:
    for name in ("units", "judges", "entrants", "teams", "events"):
        note_repeats(getattr(bundle, name), name, problems)
    units = Codes(bundle.units)
    for index, unit in enumerate(bundle.units):
        note_reference(unit.parent, units, f"units[{index}].parent", "units", problems)
    note_loops(bundle.units, lambda unit: unit.parent, "units", "parent", problems)
    for index, judge in enumerate(bundle.judges):
        note_reference(judge.unit, units, f"judges[{index}].unit", "units", problems)
    _note_entrants(bundle, units, problems)


def _note_entrants(bundle: Bundle, units: Codes, problems: Problems) -> None:
    events, teams = Codes(bundle.events), Codes(bundle.teams)
    for name in ("teams", "entrants"):
        for index, person in enumerate(getattr(bundle, name)):
            path = f"{name}[{index}]"
            note_reference(person.event, events, f"{path}.event", "events", problems)
            note_reference(person.unit, units, f"{path}.unit", "units", problems)
    for index, entrant in enumerate(bundle.entrants):
        path = f"entrants[{index}].team"
        note_reference(entrant.team, teams, path, "teams", problems)
        _note_team(entrant, teams, path, problems)
    for index, entrant in enumerate(bundle.entrants):
        if entrant.members:
            _note_crew(entrant, f"entrants[{index}]", problems)
    _note_codes_of_members(bundle, problems)


_OF_ONE_PERSON = ("id_number", "grade", "promoted", "phone", "gender", "birth")
"""The personal keys that a crew's members bear, and the crew does not."""


def _note_crew(entrant: Entrant, path: str, problems: Problems) -> None:
    """Note crews without two members, and crews that bear what belongs to one person."""
    if len(entrant.members) < FEWEST_MEMBERS:
        problems.add(f"{path}.members", msg("组合至少要有 %(least)s 名成员", least=FEWEST_MEMBERS))
    for key in _OF_ONE_PERSON:
        if getattr(entrant, key) not in (None, UNREADABLE):
            problems.add(
                f"{path}.{key}", msg("组合不写“%(key)s”，写在每名成员（members）里", key=key)
            )


def _note_codes_of_members(bundle: Bundle, problems: Problems) -> None:
    """Note a member's code that an entrant or another member has."""
    first = {
        entrant.code: f"entrants[{index}]"
        for index, entrant in reversed(list(enumerate(bundle.entrants)))
    }
    for index, entrant in enumerate(bundle.entrants):
        for place, member in enumerate(entrant.members):
            where = f"entrants[{index}].members[{place}]"
            if member.code is UNREADABLE:
                continue
            if member.code in first:
                problems.add(f"{where}.code", used_twice(member.code, first[member.code]))
            else:
                first[member.code] = where


def _note_team(entrant: Entrant, teams: Codes, path: str, problems: Problems) -> None:
    """Note teams and members that are not in the same event."""
    team = teams.by_code.get(entrant.team) if entrant.team is not None else None
    if team is None or UNREADABLE in (team.event, entrant.event):
        return
    if team.event != entrant.event:
        problems.add(
            path,
            msg(
                "“%(team)s”是赛项 %(theirs)s 的代表队，选手在赛项 %(own)s",
                team=entrant.team,
                theirs=team.event,
                own=entrant.event,
            ),
        )
