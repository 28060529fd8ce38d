"""Panels as they sat: the entrants that exactly the same judges have marked."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from compete.domain.reliability.estimate import Estimate, around, mean, squares, unknown
from compete.domain.reliability.readings import Reading, by_entrant
from compete.domain.values.messages import msg


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


LEAST_FOR_LEVEL = 3


def panel_levels(
    panels: Sequence[Panel], level: float = 0.95, least: int = LEAST_FOR_LEVEL
) -> list[Estimate]:
    """Points that each panel gives above (+) or below (-) the others, on the mean.

    The mean of its entrants less that of all others, with the interval of Student by the spread
    within all panels. It tells of the panel only where the draw decided who came to it; all
    panels together are wrong no oftener than `level` says (Bonferroni).
    """
    means = [[mean(list(row)) for row in panel.table] for panel in panels]
    freedom = sum(len(own) - 1 for own in means)
    within = math.fsum(squares(own) for own in means) / freedom if freedom else 0.0
    panel_level = 1 - (1 - level) / max(len(panels), 1)
    estimates = []
    for number, own in enumerate(means):
        others = [value for place, rows in enumerate(means) if place != number for value in rows]
        if min(len(own), len(others)) < least:
            reason = msg("和别的组比，每边至少要 %(n)s 名选手", n=least)
            estimates.append(unknown(reason, len(own)))
            continue
        error = math.sqrt(within * (1 / len(own) + 1 / len(others)))
        estimates.append(around(mean(own) - mean(others), error, freedom, len(own), panel_level))
    return estimates
