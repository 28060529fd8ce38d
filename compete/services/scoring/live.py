"""Live results: the competition as it stands now, scored by the domain."""

from __future__ import annotations

from dataclasses import dataclass

from compete.domain.bundle import Bundle, EventResults, Results
from compete.domain.scoring import Scorer
from compete.models import Competition
from compete.services.scoring.bundle_out import export_bundle


@dataclass(frozen=True)
class Live:
    """The bundle of this moment, its results, and what they were worked out with."""

    bundle: Bundle
    results: Results
    scorer: Scorer

    def event(self, code: str) -> EventResults:
        """The results of one event; `KeyError` for an unknown code."""
        for event in self.results.events:
            if event.code == code:
                return event
        raise KeyError(code)


def live_results(competition: Competition) -> Live:
    """Score what is in the database now; nothing is stored."""
    scorer = Scorer(export_bundle(competition))
    return Live(scorer.bundle, scorer.results, scorer)
