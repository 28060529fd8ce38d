"""Whose module scores bear a flag, such as a dispute; looked for once a version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from compete.domain.bundle import EventResults
from compete.models import Event
from compete.services.kernel import remembered

_Flags = Mapping[tuple[str, str, str], Sequence[str]]


def flagged(
    event: Event, results: EventResults, stage: str, module: str, flag: str
) -> Sequence[str]:
    """The codes of the entrants, in rank order. `results` are the event's as they stand now."""
    found: _Flags = remembered(event.competition, ("flags", event.id), lambda: _flags(results))
    return found.get((stage, module, flag), ())


def _flags(results: EventResults) -> _Flags:
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for stage in results.stages:
        for row in stage.standings:
            for module, score in row.modules.items():
                for flag in score.flags:
                    found[stage.code, module, flag].append(row.entrant)
    return dict(found)
