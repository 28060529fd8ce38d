"""The tabs of published results, each with an address of its own, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile, zip_longest
from typing import TypeVar

from flask import request, url_for
from flask_babel import gettext as _

from compete.documents.standings_list import (
    ItemLine,
    StandingsRow,
    TableLine,
    TeamLine,
    UnitLine,
)
from compete.models import Publication
from compete.services.results.event_lines import Announced, announced
from compete.services.results.published_sums import PlacesBefore
from compete.services.results.snapshots import read_snapshot
from compete.web.public.results_shapes import (
    FIRST,
    Award,
    Lists,
    Part,
    PersonRow,
    PodiumPlace,
    Shown,
    Side,
)

PAGE_SIZE = 100
PEOPLE = "people"
_TEAMS, _UNITS, _AWARDS = "teams", "units", "awards"
_BESIDE = 5
_TABLE = "table-"
_L = TypeVar("_L", ItemLine, TeamLine, UnitLine, TableLine)


def parts_of(what: Announced, before: PlacesBefore | None = None) -> list[Part]:
    """The parts of an event's results that have any lines; people always."""
    beside = what.beside
    parts = [Part(PEOPLE, _("个人"), what.people)]
    items = groupby(
        _lines_shown(beside.items, before.items if before else ()), key=lambda row: row.line.item
    )
    parts += [
        Part(f"item-{place}", name, list(lines)) for place, (name, lines) in enumerate(items, 1)
    ]
    parts += [
        Part(_TEAMS, _("团体"), _lines_shown(beside.teams, before.teams if before else ())),
        Part(_UNITS, _("单位排名"), _lines_shown(beside.units, before.units if before else ())),
        *_table_parts(_lines_shown(beside.tables, before.tables if before else ())),
        # Counted together here, so named together: elsewhere they are two numbers.
        Part(
            _AWARDS,
            _("获奖和荣誉") if what.beside.honours else _("获奖"),
            list(_awards(what)),
        ),
    ]
    return [part for part in parts if part.lines or part.key == PEOPLE]


def _table_parts(lines: Sequence[Shown[TableLine]]) -> Iterator[Part]:
    """The tables over several events that count the event, each under its name."""
    tables = groupby(lines, key=lambda row: row.line.table)
    for place, (name, rows) in enumerate(tables, 1):
        yield Part(f"{_TABLE}{place}", name, list(rows))


def _lines_shown(lines: Sequence[_L], before: Sequence[int | None]) -> list[Shown[_L]]:
    """Return the lines, each with its place before; without a version before none has one."""
    return [Shown(line, then) for line, then in zip_longest(lines, before)]


def _awards(what: Announced) -> Iterator[Award]:
    """List all that is won or given: people in the order of their places, then the others."""
    for _number, line in what.people:
        if line.award:
            yield Award(line.award, line.name, line.unit, line.appealed)
    for item in what.beside.items:
        if item.award:
            yield Award(f"{item.item} {item.award}", item.name, item.unit, item.appealed)
    for team in what.beside.teams:
        if team.award:
            yield Award(team.award, team.name, team.members, team.appealed)
    for honour in what.beside.honours:
        yield Award(honour.title, honour.name, honour.unit, honour.appealed)
    for given in what.beside.distinctions:
        yield Award(given.title, given.name, given.unit)


def chosen_part(parts: Sequence[Part]) -> Part:
    """The part that the address asks for, or people."""
    asked = request.args.get("see", "")
    return next((part for part in parts if part.key == asked), parts[0])


def _part_url(code: str, event: str | None, key: str, version: int | None, page: int = 1) -> str:
    """A tab's address, in the one way in which it is written and stored."""
    return url_for(
        "public.standings",
        code=code,
        page=page if page > 1 else None,
        event=event,
        see=key if key != PEOPLE else None,
        version=version,
    )


def lists_of(chosen: Part, lines: Sequence[object]) -> Lists:
    """Sort the lines of the chosen part into lists."""
    return Lists(
        items=_those(lines, ItemLine),
        teams=_those(lines, TeamLine),
        units=_those(lines, UnitLine),
        tables=_those(lines, TableLine),
        awards=[line for line in lines if isinstance(line, Award)],
        label=chosen.label,
    )


def _those(lines: Sequence[object], sort: type[_L]) -> list[Shown[_L]]:
    return [line for line in lines if isinstance(line, Shown) and isinstance(line.line, sort)]


def podium_of(lines: Sequence[object]) -> list[PodiumPlace]:
    """Return the first, second and third, if each place has one alone; or nobody."""
    first = list(takewhile(_is_first, lines))
    places = [_place(line) for line in first]
    return places if [place.rank for place in places] == [1, 2, 3] else []


def _is_first(shown: object) -> bool:
    if not isinstance(shown, PersonRow | Shown):
        return False
    # Units by medals have no one figure to stand on.
    if isinstance(shown.line, UnitLine) and not shown.line.points:
        return False
    if isinstance(shown.line, TableLine) and not shown.line.value:
        return False
    return shown.line.rank is not None and shown.line.rank <= FIRST


def _place(shown: object) -> PodiumPlace:
    assert isinstance(shown, PersonRow | Shown)
    line, before = shown.line, shown.before
    rank = line.rank or 0
    if isinstance(line, UnitLine):
        return PodiumPlace(rank=rank, name=line.name, under=(), score=line.points, before=before)
    if isinstance(line, TableLine):
        return PodiumPlace(rank=rank, name=line.name, under=(), score=line.value, before=before)
    under = (line.members,) if isinstance(line, TeamLine) else (line.unit,)
    return PodiumPlace(
        rank=rank,
        name=line.name,
        under=(*under, shown.number) if isinstance(shown, PersonRow) else under,
        score=line.score,
        award=line.award,
        grade=line.grade if isinstance(line, StandingsRow) else "",
        appealed=line.appealed,
        before=before,
    )


def side_of(parts: Sequence[Part], what: Announced, chosen: Part) -> Side:
    """Show the start of teams, units and honours, unless their own tab is the shown one."""
    lists = {part.key: part.lines for part in parts}
    named = {part.key: part for part in parts if part.key != chosen.key}
    teams, units, awards = (named.get(key) for key in (_TEAMS, _UNITS, _AWARDS))
    return Side(
        teams=_those(lists[_TEAMS][:_BESIDE], TeamLine) if teams else (),
        teams_more=teams if len(what.beside.teams) > _BESIDE else None,
        units=_those(lists[_UNITS][:_BESIDE], UnitLine) if units else (),
        units_more=units if len(what.beside.units) > _BESIDE else None,
        tables=[
            (part, _those(part.lines[:_BESIDE], TableLine))
            for key, part in named.items()
            if key.startswith(_TABLE)
        ],
        honours=what.beside.honours[:_BESIDE] if awards else (),
        distinctions=what.beside.distinctions[:_BESIDE] if awards else (),
        awards_more=awards,
    )


def result_addresses(publication: Publication) -> list[str]:
    """Every address under which a part of the newest results can be read, without a search."""
    _bundle, results = read_snapshot(publication)
    code = publication.competition.code
    events = [event.code for event in results.events]
    addresses = []
    for event in events:
        named = event if len(events) > 1 else None
        for part in parts_of(announced(publication, event)):
            for page in range(1, -(-len(part.lines) // PAGE_SIZE) + 1):
                addresses.append(_part_url(code, named, part.key, None, page))
    return list(dict.fromkeys([url_for("public.standings", code=code), *addresses]))
