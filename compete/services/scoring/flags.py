"""Flags: module scores that bear one, such as a dispute; looked for once a version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from compete.domain.bundle.results import EventResults
from compete.models import Entrant, Event, Sheet, db
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.versions import remembered
from compete.services.sheets.counts import is_awaited

_Flags = Mapping[tuple[str, str, str], Sequence[str]]


def flagged(
    event: Event, results: EventResults, stage: str, module: str, flag: str
) -> Sequence[str]:
    """The codes of the entrants, in rank order. `results` are the event's as they stand now."""
    flags: _Flags = remembered(event.competition, ("flags", event.id), lambda: _flags(results))
    return flags.get((stage, module, flag), ())


def disputed(event: Event, results: EventResults, stage: str, module: str) -> Sequence[str]:
    """The codes of those whose panel is in and too far apart, in rank order.

    While a judge has not handed in, nobody rules and nothing is to be dealt with yet.
    """
    codes = flagged(event, results, stage, module, "disputed")
    if not codes:
        return ()
    left = remembered(
        event.competition,
        ("sheets left", event.id, stage, module),
        lambda: _codes_waiting(event, stage, module),
    )
    return [code for code in codes if code not in left]


def _codes_waiting(event: Event, stage: str, module: str) -> frozenset[str]:
    """The codes of those of whom a sheet is still waited for."""
    query = (
        select(Entrant.code)
        .join(Sheet, Sheet.entrant_id == Entrant.id)
        .where(of_event(Sheet, event, stage, module), is_awaited())
    )
    return frozenset(db.session.scalars(query))


def _flags(results: EventResults) -> _Flags:
    holders: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for stage in results.stages:
        for row in stage.standings:
            for module, score in row.modules.items():
                for flag in score.flags:
                    holders[stage.code, module, flag].append(row.entrant)
    return dict(holders)
