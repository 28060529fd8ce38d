"""Best so far: totals of who has attempts left, as if no more were made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec

from compete.domain.bundle.attempts import attempt_in
from compete.domain.bundle.event_types import Stage
from compete.domain.bundle.results import EventResults, StageRow
from compete.domain.bundle.types import Bundle, Outcome
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.kinds import OutcomeStatus


class SoFar(NamedTuple):
    """How far somebody is who has attempts left."""

    words: str
    """The attempts made and of how many, as `1/2`."""
    left: Collection[str]
    """The modules of those that are left."""


def best_so_far(
    scorer: Scorer, bundle: Bundle, event: str, stage: Stage
) -> tuple[Scorer, Mapping[str, SoFar]]:
    """The scores with the best so far, and of whom, each with the attempts made and left.

    Only of who lacks nothing but attempts, and has made as many as count.
    """
    if all(part.take is None for part in stage.parts):
        return scorer, {}
    made: dict[str, SoFar] = {}
    waived: list[Outcome] = []
    for row in rows_of(scorer, event, stage.code):
        left = _attempts_left(stage, row) if row.status == "incomplete" else []
        if left:
            tried = [it.code for it in stage.modules if attempt_in(stage, it.code) is not None]
            words = f"{len(tried) - len(left)}/{len(tried)}"
            made[row.entrant] = SoFar(words, left)
            waived += [
                Outcome(stage=stage.code, module=it, entrant=row.entrant, status=OutcomeStatus.DNS)
                for it in left
            ]
    if not made:
        return scorer, {}
    so_far = msgspec.structs.replace(bundle, outcomes=(*bundle.outcomes, *waived))
    return Scorer(so_far), made


def rows_of(scorer: Scorer, event: str, stage: str) -> tuple[StageRow, ...]:
    """The rows of an event's stage."""
    results: EventResults = next(it for it in scorer.results.events if it.code == event)
    return tuple(next(it.standings for it in results.stages if it.code == stage))


def _attempts_left(stage: Stage, row: StageRow) -> list[str]:
    """The attempts without a score; none where anything else lacks one, or too few were made."""
    bare = [code for code, module in row.modules.items() if module.score is None]
    for code in bare:
        attempt = attempt_in(stage, code)
        if attempt is None:
            return []
        made = [
            other
            for other in attempt.modules
            if row.modules[other].score is not None and "dns" not in row.modules[other].flags
        ]
        if len(made) < attempt.best:
            return []
    return bare
