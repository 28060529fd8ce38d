"""Units, judges, entrants and teams: who is who, and whose."""

from compete.domain.bundle.checks.codes import Codes, note_loops, note_reference, note_repeats
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle, Entrant
from compete.domain.values import msg


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


def _note_team(entrant: Entrant, teams: Codes, path: str, problems: Problems) -> None:
    """A team and its members are in the same event."""
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
