"""A labour competition as it stands now, worked out once for each version of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property

from compete.domain.bundle import Bundle, Labour, LabourResults, LabourRow, Results
from compete.domain.labour import LabourField, Outcome, Standing, outcome_of, written
from compete.models import Competition
from compete.services.kernel import Latest, Version, is_writing, memory_of, version_of
from compete.services.scoring.bundle_out import export_bundle

_MOST = 4
_KEY = "compete.labour"


@dataclass(frozen=True)
class LabourLive:
    """The bundle, the exact outcome, and the same as it is written. They are never altered."""

    bundle: Bundle
    outcome: Outcome
    written: LabourResults

    @property
    def labour(self) -> Labour:
        """Periods, indicators, values and the rest."""
        return self.outcome.field.labour

    @property
    def results(self) -> Results:
        """As a result file has it."""
        return Results(competition=self.bundle.competition.code, events=[], labour=self.written)

    @cached_property
    def units(self) -> dict[str, str]:
        """The units' names by code."""
        return {unit.code: unit.name for unit in self.bundle.units}

    @cached_property
    def standings(self) -> dict[str, list[LabourRow]]:
        """The rows of each period by its code, in the order of the results file."""
        return {each.code: each.standings for each in self.written.periods}

    def is_absent(self, period: str, unit: str) -> bool:
        """Whether a unit has no value at all in a period, so that there is nothing to fill in."""
        return self.outcome.totals[period, unit].standing is Standing.ABSENT


class _Room:
    """One competition in memory, with its version."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: tuple[Version, LabourLive] | None = None


def labour_live(competition: Competition) -> LabourLive:
    """What stands in the database now; ValueError where it is no labour competition."""
    if is_writing():
        # What is seen here may be rolled back.
        return _worked_out(competition)
    room: _Room = memory_of(_KEY, lambda: Latest(_Room, _MOST)).of(competition.id)
    with room.lock:
        version = version_of(competition)
        if room.kept is not None and room.kept[0] == version:
            return room.kept[1]
        live = _worked_out(competition)
        # Another's work may have ended in between: then it is good for this answer alone.
        if version_of(competition) == version:
            room.kept = version, live
        return live


def _worked_out(competition: Competition) -> LabourLive:
    bundle = export_bundle(competition)
    if bundle.labour is None:
        raise ValueError("not a labour competition")
    outcome = outcome_of(LabourField(bundle, bundle.labour))
    return LabourLive(bundle, outcome, written(outcome))
