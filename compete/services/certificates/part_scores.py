"""Part scores: results in a stage by part, and by module where it is in none."""

from __future__ import annotations

from collections.abc import Sequence

from compete.domain.bundle.event_types import Stage
from compete.domain.bundle.results import StageRow


def part_scores(stage: Stage, row: StageRow) -> list[tuple[str, str]]:
    """List names with scores, modules that are in no part first; what has no score is left out."""
    shares: Sequence[tuple[str, str | None]] = [
        *(
            (module.name, row.modules[module.code].score)
            for module in stage.modules
            if not module.part
        ),
        *((part.name, row.parts.get(part.code)) for part in stage.parts),
    ]
    return [(name, score) for name, score in shares if score is not None]
