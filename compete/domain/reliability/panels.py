"""Panels as they sat: the entrants that exactly the same judges have marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from compete.domain.reliability.readings import Reading, by_entrant


class Panel(msgspec.Struct, frozen=True):
    """A complete table: a row for each entrant, a column for each judge."""

    judges: tuple[str, ...]
    entrants: tuple[str, ...]
    table: tuple[tuple[float, ...], ...]


def whole_panels(readings: Iterable[Reading]) -> list[Panel]:
    """The complete tables in the readings, the largest first.

    Where judges sit at different stations each set of judges is a panel of its
    own. An entrant whom one of the judges has not marked yet falls to a smaller
    set; a set that marked fewer than two entrants is left out.
    """
    groups: dict[tuple[str, ...], dict[str, tuple[float, ...]]] = defaultdict(dict)
    for entrant, group in by_entrant(readings).items():
        ordered = sorted(group, key=lambda reading: reading.judge)
        judges = tuple(reading.judge for reading in ordered)
        groups[judges][entrant] = tuple(reading.marks for reading in ordered)
    panels = [
        Panel(judges, tuple(rows), tuple(rows.values()))
        for judges, rows in groups.items()
        if len(rows) > 1
    ]
    return sorted(panels, key=lambda panel: (-len(panel.entrants), panel.judges))
