"""Rankings beside the event's own: single items, and units."""

from __future__ import annotations

from collections.abc import Collection

from flask import url_for
from flask_babel import gettext as _

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EventResults
from compete.domain.bundle.types import Bundle
from compete.models import Competition
from compete.web.organiser.shapes import View
from compete.web.organiser.standings.shapes import StandingRow
from compete.web.shown_standings import shown_events

UNITS = "units"


def describe_views(
    competition: Competition, rules: Event, results: EventResults, current: str
) -> list[View]:
    """Where one may look: each event, and of the one shown its items and units.

    `current` is `event`, `units` or `item:CODE`. A single view needs no choice.
    """
    code = competition.code
    views = [
        View(
            label=event.name,
            url=url_for("organiser.standings", code=code, event=event.code),
            current=event.code == rules.code and current == "event",
        )
        for event in shown_events(competition)
    ]
    views += [
        View(
            label=item.name,
            url=url_for("organiser.standings", code=code, event=rules.code, item=item.code),
            current=current == f"item:{item.code}",
        )
        for item in rules.items
    ]
    if results.units is not None:
        views.append(
            View(
                label=_("单位排名"),
                url=url_for("organiser.standings", code=code, event=rules.code, item=UNITS),
                current=current == UNITS,
            )
        )
    return views if len(views) > 1 else []


def item_rows(
    rules: Event, results: EventResults, item: str, bundle: Bundle, appealed: Collection[str]
) -> list[StandingRow]:
    """The ranking of one single item, with its own awards and whose an appeal may change.

    `KeyError` for an unknown one.
    """
    found = {item_results.item: item_results for item_results in results.items or ()}[item]
    people = {entrant.code: entrant for entrant in bundle.entrants}
    units = {unit.code: unit.name for unit in bundle.units}
    names = {award.code: award.name for award in rules.awards}
    awards = {a.entrant: names[a.award] for a in results.awards or () if a.item == item}
    return [
        _row(
            rank=row.rank,
            number=row.entrant,
            name=people[row.entrant].name,
            unit=units[people[row.entrant].unit],
            total=row.score,
            award=awards.get(row.entrant),
            note=_("申诉中") if row.entrant in appealed else None,
        )
        for row in found.standings
    ]


def unit_rows(results: EventResults, bundle: Bundle) -> list[StandingRow]:
    """Units by points or medals; the medals stand in the number's place."""
    units = {unit.code: unit.name for unit in bundle.units}
    return [
        _row(
            rank=row.rank,
            number=row.unit,
            name=units[row.unit],
            unit=_("冠、亚、季军 %(medals)s", medals=" ".join(str(medal) for medal in row.medals)),
            total=row.points,
            award=None,
        )
        for row in results.units or ()
    ]


def _row(
    *,
    rank: int,
    number: str,
    name: str,
    unit: str,
    total: str,
    award: str | None,
    note: str | None = None,
) -> StandingRow:
    return StandingRow(
        id=number,
        rank=rank,
        number=number,
        name=name,
        unit=unit,
        values={},
        total=total,
        award=award,
        note=note,
    )
