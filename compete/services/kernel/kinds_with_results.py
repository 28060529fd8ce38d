"""Kinds with results: what awards, promotes or certifies asks here before anything else."""

from __future__ import annotations

from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition
from compete.services.kernel.refusal import Refused


def require_results(competition: Competition) -> None:
    """Raise `Refused` where nothing ever comes of the competition's kind: of a practice."""
    kind = competition_kind(competition)
    if not kind.has_results:
        raise Refused(kind.not_here)
